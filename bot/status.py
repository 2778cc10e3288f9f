"""Counts of what waits and what was done, for ``klaswacht status`` and ``/metrics``; no names, no texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.engine import Database
from bot.storage.tables import alert, case_, evidence, finding, outbox, recheck, report, timer


@dataclass(frozen=True, slots=True)
class Status:
    """All counts. ``oldest_waiting``: since when the oldest row of the outbox that is due waits."""

    findings: dict[str, int]
    alerts: dict[str, int]
    reports: dict[str, int]
    cases: dict[str, int]
    outbox: dict[str, int]
    evidence: int
    timers: int
    recheck: int
    oldest_waiting: datetime | None


async def status(database: Database, now: datetime) -> Status:
    """Count everything."""
    async with database.read() as connection:
        waits = (outbox.c.state == "waiting") & (outbox.c.due_at <= now)
        planned = select(func.count()).select_from(timer).where(timer.c.done_at.is_(None))
        return Status(
            findings=await _by_state(connection, finding),
            alerts=await _by_state(connection, alert),
            reports=await _by_state(connection, report),
            cases=await _by_state(connection, case_),
            outbox=await _by_state(connection, outbox),
            evidence=await _count(connection, evidence),
            timers=await connection.scalar(planned) or 0,
            recheck=await _count(connection, recheck),
            oldest_waiting=await connection.scalar(select(func.min(outbox.c.created_at)).where(waits)),
        )


async def _by_state(connection: AsyncConnection, table: Table) -> dict[str, int]:
    """Count in the order of an index, so that nothing has to be sorted."""
    order = [table.c.state] if table is outbox else [table.c.school, table.c.state]
    counts: Counter[str] = Counter()
    for state, number in await connection.execute(select(table.c.state, func.count()).group_by(*order)):
        counts[str(state)] += int(number)
    return dict(counts)


async def _count(connection: AsyncConnection, table: Table) -> int:
    return await connection.scalar(select(func.count()).select_from(table)) or 0
