"""REST: the answer to an interaction, and what is added to it for a quarter of an hour."""

from dataclasses import replace

from cogs.practice.errors import invalid_form, unknown
from cogs.practice.jsontypes import Json
from cogs.practice.server.bodies import change_from, draft_from
from cogs.practice.server.call import Call, Route
from cogs.practice.world import interactions as flow
from cogs.practice.world.message_payloads import message_payload
from cogs.practice.world.messages import delete, edit, find_by_token
from cogs.practice.world.records import EPHEMERAL, LOADING, Interaction, Message
from cogs.practice.world.state import World


def respond(call: Call) -> Json | None:
    """POST /interactions/{id}/{token}/callback."""
    interaction = flow.awaiting(call.world, call.id("interaction_id"), call.params["interaction_token"])
    kind, data = call.json.get("type"), call.json.get("data") or {}
    if kind in {flow.ANSWER, flow.DEFER}:
        draft = draft_from(call, data, may_be_empty=kind == flow.DEFER)
        if kind == flow.DEFER:
            draft = replace(draft, flags=draft.flags & EPHEMERAL | LOADING)
        flow.answer_with_message(call.world, interaction, draft)
    elif kind == flow.UPDATE and interaction.message is not None:
        flow.answer_with_update(call.world, interaction, change_from(call, interaction.message, data))
    elif kind in {flow.UPDATE, flow.DEFER_UPDATE}:
        flow.answer_with_update(call.world, interaction, None)
    elif kind == flow.CHOICES:
        flow.answer_with_choices(call.world, interaction, data.get("choices") or [])
    elif kind == flow.FORM:
        flow.answer_with_form(call.world, interaction, data)
    else:
        raise invalid_form("type", "BASE_TYPE_CHOICES", "Value must be one of {4, 5, 6, 7, 8, 9}.")
    return _with_response(call, interaction) if call.query.get("with_response") in {"1", "true", "True"} else None


def _with_response(call: Call, interaction: Interaction) -> Json:
    about: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "channel_id": str(interaction.channel_id),
    }
    resource: Json = {"type": interaction.answer}
    message = interaction.original
    if message is not None and interaction.answer in {flow.ANSWER, flow.DEFER, flow.UPDATE}:
        about |= {
            "response_message_id": str(message.id),
            "response_message_loading": bool(message.flags & LOADING),
            "response_message_ephemeral": message.only_for is not None,
        }
        resource["message"] = message_payload(call.world, message)
    if interaction.in_guild:
        about["guild_id"] = str(call.world.guild_id)
    return {"interaction": about, "resource": resource}


def follow_up(call: Call) -> Json:
    """POST /webhooks/{application_id}/{token}: one more message."""
    interaction = flow.answered(call.world, call.params["webhook_token"])
    return message_payload(call.world, flow.follow_up(call.world, interaction, draft_from(call, call.json)))


def get_answer(call: Call) -> Json:
    """GET one answer, or @original."""
    return message_payload(call.world, _answer(call))


def edit_answer(call: Call) -> Json:
    """PATCH one answer, or @original."""
    message = _answer(call)
    edit(call.world, message, change_from(call, message, call.json))
    return message_payload(call.world, message)


def delete_answer(call: Call) -> None:
    """DELETE one answer, or @original."""
    delete(call.world, _answer(call))


def _answer(call: Call) -> Message:
    interaction = flow.answered(call.world, call.params["webhook_token"])
    if call.params["message_id"] == "@original":
        found = interaction.original
        if found is None:
            raise unknown("Message")
    else:
        found = find_by_token(interaction, call.id("message_id"))
    if not _is_there(call.world, found):
        raise unknown("Message")
    return found


def _is_there(world: World, message: Message) -> bool:
    return message.id in world.ephemerals or message.id in world.channels[message.channel_id].messages


def is_interaction(call: Call) -> bool:
    """Return whether a webhook route means the app's own answers and not a webhook of a channel."""
    return call.params.get("webhook_id") == str(call.world.application_id)


CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ROUTES = (Route("POST", CALLBACK, respond, open=True),)
