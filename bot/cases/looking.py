"""The looks whether it really stopped: planned on school days, coming by themselves, answered by a person."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.choices import wants_dm
from bot.alerts.hours import next_open
from bot.alerts.outbox import Outbox, Priority
from bot.cases.protocol import Step
from bot.cases.store import CaseStore, Due, Standing
from bot.cases.turn import Turn
from bot.clock import Clock
from bot.ports import Receiver
from bot.school import School
from bot.storage.tables import finding
from bot.timers import Timers

FOLLOWUP = "followup"  # timer kind and outbox kind


class Looks:
    """Plans looks and tells of them, inside the caller's transaction."""

    def __init__(self, *, store: CaseStore, outbox: Outbox, timers: Timers, clock: Clock) -> None:
        self._store = store
        self._outbox = outbox
        self._timers = timers
        self._clock = clock

    async def plan(self, turn: Turn, step: Step, agreed: date | None) -> None:
        """Plan the looks of a step, and one on the date that was agreed; a day has one look."""
        school, now = turn.actor.school, self._clock.now()
        today = turn.day(now)
        wanted = {today + timedelta(days=days) for days in step.followups}
        wanted |= {agreed} if agreed and agreed >= today else set()
        seen_from = now
        for due_at in sorted({max(opening_on(school, day), now) for day in wanted}):
            look = await self._store.add_followup(
                turn.connection, Due(school.guild, turn.standing.id, due_at, seen_from)
            )
            await self._timers.plan(turn.connection, school.guild, FOLLOWUP, look, due_at)
            seen_from = due_at

    async def drop(self, turn: Turn) -> None:
        """Take back the looks that were not answered."""
        connection, school = turn.connection, turn.actor.school.guild
        for look in turn.standing.followups:
            if look.state in {"planned", "due"}:
                await self._store.change_followup(connection, school, look.id, state="dropped")
                await self._timers.drop(connection, school, (FOLLOWUP,), look.id)
                await self._outbox.drop(connection, school, (FOLLOWUP,), look.id)

    async def come(self, connection: AsyncConnection, school: School, look: int) -> None:
        """Count what was seen since and tell the owner; nothing when the look was dropped or told before."""
        row = await self._store.followup(connection, school.guild, look)
        standing = await self._store.standing(connection, school.guild, row["case"])
        if row["state"] != "planned" or not standing.open:
            return
        seen = await seen_since(connection, standing, row["seen_from"])
        await self._store.change_followup(connection, school.guild, look, state="due", findings_seen=seen)
        values = {"case": str(standing.id), "number": str(standing.row["number"]), "seen": str(seen)}
        owner, receiver = str(standing.row["owner"]), Receiver("channel", school.staff_channel)
        if await wants_dm(connection, school, owner, standing.row["class_name"]):
            receiver = Receiver("user", owner)
        else:
            values["ping"] = owner
        about = (school.guild, FOLLOWUP, look, receiver)
        await self._outbox.enqueue(connection, *about, values=values, priority=Priority.PUPIL)


def opening_on(school: School, day: date) -> datetime:
    """Return when the school opens on a day, or on the first school day after it (UTC)."""
    return next_open(school, datetime.combine(day, time(), school.zone).astimezone(UTC))


async def seen_since(connection: AsyncConnection, standing: Standing, since: datetime) -> int:
    """Return how many findings there were between the pupils of a case since a moment; dismissed ones don't count.

    When no hurt pupil is named, everything by the others counts.
    """
    hurt, did = standing.hurt, standing.did
    between = or_(
        and_(finding.c.author.in_(did), finding.c.target.in_(hurt)),
        and_(finding.c.author.in_(hurt), finding.c.target.in_(did)),
    )
    about = between if hurt else finding.c.author.in_(did)
    fresh = and_(finding.c.school == standing.row["school"], finding.c.said_at > since, finding.c.state != "dismissed")
    counted = select(func.count()).select_from(finding).where(fresh, or_(about, finding.c.case == standing.id))
    return await connection.scalar(counted) or 0
