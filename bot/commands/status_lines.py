"""The lines of ``klaswacht status``: counts and times, no names, no texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.daily import last_night
from bot.status import status
from bot.storage.engine import Database
from bot.storage.facts import read_fact
from bot.storage.tables import school_key, watermark
from bot.texts import Texts

MEGABYTE = 1024 * 1024


async def lines(database: Database, now: datetime, texts: Texts, language: str) -> list[str]:
    """Return the lines to print."""
    found = await status(database, now)
    say = _Sayer(texts, language)
    told = []
    for field in fields(found):
        value = getattr(found, field.name)
        if isinstance(value, dict):
            told.append(say.line(field.name, say.states(value)))
        elif isinstance(value, int):
            told.append(say.line(field.name, str(value)))
    waits = say.ago(now - found.oldest_waiting) if found.oldest_waiting else say.word("nothing")
    told.append(say.line("oldest", waits))
    return [*told, *await _times(database, say), *await _size(database, say)]


class _Sayer:
    def __init__(self, texts: Texts, language: str) -> None:
        self._texts = texts
        self._language = language

    def line(self, name: str, value: str, **values: str) -> str:
        return f"{self.word(name, **values)}: {value}"

    def states(self, counts: Mapping[str, int]) -> str:
        told = [f"{self._state(name)} {count}" for name, count in sorted(counts.items())]
        return ", ".join(told) or self.word("nothing")

    def ago(self, span: timedelta) -> str:
        return self.word("minutes", count=str(max(0, round(span.total_seconds() / 60))))

    def word(self, name: str, **values: str) -> str:
        return self._texts.get(f"keeping.status.{name}", self._language, **values)

    def _state(self, name: str) -> str:
        key = f"keeping.state.{name}"
        return self._texts.get(key, self._language) if self._texts.has(key) else name


async def _times(database: Database, say: _Sayer) -> list[str]:
    told = []
    async with database.read() as connection:
        schools = (await connection.execute(select(school_key.c.school).distinct())).scalars().all()
        for school in sorted(schools):
            read = await connection.scalar(select(func.max(watermark.c.moved_at)).where(watermark.c.school == school))
            night = await read_fact(connection, last_night(school))
            told.append(say.line("read", _moment(read) or say.word("never"), school=school))
            at = datetime.fromisoformat(night) if night else None
            told.append(say.line("night", _moment(at) or say.word("never"), school=school))
    return told


async def _size(database: Database, say: _Sayer) -> list[str]:
    size = await database.size()
    return [] if size is None else [say.line("size", say.word("megabytes", count=f"{size / MEGABYTE:.1f}"))]


def _moment(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%SZ") if at else ""
