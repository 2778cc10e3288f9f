"""What can be read on a message or form: every text of it, raw and as Discord's client shows it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from cogs.practice.jsontypes import Json, JsonList
from cogs.practice.world.records import Message, Modal
from cogs.practice.world.state import World

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
CHANNEL = re.compile(r"<#(\d+)>")
COMMAND = re.compile(r"</([^:>]+):\d+>")
MOMENT = re.compile(r"<t:(-?\d+)(?::([tTdDfFsSR]))?>")
LINK = re.compile(r"\[([^\]]+)\]\((?:<[^>]*>|[^)\s]*)(?: \"[^\"]*\")?\)")
MARKS = re.compile(r"(?<!\\)(\*\*\*|\*\*|\*|__|~~|\|\||```(?:\w+\n)?|`)|(?<![\w\\])_(?=\S)|(?<=\S)(?<!\\)_(?!\w)")
LINE_MARKS = re.compile(r"^(?:#{1,3} |-# |>>> |> )", re.MULTILINE)
ESCAPE = re.compile(r"\\([^\w\s])")
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december",
)  # fmt: skip
TEXT_KEYS = ("label", "placeholder", "title", "description", "content", "value")


def message_texts(message: Message) -> list[str]:
    """Return every text on a message: content, embeds, components, files, poll, what was forwarded."""
    texts = [message.content]
    for embed in message.embeds:
        texts += embed_texts(embed)
    texts += component_texts(message.components)
    texts += [text for item in message.attachments for text in (item.filename, item.description or "")]
    texts += [sticker.get("name", "") for sticker in message.stickers]
    texts += _poll_texts(message.poll or {})
    for snapshot in message.snapshots:
        texts += _snapshot_texts(snapshot.get("message", {}))
    return [text for text in texts if text]


def modal_texts(modal: Modal) -> list[str]:
    """Return every text on a form."""
    return [modal.title, *component_texts(modal.components)]


def embed_texts(embed: Json) -> list[str]:
    """Return every text of an embed."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("author") or {}).get("name"), (embed.get("footer") or {}).get("text")]
    for field in embed.get("fields") or []:
        texts += [field.get("name"), field.get("value")]
    return [text for text in texts if text]


def component_texts(components: JsonList) -> list[str]:
    """Return every label, placeholder, option and text of components, nested ones too."""
    texts = []
    for component in walk(components):
        texts += [component[key] for key in TEXT_KEYS if isinstance(component.get(key), str)]
        for option in component.get("options") or []:
            texts += [option.get("label", ""), option.get("description") or ""]
        texts += [item.get("description") or "" for item in component.get("items") or []]
    return [text for text in texts if text]


def walk(components: JsonList) -> Iterator[Json]:
    """Yield every component, a parent before its children."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        nested = [component[key] for key in ("component", "accessory") if isinstance(component.get(key), dict)]
        yield from walk(nested)


def _poll_texts(poll: Json) -> list[str]:
    answers = [(answer.get("poll_media") or {}).get("text", "") for answer in poll.get("answers", [])]
    return [(poll.get("question") or {}).get("text", ""), *answers]


def _snapshot_texts(snapshot: Json) -> list[str]:
    texts = [snapshot.get("content", "")]
    for embed in snapshot.get("embeds", []):
        texts += embed_texts(embed)
    return [*texts, *(item["filename"] for item in snapshot.get("attachments", []))]


def as_shown(world: World, text: str) -> str:
    """Return ``text`` as the client shows it: names for mentions, dates for timestamps, no markdown signs."""
    text = USER.sub(lambda found: f"@{_member_name(world, int(found[1]))}", text)
    text = ROLE.sub(lambda found: f"@{_role_name(world, int(found[1]))}", text)
    text = CHANNEL.sub(lambda found: f"#{_channel_name(world, int(found[1]))}", text)
    text = COMMAND.sub(r"/\1", text)
    text = MOMENT.sub(lambda found: _moment(world, int(found[1]), found[2] or "f"), text)
    text = LINK.sub(r"\1", text)
    return ESCAPE.sub(r"\1", MARKS.sub("", LINE_MARKS.sub("", text)))


def searchable(world: World, texts: list[str]) -> str:
    """Return what ``expect`` searches: the raw text, and below it the shown text where that differs."""
    raw = "\n".join(texts)
    shown = as_shown(world, raw)
    return raw if shown == raw else f"{raw}\n{shown}"


def _member_name(world: World, user_id: int) -> str:
    member = world.members.get(user_id)
    return member.shown_name if member else "unknown-user"


def _role_name(world: World, role_id: int) -> str:
    role = world.roles.get(role_id)
    return role.name if role else "deleted-role"


def _channel_name(world: World, channel_id: int) -> str:
    channel = world.channels.get(channel_id)
    return channel.name if channel else "unknown"


def _moment(world: World, seconds: int, style: str) -> str:
    moment = datetime.fromtimestamp(seconds, tz=UTC).astimezone(ZoneInfo(world.school.timezone))
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    clock = f"{moment:%H:%M}"
    forms = {
        "t": clock, "T": f"{moment:%H:%M:%S}", "d": f"{moment:%d-%m-%Y}", "D": day,
        "f": f"{day} {clock}", "F": f"{DAYS[moment.weekday()]} {day} {clock}",
        "R": f"{day} {clock}", "s": f"{moment:%d-%m-%Y}, {clock}", "S": f"{moment:%d-%m-%Y}, {moment:%H:%M:%S}",
    }  # fmt: skip
    return forms[style]
