"""From the platform's payload of a message to the core's ``ChatMessage``; Discord ends here.

Payloads come from the gateway, from pages of history and from a message menu; all pass this one function. A field that
a compatible server leaves out counts as empty.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.ports import Attachment, ChatMessage, Person, Surface, SurfaceKind
from cogs.linked import linked_files
from cogs.surfaces import surfaces_of

Payload = Mapping[str, Any]
Download = Callable[[str, int], Awaitable[bytes | None]]
DISCORD_EPOCH_MS = 1_420_070_400_000  # https://discord.com/developers/docs/reference#snowflakes
PEOPLE_WRITE = frozenset(
    {0, 19, 20, 21, 23}
)  # default, reply, commands, thread starter: types that hold what people say
TEXT_FILES = (".txt", ".md", ".csv")
TEXT_FILE_LIMIT = 64 * 1024  # bytes of a text file that are read
MESSAGE_URL = "https://discord.com/channels/{guild}/{channel}/{message}"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a message stands: ``parent`` is the channel that a thread or forum post belongs to."""

    school: str
    channel: str
    parent: str | None = None


def message_from(payload: Payload, spot: Spot) -> ChatMessage:
    """Translate a payload of a message. Raises ``KeyError`` for one without id or author."""
    people = {person.id: person for person in map(person_from, _list(payload, "mentions"))}
    names = {user: person.name for user, person in people.items()}
    referenced = payload.get("referenced_message")
    return ChatMessage(
        school=spot.school,
        channel=spot.channel,
        parent=spot.parent,
        id=str(payload["id"]),
        author=_author(payload),
        at=moment_of(str(payload["id"])),
        surfaces=surfaces_of(payload, names),
        attachments=(*_attachments(payload), *linked_files(payload)),
        mentions=tuple(people.values()),
        mention_count=len(people) + len(payload.get("mention_roles") or ()) + bool(payload.get("mention_everyone")),
        reply_to=_author(referenced) if isinstance(referenced, Mapping) and "author" in referenced else None,
        revision=str(payload.get("edited_timestamp") or ""),
        url=MESSAGE_URL.format(guild=spot.school, channel=spot.channel, message=payload["id"]),
    )


async def with_file_texts(message: ChatMessage, download: Download) -> ChatMessage:
    """Return the message with the contents of its small text files as surfaces."""
    found: list[Surface] = []
    for file in message.attachments:
        if not file.name.lower().endswith(TEXT_FILES) or file.size > TEXT_FILE_LIMIT:
            continue
        content = await download(file.url, TEXT_FILE_LIMIT)
        if content:
            found.append(Surface(SurfaceKind.FILE_TEXT, content.decode("utf-8", "replace")))
    return replace(message, surfaces=(*message.surfaces, *found)) if found else message


def with_nickname(message: ChatMessage) -> ChatMessage:
    """Return the message with the name under which the class sees its author as a surface (imitation)."""
    return replace(message, surfaces=(*message.surfaces, Surface(SurfaceKind.NICKNAME, message.author.name)))


def written_by_people(payload: Payload) -> bool:
    """Tell whether somebody said something: not a join notice, a pin notice and the like, and not a bot."""
    author = payload.get("author")
    kind = payload.get("type", 0)
    return isinstance(author, Mapping) and not author.get("bot") and kind in PEOPLE_WRITE


def person_from(user: Payload) -> Person:
    """Translate an account, with the nickname where the payload holds the member too."""
    member = user.get("member")
    nick = member.get("nick") if isinstance(member, Mapping) else None
    name = nick or user.get("global_name") or user.get("username") or ""
    return Person(id=str(user["id"]), name=str(name), bot=bool(user.get("bot", False)))


def moment_of(snowflake: str) -> datetime:
    """Return the moment in a platform id, in UTC."""
    return datetime.fromtimestamp(((int(snowflake) >> 22) + DISCORD_EPOCH_MS) / 1000, UTC)


def message_id_at(moment: datetime) -> str:
    """Return the lowest id that a message of this moment can have."""
    return str((int(moment.timestamp() * 1000) - DISCORD_EPOCH_MS) << 22)


def attachment_from(file: Payload, *, forwarded: bool = False) -> Attachment:
    """Translate a file at a message or in a form."""
    return Attachment(
        id=str(file.get("id", "")),
        name=str(file.get("filename", "")),
        size=int(file.get("size") or 0),
        url=str(file.get("url", "")),
        content_type=file.get("content_type"),
        description=file.get("description"),
        width=file.get("width"),
        height=file.get("height"),
        duration=file.get("duration_secs"),
        forwarded=forwarded,
    )


def _author(payload: Payload) -> Person:
    return person_from({"member": payload.get("member"), **payload["author"]})


def _attachments(payload: Payload) -> list[Attachment]:
    own = [attachment_from(file) for file in _list(payload, "attachments")]
    inside = [snapshot.get("message") or {} for snapshot in _list(payload, "message_snapshots")]
    return own + [attachment_from(file, forwarded=True) for part in inside for file in _list(part, "attachments")]


def _list(table: Payload, name: str) -> list[Payload]:
    value = table.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
