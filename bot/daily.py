"""What is done once a day for each school: the head of the audit log is posted, old marks of edits are forgotten.

Timer kind ``daily``; planned again by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import Outbox
from bot.clock import Clock
from bot.ports import Receiver
from bot.readback import EDIT_DAYS
from bot.school import School, Schools
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.tables import judged_edit
from bot.timers import Timers

DAILY = "daily"
AT = time(7, 0)  # the school's time: before anybody looks


class Daily:
    """Does the day's work."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        outbox: Outbox,
        timers: Timers,
        schools: Callable[[], Schools],
        audit: Audit,
    ) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._timers = timers
        self._schools = schools
        self._audit = audit

    async def ensure(self, school: School) -> None:
        """Plan a school's first day; what is planned stays."""
        async with self._database.write() as connection:
            if await self._timers.planned(connection, school.guild, DAILY, 0) is None:
                await self._plan(connection, school)

    async def due(self, _subject: int, school: str) -> None:
        """Do the timer ``daily``."""
        facts, now = self._schools().get(school), self._clock.now()
        if facts is None:
            return
        number, _, head = (await self._audit.head(school)).partition("-")
        async with self._database.write() as connection:
            await self._timers.drop(connection, school, (DAILY,), 0)  # in this transaction, so never done twice
            await self._plan(connection, facts)
            old = judged_edit.c.at < now - timedelta(days=EDIT_DAYS + 1)
            await connection.execute(delete(judged_edit).where(judged_edit.c.school == school, old))
            if head:
                receiver, values = Receiver("channel", facts.staff_channel), {"head": head, "number": number}
                await self._outbox.enqueue(connection, school, "audit_head", 0, receiver, values=values)

    async def _plan(self, connection: AsyncConnection, school: School) -> None:
        await self._timers.plan(connection, school.guild, DAILY, 0, self._next(school))

    def _next(self, school: School) -> datetime:
        local = self._clock.now().astimezone(school.zone)
        day = local.date() if local.time() < AT else local.date() + timedelta(days=1)
        return datetime.combine(day, AT, school.zone)
