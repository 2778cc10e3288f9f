"""Alerts as rows: opened, joined by more of the same, stopped when somebody has it. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.config import AlertRules
from bot.alerts.hours import add_school_minutes, is_open, next_open
from bot.alerts.outbox import ALERT_KINDS, Outbox, OutboxState
from bot.alerts.routing import USER, Holders, Route, rungs
from bot.alerts.telling import Telling, Told
from bot.clock import Clock, Ids
from bot.errors import NotFoundError
from bot.school import School, Schools
from bot.screening.verdict import Severity
from bot.storage.tables import alert, outbox
from bot.timers import Timers

LADDER = "ladder"
HELD = "alerts.why.held"
RISEN = "alerts.why.risen"
AlertRow = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class NewAlert:
    """What an alert is opened with.

    ``group_key``: more of the same within the hour joins it. ``receivers`` (``user:ID``, ``role:ID``): when not empty,
    only these are told, privately. ``left_out``: users it is about, who are never told and never decide.
    """

    school: School
    kind: str
    severity: Severity
    group_key: str
    class_name: str | None = None
    receivers: Holders = ()
    left_out: frozenset[str] = frozenset()
    values: Mapping[str, str] = field(default_factory=dict)


class Alerts:
    """Opens alerts and keeps their ladders going."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        outbox: Outbox,
        timers: Timers,
        schools: Callable[[], Schools],
        rules: AlertRules,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._outbox = outbox
        self._timers = timers
        self._schools = schools
        self._rules = rules
        self._telling = Telling(outbox)

    async def open(self, connection: AsyncConnection, new: NewAlert) -> int:
        """Open an alert, tell the first rung (a notice only waits in the queue) and return its id."""
        number, now = self._ids.new(), self._clock.now()
        who = {"receivers": list(new.receivers), "left_out": sorted(new.left_out), "class_name": new.class_name}
        what = {"kind": new.kind, "severity": new.severity.value, "group_key": new.group_key, "state": "open"}
        await connection.execute(
            alert.insert().values(id=number, school=new.school.guild, **who, **what, created_at=now)
        )
        if new.severity.flagged:
            route = Route(new.kind, new.class_name, new.receivers, new.left_out)
            await self._begin(connection, new.school, Told(number, route, new.severity, now, new.values))
        return number

    async def open_twin(self, connection: AsyncConnection, new: NewAlert) -> AlertRow | None:
        """Return the alert about the same, in the same class, that was opened within the hour and is not closed."""
        since = self._clock.now() - timedelta(minutes=self._rules.group.minutes)
        same = (alert.c.school == new.school.guild) & (alert.c.group_key == new.group_key) & (alert.c.kind == new.kind)
        fresh = (alert.c.created_at >= since) & (alert.c.state != "closed") & (alert.c.class_name == new.class_name)
        asked = select(alert).where(same, fresh).order_by(alert.c.created_at.desc()).limit(1)
        return (await connection.execute(asked)).first()

    async def join(self, connection: AsyncConnection, row: AlertRow, severity: Severity) -> None:
        """Count one more of the same; when it is worse than before, people are told again at once."""
        await connection.execute(
            update(alert).where(alert.c.id == row.id).values(count=alert.c.count + 1),
        )
        await self.raise_to(connection, row, severity)
        await self.changed(connection, row.school, row.id)

    async def raise_to(self, connection: AsyncConnection, row: AlertRow, severity: Severity) -> None:
        """Make an alert more urgent and tell people at once; less urgent changes nothing."""
        before = Severity(row.severity)
        if severity.rank <= before.rank:
            return
        await connection.execute(update(alert).where(alert.c.id == row.id).values(severity=severity.value))
        school = self._school(row.school)
        values = {"why": RISEN} if before.flagged else {}
        told = Told(row.id, route_of(row), severity, self._clock.now(), values)
        if row.claimed_by:
            await self._telling.remind(connection, school, (f"{USER}{row.claimed_by}",), told)
            return
        await self._drop_waiting(connection, row.school, row.id)
        await self._begin(connection, school, told)

    async def stop(self, connection: AsyncConnection, school: str, number: int) -> None:
        """Somebody has it: no more reminders, and no private message that was still waiting."""
        await self._timers.drop(connection, school, (LADDER,), number)
        await self._outbox.drop(connection, school, ("alert_reminder",), number)
        await self._outbox.drop(connection, school, ("alert", "crisis"), number, receiver_kind="user")
        await connection.execute(update(alert).where(alert.c.id == number).values(next_rung_at=None))

    async def close(self, connection: AsyncConnection, school: str, number: int, outcome: str, by: str) -> bool:
        """Close an alert that is open or claimed; False when somebody closed it before. Its cards show it."""
        same = (alert.c.id == number) & (alert.c.school == school) & (alert.c.state != "closed")
        now = self._clock.now()
        values = {"state": "closed", "outcome": outcome, "closed_at": now}
        owner = {
            "claimed_by": func.coalesce(alert.c.claimed_by, by),
            "claimed_at": func.coalesce(alert.c.claimed_at, now),
        }
        done = await connection.execute(update(alert).where(same).values(**values, **owner))
        if done.rowcount:
            await self.stop(connection, school, number)
            await self.changed(connection, school, number)
        return bool(done.rowcount)

    async def changed(self, connection: AsyncConnection, school: str, number: int) -> None:
        """Let every card of an alert show its new state."""
        await connection.execute(update(alert).where(alert.c.id == number).values(version=alert.c.version + 1))
        await self._outbox.show_again(connection, school, ALERT_KINDS, number)

    async def restart(self, connection: AsyncConnection, row: AlertRow, holders: Holders, why: str) -> None:
        """Give an alert to other people: remind them now and start the ladder's clock again."""
        school, now = self._school(row.school), self._clock.now()
        told = Told(row.id, route_of(row), Severity(row.severity), now, {"why": why})
        await self._telling.remind(connection, school, holders, told)
        await self._plan_next(connection, school, told, now)

    async def open_again(
        self, connection: AsyncConnection, school: str, number: int, severity: Severity, why: str
    ) -> None:
        """Let an alert wait for an answer again, as urgent as it was or more, and tell the first rung."""
        fresh = {"state": "open", "outcome": None, "closed_at": None, "claimed_by": None, "claimed_at": None}
        before = (await connection.execute(select(alert).where(alert.c.id == number))).one()
        worst = max(Severity(before.severity), severity, key=lambda one: one.rank)
        await connection.execute(update(alert).where(alert.c.id == number).values(**fresh, severity=worst.value))
        row = (await connection.execute(select(alert).where(alert.c.id == number))).one()
        route, first = route_of(row), rungs(self._school(school), route_of(row))[:1]
        told = Told(number, route, worst, self._clock.now(), {"why": why})
        if worst.flagged and first:
            await self._telling.remind(connection, self._school(school), first[0], told)
        await self.changed(connection, school, number)

    async def tell_also(
        self, connection: AsyncConnection, school: str, number: int, holders: Holders, why: str
    ) -> None:
        """Tell people beside the ladder, now."""
        row = (await connection.execute(select(alert).where(alert.c.id == number))).one()
        told = Told(number, route_of(row), Severity(row.severity), self._clock.now(), {"why": why})
        await self._telling.remind(connection, self._school(school), holders, told)

    async def _begin(self, connection: AsyncConnection, school: School, told: Told) -> None:
        now = self._clock.now()
        held = told.severity is not Severity.URGENT and not is_open(school, now)
        due_at = next_open(school, now) if held else now
        values = {**told.values, "why": HELD} if held else told.values
        first = next(iter(rungs(school, told.route)), ())
        told = Told(told.alert, told.route, told.severity, due_at, values)
        await self._telling.first(connection, school, first, told)
        await self._plan_next(connection, school, told, due_at, rung=0)

    async def _plan_next(
        self, connection: AsyncConnection, school: School, told: Told, since: datetime, rung: int | None = None
    ) -> None:
        due_at = self.next_rung_at(school, told.route.kind, told.severity, since)
        values: dict[str, object] = {"next_rung_at": due_at}
        if rung is not None:
            values["rung"] = rung
        await connection.execute(update(alert).where(alert.c.id == told.alert).values(**values))
        await self._timers.drop(connection, school.guild, (LADDER,), told.alert)
        await self._timers.plan(connection, school.guild, LADDER, told.alert, due_at)

    def next_rung_at(self, school: School, kind: str, severity: Severity, since: datetime) -> datetime:
        """Return until when the people told at ``since`` have time to take it up."""
        rung = self._rules.ladder.of(kind, severity)
        if rung.clock == "school":
            return add_school_minutes(school, since, rung.minutes)
        return since + timedelta(minutes=rung.minutes)

    async def _drop_waiting(self, connection: AsyncConnection, school: str, number: int) -> None:
        later = (outbox.c.state == OutboxState.WAITING) & (outbox.c.due_at > self._clock.now())
        same = (outbox.c.school == school) & (outbox.c.subject == number) & outbox.c.kind.in_(ALERT_KINDS)
        await connection.execute(update(outbox).where(same, later).values(state=OutboxState.DROPPED))

    def _school(self, guild: str) -> School:
        school = self._schools().get(guild)
        if school is None:
            raise NotFoundError("error.school.unknown")
        return school


def route_of(row: AlertRow) -> Route:
    """Return the facts of an alert's row that decide who is told."""
    return Route(row.kind, row.class_name, tuple(row.receivers), frozenset(row.left_out))
