"""The audit log as the coordinator reads it: the newest first, a page at a time; that it was read is noted too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people import Actor, Verb, require
from bot.storage.audit import PERSON, Audit, AuditLine
from bot.storage.engine import Database
from bot.storage.tables import case_, report

PAGE = 12
NUMBERED = {"case": case_, "report": report}
"""Things that people know by a number."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One row. ``actor``: a user id, ``program``, ``console``, ``anonymous``, or None when that person was erased.

    ``thing``: what kind of thing it is about; ``about``: the number or user id that people know it by, None for none.
    """

    number: int
    at: datetime
    actor: str | None
    verb: str
    thing: str
    about: str | None


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log. ``older``: the row before which the next page ends, None on the last page."""

    lines: tuple[LogLine, ...]
    head: str
    older: int | None


class Logbook:
    """Shows the log."""

    def __init__(self, *, database: Database, audit: Audit) -> None:
        self._database = database
        self._audit = audit

    async def page(self, actor: Actor, before: int | None = None) -> LogPage:
        """Return rows from the newest on, or those before a row. Raises ``NotAllowedError``: not the coordinator."""
        require(actor, Verb.AUDIT)
        school = actor.school.guild
        rows = await self._audit.lines(school, limit=PAGE + 1, before=before)
        head = await self._audit.head(school)
        async with self._database.write() as connection:
            shown = [await self._line(connection, school, row) for row in rows[:PAGE]]
            if before is None:
                await self._audit.note(connection, school, actor.id, "audit_show", f"school:{school}")
        return LogPage(tuple(shown), head, rows[PAGE - 1].number if len(rows) > PAGE else None)

    async def _line(self, connection: AsyncConnection, school: str, row: AuditLine) -> LogLine:
        thing, _, key = row.subject.partition(":")
        about = key or None if f"{thing}:" == PERSON else await self._number(connection, school, thing, key)
        return LogLine(row.number, row.at, row.actor, row.verb, thing, about)

    async def _number(self, connection: AsyncConnection, school: str, thing: str, key: str) -> str | None:
        if thing == "hold":  # the number on the card and of `klaswacht media sealed`
            return key if key.isdecimal() else None
        table = NUMBERED.get(thing)
        if table is None or not key.isdecimal():
            return None
        asked = select(table.c.number).where(table.c.school == school, table.c.id == int(key))
        number = await connection.scalar(asked)
        return None if number is None else str(number)
