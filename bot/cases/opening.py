"""How a case begins: from an alert, or an alert joins a case about the same pupils."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol as Interface

from sqlalchemy import RowMapping, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.facts import CaseState
from bot.cases.store import CaseStore, Spot
from bot.cases.turn import Log
from bot.errors import NotFoundError, WrongStateError
from bot.findings.cards import about_alert
from bot.people import Actor
from bot.reports.facts import ReportTold
from bot.school import School
from bot.storage.tables import alert, case_, evidence, finding, report

FORM = re.compile(r"F[1-6]")
OTHER_ROADS = {"crisis": "error.case.crisis", "staff": "error.case.staff"}


class Linker(Interface):
    """What the review of alerts does for a case: rights, the alert's end, its findings."""

    async def may_link(self, connection: AsyncConnection, actor: Actor, number: int) -> None:
        """Go on only when this person may put an alert into a case. Raises ``NotAllowedError``, ``TakenError``."""
        ...

    async def link_case(self, connection: AsyncConnection, actor: Actor, number: int, case_id: int) -> None:
        """Put an alert into a case inside the caller's transaction."""
        ...


class ReportLinker(Interface):
    """What a case does with its reports (``bot.reports.incase``)."""

    async def to_case(self, connection: AsyncConnection, actor: Actor, alert: int, case: int) -> None:
        """Let the report of an alert, if there is one, belong to a case."""
        ...

    async def hand_over(self, connection: AsyncConnection, school: str, case: int, owner: str) -> None:
        """Let who leads a case now have its reports, as far as their makers chose nobody else."""
        ...

    async def close_with_case(self, connection: AsyncConnection, actor: Actor, case: int) -> None:
        """Close the reports of a case; their makers hear it."""
        ...

    async def told_in(self, connection: AsyncConnection, school: str, case: int) -> Sequence[ReportTold]:
        """Return what the reports of a case said, without who made them."""
        ...


@dataclass(frozen=True, slots=True)
class Pair:
    """Whom an alert is about: who was hurt and who did it, as far as the messages say."""

    hurt: tuple[str, ...]
    did: tuple[str, ...]


class Opening:
    """Begins cases, inside the caller's transaction."""

    def __init__(self, *, store: CaseStore, log: Log, linker: Linker, reports: ReportLinker) -> None:
        self._store = store
        self._log = log
        self._linker = linker
        self._reports = reports

    async def open(self, connection: AsyncConnection, actor: Actor, number: int) -> int:
        """Open a case from an alert and return its id. Raises ``WrongStateError``: it has one, or goes another road."""
        school = actor.school.guild
        row = await self._alert(connection, actor, number)
        protocol = self._log.protocol(school)
        pair = await pair_of(connection, actor.school, number)
        facts = {"class_name": row["class_name"], "step": protocol.first.id, "owner": actor.id}
        case = await self._store.add(connection, school, forms=await _forms(connection, number), **facts)
        await self._store.name_pupils(connection, school, case, pair.hurt, pair.did)
        spot = Spot(school, case, protocol.first.id)
        await self._store.say(connection, spot, "opened", actor.id, detail=f"protocol {protocol.hash[:40]}")
        await self._link(connection, actor, number, case)
        return case

    async def join(self, connection: AsyncConnection, actor: Actor, number: int, case: RowMapping) -> None:
        """Add an alert to an open case."""
        if case["state"] != CaseState.OPEN:
            raise WrongStateError("error.case.closed", number=case["number"])
        await self._alert(connection, actor, number)
        await self._link(connection, actor, number, case["id"])
        spot = Spot(case["school"], case["id"], case["step"])
        await self._store.say(connection, spot, "joined", actor.id, detail=f"alert:{number}")

    async def people_of(self, connection: AsyncConnection, actor: Actor, number: int) -> frozenset[str]:
        """Return everybody an alert is about. Raises ``NotAllowedError``: it is not theirs to put into a case."""
        await self._linker.may_link(connection, actor, number)
        pair = await pair_of(connection, actor.school, number)
        return frozenset((*pair.hurt, *pair.did))

    async def _alert(self, connection: AsyncConnection, actor: Actor, number: int) -> RowMapping:
        await self._linker.may_link(connection, actor, number)  # first: the refusals below say what the alert is about
        school = actor.school.guild
        where = and_(alert.c.school == school, alert.c.id == number)
        row = (await connection.execute(select(alert).where(where))).mappings().first()
        if row is None:
            raise NotFoundError("error.alert.gone")
        road = OTHER_ROADS.get(row["kind"]) or (OTHER_ROADS["staff"] if row["left_out"] else None)
        if road:
            raise WrongStateError(road)
        if known := await case_of(connection, school, number):
            raise WrongStateError("error.case.exists", number=known["number"])
        return row

    async def _link(self, connection: AsyncConnection, actor: Actor, number: int, case: int) -> None:
        await self._linker.link_case(connection, actor, number, case)
        await self._reports.to_case(connection, actor, number, case)


async def case_of(connection: AsyncConnection, school: str, number: int) -> RowMapping | None:
    """Return the case that an alert belongs to."""
    for table, about in ((finding, about_alert(number)), (report, report.c.alert == number)):
        asked = select(case_).join(table, table.c["case"] == case_.c.id)
        found = await connection.execute(asked.where(table.c.school == school, about).limit(1))
        if row := found.mappings().first():
            return row
    return None


async def pair_of(connection: AsyncConnection, school: School, number: int) -> Pair:
    """Return whom an alert is about. A report says it only by the message that was reported."""
    said = select(finding.c.author, finding.c.target).where(about_alert(number)).order_by(finding.c.id)
    rows = [(row.author, row.target) for row in await connection.execute(said)]
    kept = select(evidence.c.author).join(report, report.c.id == evidence.c.report).where(report.c.alert == number)
    rows += [(author, None) for author in (await connection.execute(kept)).scalars() if author]
    did = _pupils(school, [author for author, _ in rows])
    hurt = tuple(user for user in _pupils(school, [target for _, target in rows]) if user not in did)
    return Pair(hurt, did)


def _pupils(school: School, users: Sequence[str | None]) -> tuple[str, ...]:
    staff = {teacher for room in school.classes for teacher in room.teacher_ids}
    return tuple(dict.fromkeys(user for user in users if user and user not in staff))


async def _forms(connection: AsyncConnection, number: int) -> list[str]:
    signals = (await connection.execute(select(finding.c.signals).where(about_alert(number)))).scalars()
    rules = {signal["rule"] for some in signals for signal in some}
    return sorted(rule for rule in rules if FORM.fullmatch(rule))
