"""Work that must be done at a moment, as rows; ``bot.runner`` does it, also after a restart.

A handler may be called twice for one timer (a crash between the work and the mark), so it looks at the state first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, Ids
from bot.storage.engine import Database
from bot.storage.tables import timer

ROWS_AT_A_LOOK = 100


class Timers:
    """Plans and drops timers inside the caller's transaction."""

    def __init__(self, *, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    async def plan(self, connection: AsyncConnection, school: str, kind: str, subject: int, due_at: datetime) -> None:
        """Let the handler of ``kind`` do its work for a subject at a moment; the same plan twice is one plan."""
        same = (timer.c.school == school) & (timer.c.kind == kind) & (timer.c.subject == subject)
        known = await connection.scalar(select(timer.c.id).where(same, timer.c.due_at == due_at))
        if known is not None:
            await connection.execute(update(timer).where(timer.c.id == known).values(done_at=None))
            return
        row = {"id": self._ids.new(), "school": school, "kind": kind, "subject": subject, "due_at": due_at}
        await connection.execute(timer.insert().values(**row))

    async def drop(self, connection: AsyncConnection, school: str, kinds: Iterable[str], subject: int) -> None:
        """Take back everything planned for a subject that was not done yet."""
        same = (timer.c.school == school) & timer.c.kind.in_(list(kinds)) & (timer.c.subject == subject)
        await connection.execute(update(timer).where(same, timer.c.done_at.is_(None)).values(done_at=self._clock.now()))

    async def planned(self, connection: AsyncConnection, school: str, kind: str, subject: int) -> datetime | None:
        """Return when the next work of a kind is planned for a subject."""
        same = (timer.c.school == school) & (timer.c.kind == kind) & (timer.c.subject == subject)
        found: datetime | None = await connection.scalar(
            select(timer.c.due_at).where(same, timer.c.done_at.is_(None)).order_by(timer.c.due_at).limit(1)
        )
        return found


@dataclass(frozen=True, slots=True)
class TimerRow:
    """Work for a moment."""

    id: int
    school: str
    kind: str
    subject: int
    due_at: datetime


async def due_timers(connection: AsyncConnection, now: datetime, kinds: frozenset[str]) -> list[TimerRow]:
    """Return the oldest due timer of each kind."""
    asked = select(timer).where(timer.c.done_at.is_(None), timer.c.due_at <= now, timer.c.kind.in_(sorted(kinds)))
    first: dict[str, TimerRow] = {}
    for row in await connection.execute(asked.order_by(timer.c.due_at, timer.c.id).limit(ROWS_AT_A_LOOK)):
        first.setdefault(row.kind, TimerRow(row.id, row.school, row.kind, row.subject, row.due_at))
    return list(first.values())


async def next_timer(connection: AsyncConnection, kinds: frozenset[str]) -> datetime | None:
    """Return when the next timer of these kinds becomes due."""
    moment: datetime | None = await connection.scalar(
        select(func.min(timer.c.due_at)).where(timer.c.done_at.is_(None), timer.c.kind.in_(sorted(kinds)))
    )
    return moment


async def count_timers(connection: AsyncConnection, now: datetime, kinds: frozenset[str]) -> int:
    """Return how many timers are due."""
    due = (timer.c.done_at.is_(None), timer.c.due_at <= now, timer.c.kind.in_(sorted(kinds)))
    return await connection.scalar(select(func.count()).select_from(timer).where(*due)) or 0


async def mark_done(database: Database, timer_id: int, now: datetime) -> None:
    """Say that a timer's work was done; when the clock was put back to before its moment, its moment still comes."""
    async with database.write() as connection:
        done = (timer.c.id == timer_id, timer.c.due_at <= now)
        await connection.execute(update(timer).where(*done).values(done_at=now))


async def postpone(database: Database, timer_id: int, due_at: datetime) -> None:
    """Let work that failed be tried again at a moment."""
    async with database.write() as connection:
        await connection.execute(update(timer).where(timer.c.id == timer_id).values(due_at=due_at))
