"""What is done every night, as one timer a school: erase what was kept long enough, post the audit log's head.

A laptop that slept does it once when it wakes. A job that fails is tried again; the jobs before it do no harm twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import Outbox
from bot.clock import Clock
from bot.ports import Receiver
from bot.school import School, Schools
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.facts import read_fact, write_fact
from bot.timers import Timers

DAILY = "daily"
AT = time(3, 30)  # local; nobody waits then, and daylight saving never skips it
Job = Callable[[School], Awaitable[object]]


class Daily:
    """Does the jobs of the night."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        timers: Timers,
        schools: Callable[[], Schools],
        jobs: Sequence[Job],
    ) -> None:
        self._database = database
        self._clock = clock
        self._timers = timers
        self._schools = schools
        self._jobs = tuple(jobs)

    async def begin(self) -> None:
        """Plan the next night of every school; a planned one stays. Called at start and when a school is added."""
        async with self._database.write() as connection:
            for school in self._schools().all.values():
                await self._plan(connection, school)

    async def due(self, _subject: int, school: str) -> None:
        """Do the timer ``daily``."""
        facts = self._schools().get(school)
        if facts is None:
            return
        for job in self._jobs:
            await job(facts)
        async with self._database.write() as connection:
            await write_fact(connection, last_night(school), self._clock.now().isoformat())
            await self._timers.plan(connection, school, DAILY, 0, next_night(facts, self._clock.now()))

    async def _plan(self, connection: AsyncConnection, school: School) -> None:
        if await self._timers.planned(connection, school.guild, DAILY, 0) is None:
            await self._timers.plan(connection, school.guild, DAILY, 0, next_night(school, self._clock.now()))


class AuditHead:
    """Posts the head of the audit log in the staff channel, once a day, so that cutting off its end shows."""

    def __init__(self, *, database: Database, clock: Clock, outbox: Outbox, audit: Audit) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._audit = audit

    async def post(self, school: School) -> None:
        """Post it, unless it was posted this day."""
        today = self._clock.now().astimezone(school.zone).date().isoformat()
        head = await self._audit.head(school.guild)
        async with self._database.write() as connection:
            if await read_fact(connection, _posted(school.guild)) == today:
                return
            await write_fact(connection, _posted(school.guild), today)
            receiver = Receiver("channel", school.staff_channel)
            await self._outbox.enqueue(connection, school.guild, "audit_head", 0, receiver, values={"head": head})


def next_night(school: School, now: datetime) -> datetime:
    """Return the next moment at which the night's work begins, after ``now``."""
    local = now.astimezone(school.zone)
    tonight = datetime.combine(local.date(), AT, school.zone)
    if tonight > local:
        return tonight
    return datetime.combine(local.date() + timedelta(days=1), AT, school.zone)


def last_night(school: str) -> str:
    """Return the name of the fact that says when the night's work was last done."""
    return f"daily/{school}"


def _posted(school: str) -> str:
    return f"audit_head/{school}"
