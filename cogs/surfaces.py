"""Everything readable in a message's payload, as surfaces: the one function that new kinds of content are added to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.ports import Surface, SurfaceKind

Payload = Mapping[str, Any]
_MENTION = re.compile(r"<@!?(\d+)>")
_EMBED_TEXTS = ("title", "description")


def surfaces_of(payload: Payload, names: Mapping[str, str] | None = None) -> tuple[Surface, ...]:
    """Return all readable texts of a message payload, forwarded messages included.

    ``names``: what the mentioned people are called, so that a mention is screened as ``@Name``.
    """
    known = names or {}
    found = [*_own(payload, known), *_forwards(payload, known)]
    return tuple(surface for surface in found if surface.text.strip())


def _own(payload: Payload, names: Mapping[str, str]) -> Iterator[Surface]:
    yield Surface(SurfaceKind.TEXT, with_names(_text(payload, "content"), names))
    yield from _parts(payload)


def _forwards(payload: Payload, names: Mapping[str, str]) -> Iterator[Surface]:
    for snapshot in _snapshots(payload):
        yield Surface(SurfaceKind.FORWARD, with_names(_text(snapshot, "content"), names))
        yield from _parts(snapshot)


def _parts(payload: Payload) -> Iterator[Surface]:
    for embed in _list(payload, "embeds"):
        yield from (Surface(SurfaceKind.EMBED, text) for text in _embed_texts(embed))
    poll = _table(payload, "poll")
    asked = [_table(poll, "question"), *(_table(answer, "poll_media") for answer in _list(poll, "answers"))]
    yield from (Surface(SurfaceKind.POLL, _text(part, "text")) for part in asked)
    for file in _list(payload, "attachments"):
        yield Surface(SurfaceKind.FILE_NAME, _text(file, "title") or _text(file, "filename"))
        yield Surface(SurfaceKind.FILE_DESCRIPTION, _text(file, "description"))
    for sticker in (*_list(payload, "sticker_items"), *_list(payload, "stickers")):
        yield Surface(SurfaceKind.STICKER, _text(sticker, "name"))
    yield Surface(SurfaceKind.THREAD_TITLE, _text(_table(payload, "thread"), "name"))
    yield from (Surface(SurfaceKind.EMBED, text) for text in _component_texts(_list(payload, "components")))


def _embed_texts(embed: Payload) -> Iterator[str]:
    yield from (_text(embed, name) for name in _EMBED_TEXTS)
    yield _text(_table(embed, "author"), "name")
    yield _text(_table(embed, "footer"), "text")
    yield _text(_table(embed, "provider"), "name")
    for part in _list(embed, "fields"):
        yield f"{_text(part, 'name')} {_text(part, 'value')}"


def _component_texts(components: list[Payload]) -> Iterator[str]:
    for component in components:
        yield from (_text(component, name) for name in ("content", "label", "placeholder", "description"))
        yield from _component_texts(_list(component, "components"))
        nested = [component[name] for name in ("component", "accessory") if isinstance(component.get(name), Mapping)]
        yield from _component_texts(nested)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Return a text with ``@Name`` for each mention of somebody known."""
    return _MENTION.sub(lambda found: f"@{names[found[1]]}" if found[1] in names else found[0], text)


def _snapshots(payload: Payload) -> list[Payload]:
    return [_table(snapshot, "message") for snapshot in _list(payload, "message_snapshots")]


def _text(table: Payload, name: str) -> str:
    value = table.get(name)
    return value if isinstance(value, str) else ""


def _list(table: Payload, name: str) -> list[Payload]:
    value = table.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _table(table: Payload, name: str) -> Payload:
    value = table.get(name)
    return value if isinstance(value, Mapping) else {}
