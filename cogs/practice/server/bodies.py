"""Request bodies become drafts of messages and changes to them, checked against Discord's limits."""

from cogs.practice.errors import invalid_form
from cogs.practice.jsontypes import Json
from cogs.practice.server.call import Call
from cogs.practice.world.files import store
from cogs.practice.world.limits import check_body, check_not_empty, check_uploads, uses_components_v2
from cogs.practice.world.messages import Change, Draft
from cogs.practice.world.permissions import P, require
from cogs.practice.world.records import COMPONENTS_V2, Attachment, Channel, Message
from cogs.practice.world.state import World


def draft_from(call: Call, body: Json, *, may_be_empty: bool = False) -> Draft:
    """Return what a body asks to send."""
    check_body(body, uses_v2=uses_components_v2(body.get("flags")))
    check_uploads(call.uploads)
    reference = body.get("message_reference") or {}
    if not may_be_empty and reference.get("type", 0) != 1:
        check_not_empty(body, call.uploads)
    return Draft(
        content=body.get("content") or "",
        embeds=body.get("embeds") or [],
        components=body.get("components") or [],
        uploads=call.uploads,
        flags=int(body.get("flags") or 0),
        tts=bool(body.get("tts")),
        nonce=body.get("nonce"),
        allowed_mentions=body.get("allowed_mentions"),
        poll=body.get("poll"),
        stickers=[{"id": str(item), "name": "sticker", "format_type": 1} for item in body.get("sticker_ids") or []],
    )


def change_from(call: Call, message: Message, body: Json) -> Change:
    """Return what a body asks to change; a key that is there with null empties the field."""
    flags = int(body.get("flags") or 0)
    uses_v2 = bool((message.flags | flags) & COMPONENTS_V2)
    check_body(body, uses_v2=uses_v2)
    check_uploads(call.uploads)
    change = Change(
        content=(body["content"] or "") if "content" in body else None,
        embeds=(body["embeds"] or []) if "embeds" in body else None,
        components=(body["components"] or []) if "components" in body else None,
        flags=flags if body.get("flags") is not None else None,
        attachments=_attachments(call, message, body),
        allowed_mentions=body.get("allowed_mentions"),
    )
    _check_something_stays(message, change)
    return change


def _check_something_stays(message: Message, change: Change) -> None:
    pairs = (
        (change.content, message.content),
        (change.embeds, message.embeds),
        (change.components, message.components),
        (change.attachments, message.attachments),
        (None, message.poll),
        (None, message.stickers),
    )
    left = any(new if new is not None else old for new, old in pairs)
    check_not_empty({}, (), kept=left)


def _attachments(call: Call, message: Message, body: Json) -> list[Attachment] | None:
    if "attachments" not in body and not call.uploads:
        return None
    kept = list(message.attachments)
    if "attachments" in body:
        named = {int(item["id"]) for item in body["attachments"] or [] if "id" in item}
        kept = [item for item in kept if item.id in named]
    ephemeral = message.only_for is not None
    return [*kept, *(store(call.world, message.channel_id, upload, ephemeral=ephemeral) for upload in call.uploads)]


def reference_from(world: World, channel: Channel, body: Json) -> Json | None:
    """Return the message that is replied to or forwarded, checked; None for a plain message."""
    reference = body.get("message_reference")
    if not reference:
        return None
    message_id = int(reference.get("message_id") or 0)
    source = world.channels.get(int(reference.get("channel_id") or channel.id))
    if source is None or message_id not in source.messages:
        if reference.get("fail_if_not_exists", True) is False:
            return None
        raise invalid_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    kept: Json = {"type": reference.get("type", 0), "channel_id": str(source.id), "message_id": str(message_id)}
    return kept if source.is_dm else kept | {"guild_id": str(world.guild_id)}


def require_for_sending(call: Call, channel: Channel, draft: Draft) -> None:
    """Raise 50001 or 50013 unless the bot may send this draft here."""
    needed = [P.SEND_MESSAGES]
    if draft.embeds:
        needed.append(P.EMBED_LINKS)
    if draft.uploads:
        needed.append(P.ATTACH_FILES)
    if draft.reference:
        needed.append(P.READ_MESSAGE_HISTORY)
    require(call.world, call.bot, channel, *needed)
