"""REST: webhooks of channels, and the same addresses for answers to interactions."""

import secrets

from cogs.practice.errors import ApiError, unknown
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.server import routes_interactions as answers
from cogs.practice.server.bodies import change_from, draft_from
from cogs.practice.server.call import Call, Route
from cogs.practice.world.limits import check_length
from cogs.practice.world.message_payloads import message_payload
from cogs.practice.world.messages import Origin, delete, edit, send
from cogs.practice.world.payloads import webhook_payload
from cogs.practice.world.permissions import P, require_in_guild
from cogs.practice.world.records import Channel, Message, Webhook

MOST_IN_A_CHANNEL = 15


def create(call: Call) -> Json:
    """POST /channels/{channel_id}/webhooks."""
    channel = call.channel(P.MANAGE_WEBHOOKS)
    check_length("name", call.json.get("name"), 80)
    mine = [hook for hook in call.world.webhooks.values() if hook.channel_id == channel.id]
    if len(mine) >= MOST_IN_A_CHANNEL:
        raise ApiError(400, 30007, "Maximum number of webhooks reached (15)")
    webhook = Webhook(
        call.world.ids.next(), secrets.token_urlsafe(51), channel.id, str(call.json.get("name") or ""), call.world.bot
    )
    call.world.webhooks[webhook.id] = webhook
    _tell(call, channel)
    return webhook_payload(call.world, webhook)


def list_of_channel(call: Call) -> JsonList:
    """GET /channels/{channel_id}/webhooks."""
    channel = call.channel(P.MANAGE_WEBHOOKS)
    found = [hook for hook in call.world.webhooks.values() if hook.channel_id == channel.id]
    return [webhook_payload(call.world, hook) for hook in found]


def list_of_guild(call: Call) -> JsonList:
    """GET /guilds/{guild_id}/webhooks."""
    require_in_guild(call.world, call.bot, P.MANAGE_WEBHOOKS)
    return [webhook_payload(call.world, hook) for hook in call.world.webhooks.values()]


def get(call: Call) -> Json:
    """GET one webhook."""
    return webhook_payload(call.world, _webhook(call))


def rename(call: Call) -> Json:
    """PATCH one webhook."""
    webhook = _webhook(call)
    webhook.name = str(call.json.get("name") or webhook.name)
    webhook.channel_id = int(call.json.get("channel_id") or webhook.channel_id)
    return webhook_payload(call.world, webhook)


def remove(call: Call) -> None:
    """DELETE one webhook."""
    webhook = _webhook(call)
    del call.world.webhooks[webhook.id]
    _tell(call, call.world.channels[webhook.channel_id])


def execute(call: Call) -> Json | None:
    """POST with the webhook's token: a message in the channel, or in a thread of it."""
    if answers.is_interaction(call):
        return answers.follow_up(call)
    webhook = _webhook(call)
    channel = call.world.channel(call.asked_id("thread_id") or webhook.channel_id)
    origin = Origin(webhook=webhook, name=call.json.get("username"))
    message = send(call.world, channel, call.world.bot, draft_from(call, call.json), origin)
    wants = call.query.get("wait") in {"1", "true", "True"}
    return message_payload(call.world, message) if wants else None


def get_message(call: Call) -> Json:
    """GET a message of the webhook."""
    if answers.is_interaction(call):
        return answers.get_answer(call)
    return message_payload(call.world, _message(call))


def edit_message(call: Call) -> Json:
    """PATCH a message of the webhook."""
    if answers.is_interaction(call):
        return answers.edit_answer(call)
    message = _message(call)
    edit(call.world, message, change_from(call, message, call.json))
    return message_payload(call.world, message)


def delete_message(call: Call) -> None:
    """DELETE a message of the webhook."""
    if answers.is_interaction(call):
        answers.delete_answer(call)
    else:
        delete(call.world, _message(call))


def _webhook(call: Call) -> Webhook:
    webhook = call.world.webhooks.get(call.id("webhook_id"))
    if webhook is None:
        raise unknown("Webhook")
    if call.params.get("webhook_token", webhook.token) != webhook.token:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    return webhook


def _message(call: Call) -> Message:
    webhook = _webhook(call)
    channel = call.world.channel(call.asked_id("thread_id") or webhook.channel_id)
    message = call.message(channel)
    if message.webhook is not webhook:
        raise unknown("Message")
    return message


def _tell(call: Call, channel: Channel) -> None:
    payload = {"guild_id": str(call.world.guild_id), "channel_id": str(channel.id)}
    call.world.dispatch("WEBHOOKS_UPDATE", payload, channel=channel)


WITH_TOKEN = "/webhooks/{webhook_id}/{webhook_token}"  # noqa: S105 - a path, not a secret
ROUTES = (
    Route("POST", "/channels/{channel_id}/webhooks", create),
    Route("GET", "/channels/{channel_id}/webhooks", list_of_channel),
    Route("GET", "/guilds/{guild_id}/webhooks", list_of_guild),
    Route("GET", "/webhooks/{webhook_id}", get),
    Route("PATCH", "/webhooks/{webhook_id}", rename),
    Route("DELETE", "/webhooks/{webhook_id}", remove, 204),
    Route("GET", WITH_TOKEN, get, open=True),
    Route("PATCH", WITH_TOKEN, rename, open=True),
    Route("DELETE", WITH_TOKEN, remove, 204, open=True),
    Route("POST", WITH_TOKEN, execute, open=True),
    Route("GET", WITH_TOKEN + "/messages/{message_id}", get_message, open=True),
    Route("PATCH", WITH_TOKEN + "/messages/{message_id}", edit_message, open=True),
    Route("DELETE", WITH_TOKEN + "/messages/{message_id}", delete_message, 204, open=True),
)
