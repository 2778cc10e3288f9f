"""What is done with a message with media when it is there: decided about, and held where that is needed.

take_in -> (timer) taken out of the channel. What a teacher does with the hold stands in ``bot.media.desk``. Decide,
write, then act.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, select, update

from bot.alerts.opening import Alerts
from bot.clock import Clock
from bot.consent.register import ConsentRegister
from bot.findings.facts import FindingState
from bot.media.config import Action, MediaConfig
from bot.media.decide import NOTHING, Decision, Looked, Why
from bot.media.judging import Judged, MediaJudge
from bot.media.store import HoldState, HoldStore
from bot.media.writing import TAKE, Arrived, MediaWriter
from bot.people import Actor, Verb, require
from bot.ports import ChatMessage
from bot.school import ClassRoom, School
from bot.screening.verdict import Severity
from bot.storage.engine import Database
from bot.storage.tables import finding, media_hold
from bot.timers import Timers

OBJECTED = "media.why.objected"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was decided, and the hold that came of it (None: the message was left alone)."""

    decision: Decision
    hold: int | None


class MediaIntake:
    """Takes messages with media in: those that arrive, and those that somebody objects to."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        store: HoldStore,
        writer: MediaWriter,
        judge: MediaJudge,
        consents: ConsentRegister,
        alerts: Alerts,
        timers: Timers,
        config: MediaConfig,
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._writer = writer
        self._judge = judge
        self._consents = consents
        self._alerts = alerts
        self._timers = timers
        self._config = config

    async def take_in(self, arrived: Arrived) -> TakenIn:
        """Decide about a message whose files were looked at; a hold is carried out by the timer ``media_take``."""
        school = arrived.school.guild
        async with self._database.read() as connection:
            known = await self._store.find(connection, school, arrived.message.id)
            if known is not None:
                arrived = replace(arrived, looked=_new_files(known, arrived.looked), links=0)
                if not arrived.looked:
                    return TakenIn(NOTHING, known["id"])
            judged = await self._judge.judge(connection, arrived)
        if judged.decision.action is Action.PASS:
            await self._passed(arrived, judged.consents)
            return TakenIn(judged.decision, known["id"] if known is not None else None)
        return await self._hold(arrived, judged)

    async def object_to(
        self, actor: Actor, message: ChatMessage, room: ClassRoom, looked: Sequence[Looked], *, by_staff: bool
    ) -> TakenIn:
        """Somebody in the class says: that is me, I don't want this. Held at once, no questions first.

        The fourth of a person in a day, and media posted by staff, go to the teacher without a hold.
        """
        require(actor, Verb.REPORT)
        mark = self._store.mark(actor.school.guild, actor.id)
        arrived = Arrived(message, actor.school, room, tuple(looked), by_staff=by_staff, objector=actor.id)
        async with self._database.read() as connection:
            known = await self._store.find(connection, actor.school.guild, message.id)
            count = await self._store.objections(connection, actor.school.guild, mark, self._morning(actor.school))
            judged = await self._judge.judge(connection, arrived)
        leave = count >= self._config.road.objections_a_day or by_staff
        if known is not None:
            return await self._objected_again(actor, known["id"], leave=leave)
        if leave and not judged.decision.private:
            judged = replace(judged, decision=replace(judged.decision, action=Action.FLAG))
        return await self._hold(arrived, judged)

    async def came_in(
        self, school: School, room: ClassRoom, user: str, reads: Callable[[str], Awaitable[bool]]
    ) -> None:
        """Note that somebody can read channels or threads of a class from now on: what stands there can be seen."""
        here = and_(media_hold.c.class_name == room.name, _stands(school))
        async with self._database.read() as connection:
            rows = (await connection.execute(select(media_hold).where(here))).mappings().all()
        for known in rows:
            if user in known["readers"] or not await reads(known["channel"]):
                continue
            async with self._database.write() as connection:
                row = await self._store.get(connection, school.guild, known["id"])
                await self._store.change(connection, row, readers=sorted({*row["readers"], user}))

    async def unsure(self, school: School) -> None:
        """Note that others may read channels from now on, and it is not known who: lists of readers are incomplete."""
        async with self._database.write() as connection:
            await connection.execute(update(media_hold).where(_stands(school)).values(readers_complete=False))

    async def _passed(self, arrived: Arrived, covering: tuple[int, ...]) -> None:
        if covering:
            message = arrived.message
            async with self._database.write() as connection:
                await self._consents.used(connection, message.school, covering, message.channel, message.id)

    async def _hold(self, arrived: Arrived, judged: Judged) -> TakenIn:
        files = await self._writer.keep(arrived, judged.decision)
        async with self._database.write() as connection:
            known = await self._store.find(connection, arrived.school.guild, arrived.message.id)
            if known is not None:
                await self._writer.add(connection, arrived, judged.decision, files, known)
                return TakenIn(judged.decision, known["id"])
            hold = await self._writer.write(connection, arrived, judged.decision, files)
            if judged.decision.action is Action.FLAG:
                where = (arrived.message.channel, arrived.message.id)
                await self._consents.used(connection, arrived.school.guild, judged.consents, *where)
            if judged.case is not None:
                row = await self._store.get(connection, arrived.school.guild, hold)
                values = {"case": judged.case, "state": FindingState.CASE}
                await connection.execute(update(finding).where(finding.c.id == row["finding"]).values(**values))
        return TakenIn(judged.decision, hold)

    async def _objected_again(self, actor: Actor, hold: int, *, leave: bool) -> TakenIn:
        school, now = actor.school.guild, self._clock.now()
        async with self._database.write() as connection:
            row = await self._store.get(connection, school, hold)
            told = replace(self._store.told(row), objector=actor.id)
            facts: dict[str, Any] = {"reasons": list(dict.fromkeys([*row["reasons"], Why.OBJECTION.value]))}
            facts |= {"told_sealed": self._store.sealed_told(row, told)}
            facts |= {"objector_mark": self._store.mark(school, actor.id)}
            if row["state"] not in {HoldState.FLAGGED, HoldState.APPROVED} or leave:
                await self._store.change(connection, row, **facts)
                await self._alerts.changed(connection, school, row["alert"])
                return TakenIn(NOTHING, hold)
            await self._store.change(connection, row, **facts, state=HoldState.TAKING, decided_by=None)
            await self._store.remember_removed(connection, row)
            await self._alerts.open_again(connection, school, row["alert"], Severity.ALERT, OBJECTED)
            await self._timers.plan(connection, school, TAKE, hold, now)
        return TakenIn(NOTHING, hold)

    def _morning(self, school: School) -> datetime:
        today = self._clock.now().astimezone(school.zone).date()
        return datetime.combine(today, time(), school.zone)


def _stands(school: School) -> ColumnElement[bool]:
    states = media_hold.c.state.in_((HoldState.TAKING, HoldState.FLAGGED))
    return and_(media_hold.c.school == school.guild, states)


def _new_files(row: RowMapping, looked: Sequence[Looked]) -> tuple[Looked, ...]:
    """Return the files that an edit added to a message with a hold."""
    known = {file["sha256"] for file in row["files"]}
    return tuple(one for one in looked if one.facts.sha256 not in known)
