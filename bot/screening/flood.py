"""F3: mail bombs: many messages in a short time, or many mentions of one pupil. Kept in memory only."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.ports import ChatMessage

WINDOW: Final = timedelta(seconds=60)
MOST_AIMED: Final = 8
MOST_ALIKE: Final = 6
MOST_MENTIONS: Final = 6
MOST_AT_ONCE: Final = 10
AGAIN: Final = timedelta(minutes=10)
_MOST_AUTHORS: Final = 2000


@dataclass(slots=True)
class _Seen:
    """What one author wrote lately: when, at whom, a mark of the text."""

    lines: deque[tuple[datetime, str | None, int, int]] = field(default_factory=lambda: deque(maxlen=60))
    told: datetime | None = None


class Flood:
    """Watches how fast somebody writes at one person."""

    def __init__(self) -> None:
        self._authors: dict[tuple[str, str], _Seen] = {}

    def look(self, message: ChatMessage) -> str | None:
        """Note a new message; return ``flood_messages`` or ``flood_mentions`` when it is one too many, once per ten minutes."""
        if message.revision or message.author.bot:
            return None
        seen = self._of(message)
        target = message.target.id if message.target else None
        mentions = max(message.mention_count, len(message.mentions))
        seen.lines.append((message.at, target, hash(message.text.strip().lower()), mentions))
        recent = [line for line in seen.lines if abs(message.at - line[0]) <= WINDOW]
        kind = _kind(recent, target, message.text)
        if kind is None or (seen.told and abs(message.at - seen.told) < AGAIN):
            return None
        seen.told = message.at
        return kind

    def _of(self, message: ChatMessage) -> _Seen:
        key = (message.school, message.author.id)
        if key not in self._authors and len(self._authors) >= _MOST_AUTHORS:
            del self._authors[next(iter(self._authors))]
        return self._authors.setdefault(key, _Seen())


def _kind(recent: list[tuple[datetime, str | None, int, int]], target: str | None, text: str) -> str | None:
    mentioning = sum(1 for line in recent if target and line[1] == target)
    if recent[-1][3] >= MOST_AT_ONCE or mentioning >= MOST_MENTIONS:
        return "flood_mentions"
    alike = sum(1 for line in recent if line[2] == recent[-1][2])
    return "flood_messages" if (text.strip() and alike >= MOST_ALIKE) or (target and mentioning >= MOST_AIMED) else None
