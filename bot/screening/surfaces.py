"""What of a message is read, and for what: every surface is scored alone, and only some can hold personal data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.ports import ChatMessage, Surface, SurfaceKind

BEGINNING: Final = 4_000
ENDING: Final = 1_500
"""Characters read of a text: a whole chat message; of a longer file its beginning and its end."""

_NAMES: Final = frozenset({SurfaceKind.FILE_NAME, SurfaceKind.NICKNAME, SurfaceKind.STICKER})
_MARKUP: Final = re.compile(r"<(?:@[!&]?|#)\d+>|<a?:(\w+):\d+>|<t:\d+(?::\w)?>")


@dataclass(frozen=True, slots=True)
class Readable:
    """One text to judge. ``speaks``: somebody's own words, in which personal data and contact are looked for."""

    text: str
    raw: str
    speaks: bool


def readable(message: ChatMessage) -> list[Readable]:
    """Return the distinct readable texts of a message, the platform's own markup taken out."""
    found = {item.raw: item for item in map(_of, message.surfaces) if item.text.strip()}
    return list(found.values())


def of_text(text: str) -> Readable:
    """Return a bare text as something readable."""
    return _of(Surface(SurfaceKind.TEXT, text))


def _of(surface: Surface) -> Readable:
    raw = surface.text if len(surface.text) <= BEGINNING + ENDING else _both_ends(surface.text)
    text = _MARKUP.sub(lambda found: (found.group(1) or "").replace("_", " "), raw)
    if surface.kind is SurfaceKind.FILE_NAME:
        text = re.sub(r"\.\w{1,5}$", "", text).replace("_", " ")
    return Readable(text, raw, surface.kind not in _NAMES)


def _both_ends(text: str) -> str:
    return f"{text[:BEGINNING]}\n{text[-ENDING:]}"
