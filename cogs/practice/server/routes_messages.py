"""REST: messages of channels and direct conversations, pins, reactions."""

from dataclasses import replace
from urllib.parse import unquote

from cogs.practice.errors import ApiError, closed_dms, invalid_form, missing_permissions, no_mutual_guilds
from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.server.bodies import change_from, draft_from, reference_from, require_for_sending
from cogs.practice.server.call import Call, Route
from cogs.practice.world import reactions
from cogs.practice.world.clock import stamp
from cogs.practice.world.forwarding import snapshot_of
from cogs.practice.world.history import page
from cogs.practice.world.message_payloads import message_payload
from cogs.practice.world.messages import Change, Draft, delete, delete_many, edit, same_nonce, send
from cogs.practice.world.payloads import user_payload
from cogs.practice.world.permissions import P, in_channel
from cogs.practice.world.pins import pin, unpin
from cogs.practice.world.records import FORUM, SUPPRESS_EMBEDS, Channel, Message
from cogs.practice.world.state import World

BULK_MOST, BULK_LEAST = 100, 2
FOURTEEN_DAYS_MS = 14 * 24 * 3600 * 1000


def create_message(call: Call) -> Json:
    """POST /channels/{channel_id}/messages."""
    channel = call.channel()
    if channel.kind == FORUM:
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    draft = draft_from(call, call.json)
    draft = replace(draft, reference=reference_from(call.world, channel, call.json))
    require_for_sending(call, channel, draft)
    _require_open_dm(call.world, channel)
    if call.json.get("enforce_nonce") and draft.nonce is not None:
        sent_before = same_nonce(call.world, channel, call.world.bot, draft.nonce)
        if sent_before is not None:
            return message_payload(call.world, sent_before)
    draft = _with_snapshot(call.world, draft)
    return message_payload(call.world, send(call.world, channel, call.world.bot, draft))


def _with_snapshot(world: World, draft: Draft) -> Draft:
    reference = draft.reference
    if not reference or reference["type"] != 1:
        return draft
    source = world.channels[int(reference["channel_id"])].messages[int(reference["message_id"])]
    return replace(draft, snapshots=[snapshot_of(world, source)])


def _require_open_dm(world: World, channel: Channel) -> None:
    if channel.recipient is None:
        return
    if channel.recipient.id in world.closed_dms:
        raise closed_dms()
    if not world.members[channel.recipient.id].present:
        raise no_mutual_guilds()


def list_messages(call: Call) -> JsonList:
    """GET /channels/{channel_id}/messages: newest first, before, after or around an id."""
    channel = call.channel()
    limit = call.limit(50, 100)
    if not in_channel(call.world, call.bot, channel) & P.READ_MESSAGE_HISTORY:
        return []
    found = page(
        channel, limit,
        before=call.asked_id("before"), after=call.asked_id("after"), around=call.asked_id("around"),
    )  # fmt: skip
    return [message_payload(call.world, message) for message in found]


def get_message(call: Call) -> Json:
    """GET one message."""
    return message_payload(call.world, call.message(call.channel(P.READ_MESSAGE_HISTORY)))


def edit_message(call: Call) -> Json:
    """PATCH one message: the bot's own; of others only the flag that hides embeds."""
    message = call.message(call.channel())
    if message.author is not call.world.bot or message.webhook is not None:
        if set(call.json) != {"flags"}:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        call.channel(P.MANAGE_MESSAGES)
        edit(call.world, message, Change(flags=int(call.json["flags"]) & SUPPRESS_EMBEDS), marks=False)
    else:
        edit(call.world, message, change_from(call, message, call.json))
    return message_payload(call.world, message)


def delete_message(call: Call) -> None:
    """DELETE one message."""
    channel = call.channel()
    message = call.message(channel)
    if message.author is not call.world.bot:
        if channel.is_dm:
            raise ApiError(403, 50003, "Cannot execute action on a DM channel")
        call.channel(P.MANAGE_MESSAGES)
    delete(call.world, message)


def bulk_delete(call: Call) -> None:
    """POST .../bulk-delete: 2 to 100 messages of the past two weeks; unknown ones are passed over."""
    channel = call.channel(P.MANAGE_MESSAGES)
    ids = [int(item) for item in call.json.get("messages") or []]
    if not BULK_LEAST <= len(ids) <= BULK_MOST:
        raise ApiError(400, 50016, "Provided too few or too many messages to delete. Must provide at least 2.")
    oldest = call.world.ids.next() - (FOURTEEN_DAYS_MS << 22)
    if min(ids) < oldest:
        raise ApiError(400, 50034, "A message provided was too old to bulk delete")
    delete_many(call.world, channel, [channel.messages[item] for item in ids if item in channel.messages])


def list_pins(call: Call) -> Json:
    """GET .../messages/pins."""
    channel = call.channel()
    found = sorted(channel.pins.items(), key=lambda item: item[1], reverse=True)
    items = [
        {"pinned_at": stamp(at), "message": message_payload(call.world, channel.messages[number])}
        for number, at in found
    ]
    return {"items": items[: call.limit(50, 50)], "has_more": False}


def list_pins_before_2025(call: Call) -> JsonList:
    """GET .../pins, the route that older libraries use."""
    channel = call.channel()
    return [message_payload(call.world, channel.messages[number]) for number in reversed(channel.pins)]


def pin_message(call: Call) -> None:
    """PUT a pin."""
    channel = _channel_for_pins(call)
    pin(call.world, channel, call.message(channel))


def unpin_message(call: Call) -> None:
    """DELETE a pin."""
    channel = _channel_for_pins(call)
    unpin(call.world, channel, call.message(channel))


def _channel_for_pins(call: Call) -> Channel:
    channel = call.channel()
    if not in_channel(call.world, call.bot, channel) & (P.PIN_MESSAGES | P.MANAGE_MESSAGES):
        raise missing_permissions()
    return channel


def add_reaction(call: Call) -> None:
    """PUT .../reactions/{emoji}/@me."""
    channel = call.channel(P.READ_MESSAGE_HISTORY, P.ADD_REACTIONS)
    emoji = unquote(call.params["emoji"])
    if not emoji.strip() or (emoji.isascii() and ":" not in emoji and not emoji.isdigit()):
        raise ApiError(400, 10014, "Unknown Emoji")
    reactions.add(call.world, channel, call.message(channel), call.world.bot, emoji)


def remove_reaction(call: Call) -> None:
    """DELETE .../reactions/{emoji}/{user}: the bot's own, or with the right to manage messages another's."""
    channel, message = _reacted(call)
    who = call.params["user_id"]
    if who != "@me":
        call.channel(P.MANAGE_MESSAGES)
    user = call.world.bot if who == "@me" else call.world.members[int(who)].user
    reactions.remove(call.world, channel, message, user, unquote(call.params["emoji"]))


def clear_reactions(call: Call) -> None:
    """DELETE .../reactions, or all of one emoji."""
    channel, message = _reacted(call)
    call.channel(P.MANAGE_MESSAGES)
    emoji = call.params.get("emoji")
    reactions.clear(call.world, channel, message, unquote(emoji) if emoji else None)


def list_reactions(call: Call) -> JsonList:
    """GET .../reactions/{emoji}: who reacted."""
    _, message = _reacted(call)
    users = message.reactions.get(unquote(call.params["emoji"]), [])
    return [user_payload(call.world.members[number].user) for number in users][: call.limit(25, 100)]


def _reacted(call: Call) -> tuple[Channel, Message]:
    channel = call.channel()
    return channel, call.message(channel)


def typing(call: Call) -> None:
    """POST .../typing."""
    call.channel(P.SEND_MESSAGES)


def crosspost(call: Call) -> Json:
    """POST .../crosspost: publish an announcement."""
    channel = call.channel(P.SEND_MESSAGES)
    message = call.message(channel)
    if channel.kind != 5:  # noqa: PLR2004 - the kind of an announcement channel
        raise ApiError(400, 50068, "Invalid message type")
    edit(call.world, message, Change(), marks=False)
    return message_payload(call.world, message)


def end_poll(call: Call) -> Json:
    """POST .../polls/{message_id}/expire."""
    message = call.message(call.channel())
    if message.poll is None:
        raise invalid_form("message_id", "POLL_NOT_FOUND", "There is no poll here.")
    message.poll = message.poll | {"results": {"is_finalized": True, "answer_counts": []}}
    edit(call.world, message, Change(), marks=False)
    return message_payload(call.world, message)


HERE = "/channels/{channel_id}"
ONE = HERE + "/messages/{message_id}"
ROUTES = (
    Route("POST", HERE + "/messages", create_message),
    Route("GET", HERE + "/messages", list_messages),
    Route("GET", ONE, get_message),
    Route("PATCH", ONE, edit_message),
    Route("DELETE", ONE, delete_message, 204),
    Route("POST", HERE + "/messages/bulk-delete", bulk_delete, 204),
    Route("GET", HERE + "/messages/pins", list_pins),
    Route("GET", HERE + "/pins", list_pins_before_2025),
    Route("PUT", HERE + "/messages/pins/{message_id}", pin_message, 204),
    Route("DELETE", HERE + "/messages/pins/{message_id}", unpin_message, 204),
    Route("PUT", HERE + "/pins/{message_id}", pin_message, 204),
    Route("DELETE", HERE + "/pins/{message_id}", unpin_message, 204),
    Route("PUT", ONE + "/reactions/{emoji}/@me", add_reaction, 204),
    Route("DELETE", ONE + "/reactions/{emoji}/{user_id}", remove_reaction, 204),
    Route("DELETE", ONE + "/reactions/{emoji}", clear_reactions, 204),
    Route("DELETE", ONE + "/reactions", clear_reactions, 204),
    Route("GET", ONE + "/reactions/{emoji}", list_reactions),
    Route("POST", HERE + "/typing", typing, 204),
    Route("POST", ONE + "/crosspost", crosspost),
    Route("POST", HERE + "/polls/{message_id}/expire", end_poll),
)
