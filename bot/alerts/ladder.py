"""The ladder: while nobody takes an alert up, the next person is told, with the reason. Timer kind ``ladder``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.config import AlertRules
from bot.alerts.hours import next_morning
from bot.alerts.opening import LADDER, AlertRow, Alerts, route_of
from bot.alerts.outbox import Outbox
from bot.alerts.routing import Holders, rungs
from bot.alerts.telling import Telling, Told
from bot.clock import Clock
from bot.school import School, Schools
from bot.screening.verdict import Severity
from bot.storage.engine import Database
from bot.storage.tables import alert
from bot.timers import Timers

UNCLAIMED = "alerts.why.unclaimed"
STILL = "alerts.why.still"


class Ladder:
    """Climbs one rung when its time has come."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        alerts: Alerts,
        outbox: Outbox,
        timers: Timers,
        schools: Callable[[], Schools],
        rules: AlertRules,
    ) -> None:
        self._database = database
        self._clock = clock
        self._alerts = alerts
        self._timers = timers
        self._schools = schools
        self._rules = rules
        self._telling = Telling(outbox)

    async def due(self, subject: int, school: str) -> None:
        """Tell the next rung of an alert, unless somebody has it or it was done already."""
        facts, now = self._schools().get(school), self._clock.now()
        if facts is None:
            return
        async with self._database.write() as connection:
            asked = select(alert).where(alert.c.id == subject, alert.c.school == school, alert.c.state == "open")
            row = (await connection.execute(asked)).first()
            if row is not None and row.next_rung_at is not None and row.next_rung_at <= now:
                await self._climb(connection, facts, row, now)

    async def _climb(self, connection: AsyncConnection, school: School, row: AlertRow, now: datetime) -> None:
        route, severity = route_of(row), Severity(row.severity)
        all_, rung = rungs(school, route), row.rung + 1
        holders, why = _holders(all_, rung)
        last = len(all_) - 1
        if rung < last:
            next_at: datetime | None = self._alerts.next_rung_at(school, row.kind, severity, now)
        else:
            again = rung - last < self._rules.repeat.mornings
            next_at = next_morning(school, now) if again else None
        values = {"why": why, "minutes": str(int((now - row.created_at).total_seconds() // 60))}
        await connection.execute(update(alert).where(alert.c.id == row.id).values(rung=rung, next_rung_at=next_at))
        await self._telling.remind(connection, school, holders, Told(row.id, route, severity, now, values))
        if next_at is not None:
            await self._timers.plan(connection, school.guild, LADDER, row.id, next_at)


def _holders(all_: tuple[Holders, ...], rung: int) -> tuple[Holders, str]:
    if rung < len(all_):
        return all_[rung], UNCLAIMED
    return (all_[-1] if all_ else ()), STILL
