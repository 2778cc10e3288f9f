"""Acts of writing: post, dm, edit, delete, react, thread, forward, poll."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from cogs.practice.errors import ActError, ApiError, ScriptError
from cogs.practice.jsontypes import Json
from cogs.practice.stage.places import message_named, require_present, writable_channel
from cogs.practice.stage.script import Act
from cogs.practice.stage.stage import Stage
from cogs.practice.world import reactions
from cogs.practice.world.clock import stamp
from cogs.practice.world.files import guess_type, store
from cogs.practice.world.forwarding import snapshot_of
from cogs.practice.world.limits import CONTENT, check_uploads
from cogs.practice.world.messages import Change, Draft, Origin, delete, edit, send
from cogs.practice.world.permissions import P, in_channel
from cogs.practice.world.records import FORUM, Channel, Message, Upload
from cogs.practice.world.threads import open_thread

LINK = re.compile(r"https?://([^\s/<>()\[\]]+)[^\s<>()\[\]]*")
POLL_DAYS = 1
VOICE, WAVEFORM = 1 << 13, "AAAA"  # of a voice message: its flag, and loudness over time in base64
PNG_STICKER = 1  # https://discord.com/developers/docs/resources/sticker#sticker-object-sticker-format-types


async def post(stage: Stage, act: Act) -> None:
    """Write in a channel or thread."""
    channel = writable_channel(stage, act.person, act.text("thread") or act.text("channel"))
    if channel.kind == FORUM:
        raise ActError("act.forum_needs_thread", channel=channel.name)
    _write(stage, act, channel)


async def dm(stage: Stage, act: Act) -> None:
    """Write to the bot."""
    require_present(stage, act.person)
    _write(stage, act, stage.world.dm_with(stage.member(act.person).user))


def _write(stage: Stage, act: Act, channel: Channel) -> None:
    draft = _draft(stage, act)
    message = send(stage.world, channel, stage.member(act.person).user, draft)
    _name(stage, act, message)
    _unfurl(stage, message)


def _draft(stage: Stage, act: Act) -> Draft:
    text, uploads = act.text("text"), uploads_from([act.path(name) for name in act.texts("files")])
    if not text.strip() and not uploads:
        raise ScriptError("script.empty_message")
    _check_length(text)
    reference = _reply(stage, act) if act.text("reply_to") else None
    if seconds := act.data.get("voice"):
        spoken = [replace(one, duration=float(seconds), waveform=WAVEFORM) for one in uploads]
        return Draft(uploads=spoken, reference=reference, flags=VOICE)
    return Draft(content=text.strip(), uploads=uploads, reference=reference)


def _check_length(text: str) -> None:
    if len(text) > CONTENT:
        raise ScriptError("script.message_too_long", length=len(text), most=CONTENT)


def _reply(stage: Stage, act: Act) -> Json:
    return _reference(stage, message_named(stage, act, "reply_to")) | {"type": 0}


def _reference(stage: Stage, message: Message) -> Json:
    channel = stage.world.channels[message.channel_id]
    place = {"channel_id": str(channel.id), "message_id": str(message.id)}
    return place if channel.is_dm else place | {"guild_id": str(stage.world.guild_id)}


def uploads_from(paths: list[Path]) -> list[Upload]:
    """Return files as uploads; one that is too large is refused as Discord's client does."""
    try:
        uploads = [Upload(path.name, path.read_bytes(), guess_type(path.name)) for path in paths]
        check_uploads(uploads)
    except OSError as error:
        raise ScriptError("script.no_file", value=error.filename) from error
    except ApiError as error:
        raise ScriptError("script.files_too_large", why=error.message) from error
    return uploads


def _name(stage: Stage, act: Act, message: Message) -> None:
    if act.text("id"):
        stage.messages[act.text("id")] = message


def _unfurl(stage: Stage, message: Message) -> None:
    """Add the preview of a link, as Discord does: an update without an edit time."""
    links = list(LINK.finditer(message.content))[:5]
    if links:
        embeds = [{"type": "link", "url": found[0], "title": found[1]} for found in links]
        message.embeds = []
        edit(stage.world, message, Change(embeds=embeds), marks=False)


async def rewrite(stage: Stage, act: Act) -> None:
    """Edit one's own message."""
    message = message_named(stage, act)
    if message.author.id != act.person:
        raise ActError("act.not_yours", who=stage.name(act.person), message=act.text("message"))
    _check_length(act.text("text"))
    added = [
        store(stage.world, message.channel_id, one) for one in uploads_from([act.path(n) for n in act.texts("files")])
    ]
    files = [*message.attachments, *added] if added else None
    edit(stage.world, message, Change(content=act.text("text").strip(), attachments=files))


async def sticker(stage: Stage, act: Act) -> None:
    """Post pictures as stickers; the server's own file server has them."""
    channel = writable_channel(stage, act.person, act.text("channel"))
    shown = []
    for path in (act.path(name) for name in act.texts("files")):
        number = stage.world.ids.next()
        stage.world.stickers[number] = path.read_bytes()
        shown.append({"id": str(number), "name": path.stem, "format_type": PNG_STICKER})
    _name(stage, act, send(stage.world, channel, stage.member(act.person).user, Draft(stickers=shown)))


async def remove(stage: Stage, act: Act) -> None:
    """Delete one's own message, or with the right to manage messages another's."""
    message = message_named(stage, act)
    channel = stage.world.channels[message.channel_id]
    may = not channel.is_dm and in_channel(stage.world, stage.member(act.person), channel) & P.MANAGE_MESSAGES
    if message.author.id != act.person and not may:
        raise ActError("act.not_yours", who=stage.name(act.person), message=act.text("message"))
    delete(stage.world, message)


async def react(stage: Stage, act: Act) -> None:
    """Put a reaction under a message."""
    message = message_named(stage, act)
    channel = stage.world.channels[message.channel_id]
    reactions.add(stage.world, channel, message, stage.member(act.person).user, act.text("emoji"))


async def thread(stage: Stage, act: Act) -> None:
    """Open a thread, on a message or by itself; in a forum with its first message."""
    channel = writable_channel(stage, act.person, act.text("channel"), P.CREATE_PUBLIC_THREADS)
    draft = _draft(stage, act) if channel.kind == FORUM or act.text("text").strip() or act.texts("files") else None
    start = message_named(stage, act) if act.text("message") else None
    user = stage.member(act.person).user
    opened = open_thread(stage.world, channel, user, act.text("name")[:100], start=start)
    stage.threads[act.text("id") or act.text("name")] = opened
    if draft is not None:
        first = Origin(number=opened.id) if channel.kind == FORUM else Origin()  # one id, as on Discord
        send(stage.world, opened, user, draft, first)


async def forward(stage: Stage, act: Act) -> None:
    """Forward a message to a channel, or to the bot."""
    message = message_named(stage, act)
    user = stage.member(act.person).user
    to_bot = act.text("channel") == "dm"
    channel = stage.world.dm_with(user) if to_bot else writable_channel(stage, act.person, act.text("channel"))
    reference = _reference(stage, message) | {"type": 1}
    draft = Draft(reference=reference, snapshots=[snapshot_of(stage.world, message)])
    _name(stage, act, send(stage.world, channel, user, draft))


async def poll(stage: Stage, act: Act) -> None:
    """Ask a question with answers to choose from."""
    channel = writable_channel(stage, act.person, act.text("channel"), P.SEND_POLLS)
    answers = [
        {"answer_id": number, "poll_media": {"text": text}} for number, text in enumerate(act.texts("answers"), start=1)
    ]
    asked: Json = {
        "question": {"text": act.text("question")},
        "answers": answers,
        "expiry": stamp(stage.world.clock.now() + timedelta(days=POLL_DAYS)),
        "allow_multiselect": False,
        "layout_type": 1,
        "results": {"is_finalized": False, "answer_counts": []},
    }
    _name(stage, act, send(stage.world, channel, stage.member(act.person).user, Draft(poll=asked)))
