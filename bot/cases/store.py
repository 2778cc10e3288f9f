"""The rows of cases: the case, its pupils, what happened, and the looks ahead. What was written stands sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.facts import Answer, CaseState, EventLine, FollowUp, Side
from bot.clock import Clock, Ids
from bot.errors import NotFoundError, WrongStateError
from bot.storage.tables import case_, case_event, case_pupil, evidence, finding, followup, report
from bot.storage.vault import Place, Vault


@dataclass(frozen=True, slots=True)
class Spot:
    """A case at a step."""

    school: str
    case: int
    step: str


@dataclass(frozen=True, slots=True)
class Due:
    """A look to plan: of a case, at a moment, counting what was seen since another."""

    school: str
    case: int
    due_at: datetime
    seen_from: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A case with all that decides what can be done with it."""

    row: RowMapping
    events: tuple[EventLine, ...]
    hurt: tuple[str, ...]
    did: tuple[str, ...]
    authors: frozenset[str]
    followups: tuple[FollowUp, ...]
    findings: tuple[int, ...]
    reports: tuple[int, ...]
    evidence: int

    @property
    def id(self) -> int:
        """The case's id."""
        found: int = self.row["id"]
        return found

    @property
    def about(self) -> frozenset[str]:
        """Whom it is about: its pupils, and who wrote a message in it. They never work on it, whatever they are now."""
        return self.authors.union(self.hurt, self.did)

    @property
    def step(self) -> str:
        """The id of the step where it stands."""
        return str(self.row["step"])

    @property
    def open(self) -> bool:
        """Whether somebody still works on it."""
        return bool(self.row["state"] == CaseState.OPEN)

    @property
    def agreement(self) -> EventLine | None:
        """The newest agreements with their date."""
        return next((one for one in reversed(self.events) if one.action == "agreement"), None)

    def ticked(self, key: str) -> EventLine | None:
        """Return the event that set a check mark, None when it is not set (any more)."""
        last = next((e for e in reversed(self.events) if e.action in {"check", "uncheck"} and e.detail == key), None)
        return last if last is not None and last.action == "check" else None

    @property
    def looked_back(self) -> bool:
        """Whether a look has come, and the last answer was not that it goes on."""
        answered = [one for one in self.followups if one.outcome is not None]
        goes_on = bool(answered) and answered[-1].outcome is Answer.GOES_ON
        return any(one.state in {"due", "done"} for one in self.followups) and not goes_on


class CaseStore:
    """Reads and writes rows inside the caller's transaction."""

    def __init__(self, *, vault: Vault, clock: Clock, ids: Ids) -> None:
        self._vault = vault
        self._clock = clock
        self._ids = ids

    async def add(self, connection: AsyncConnection, school: str, **facts: Any) -> int:
        """Open a case; numbers count up within the school."""
        row = self._ids.new()
        highest = await connection.scalar(select(func.max(case_.c.number)).where(case_.c.school == school))
        about = {"number": (highest or 0) + 1, "state": CaseState.OPEN, "created_at": self._clock.now(), "version": 1}
        await connection.execute(case_.insert().values(id=row, school=school, **about, **facts))
        return row

    async def get(self, connection: AsyncConnection, school: str, row: int) -> RowMapping:
        """Return a case's row. Raises ``NotFoundError``."""
        where = and_(case_.c.school == school, case_.c.id == row)
        found = (await connection.execute(select(case_).where(where))).mappings().first()
        if found is None:
            raise NotFoundError("error.case.gone")
        return found

    async def standing(self, connection: AsyncConnection, school: str, row: int) -> Standing:
        """Return a case with its events, pupils, looks and what belongs to it. Raises ``NotFoundError``."""
        found = await self.get(connection, school, row)
        pupils = await self.pupils(connection, school, row)
        findings, reports, kept = await self._belongings(connection, school, row)
        return Standing(
            row=found,
            events=await self.events(connection, school, row),
            hurt=tuple(user for user, role in pupils if role == Side.HURT),
            did=tuple(user for user, role in pupils if role == Side.DID),
            authors=await self._authors(connection, school, row),
            followups=await self.followups(connection, school, row),
            findings=findings,
            reports=reports,
            evidence=kept,
        )

    async def move(self, connection: AsyncConnection, standing: Standing, **facts: Any) -> None:
        """Change a case, unless somebody else did since. Raises ``WrongStateError``."""
        row = standing.row
        same = and_(case_.c.school == row["school"], case_.c.id == row["id"], case_.c.version == row["version"])
        here = and_(same, case_.c.step == row["step"], case_.c.state == row["state"])
        changed = update(case_).where(here).values(version=case_.c.version + 1, **facts)
        if (await connection.execute(changed)).rowcount != 1:
            raise WrongStateError("error.case.changed", number=row["number"])

    async def say(self, connection: AsyncConnection, spot: Spot, action: str, by: str, **facts: Any) -> None:
        """Write down that something happened; ``facts``: detail, text, date."""
        row, text = self._ids.new(), facts.pop("text", None)
        sealed = self._vault.seal(Place(spot.school, "case_event", "text_sealed", row), text or None)
        about = {"case": spot.case, "step": spot.step, "action": action, "by": by, "at": self._clock.now()}
        kept = {"id": row, "school": spot.school, "text_sealed": sealed, **about, **facts}
        await connection.execute(case_event.insert().values(**kept))

    async def events(self, connection: AsyncConnection, school: str, case: int) -> tuple[EventLine, ...]:
        """Return what happened, oldest first."""
        where = and_(case_event.c.school == school, case_event.c.case == case)
        rows = (await connection.execute(select(case_event).where(where).order_by(case_event.c.id))).mappings()
        return tuple(
            EventLine(
                step=row["step"],
                action=row["action"],
                detail=row["detail"],
                by=row["by"],
                at=row["at"],
                text=self._vault.open(Place(school, "case_event", "text_sealed", row["id"]), row["text_sealed"]),
                date=row["date"],
            )
            for row in rows
        )

    async def pupils(self, connection: AsyncConnection, school: str, case: int) -> list[tuple[str, str]]:
        """Return the pupils of a case with their side."""
        where = and_(case_pupil.c.school == school, case_pupil.c.case == case)
        rows = await connection.execute(select(case_pupil).where(where).order_by(case_pupil.c.id))
        return [(row.user, row.role) for row in rows]

    async def name_pupils(
        self, connection: AsyncConnection, school: str, case: int, hurt: Sequence[str], did: Sequence[str]
    ) -> None:
        """Replace the pupils of a case."""
        await connection.execute(delete(case_pupil).where(case_pupil.c.school == school, case_pupil.c.case == case))
        for role, users in ((Side.HURT, hurt), (Side.DID, did)):
            for user in users:
                facts = {"school": school, "case": case, "user": user, "role": role}
                await connection.execute(case_pupil.insert().values(id=self._ids.new(), **facts))

    async def followups(self, connection: AsyncConnection, school: str, case: int) -> tuple[FollowUp, ...]:
        """Return the looks of a case that were not dropped, by date."""
        where = and_(followup.c.school == school, followup.c.case == case, followup.c.state != "dropped")
        ordered = select(followup).where(where).order_by(followup.c.due_at, followup.c.id)
        return tuple(self.as_followup(row) for row in (await connection.execute(ordered)).mappings())

    async def followup(self, connection: AsyncConnection, school: str, row: int) -> RowMapping:
        """Return a look's row. Raises ``NotFoundError``."""
        where = and_(followup.c.school == school, followup.c.id == row)
        found = (await connection.execute(select(followup).where(where))).mappings().first()
        if found is None:
            raise NotFoundError("error.case.gone")
        return found

    async def add_followup(self, connection: AsyncConnection, due: Due) -> int:
        """Plan a look."""
        row = self._ids.new()
        when = {"due_at": due.due_at, "seen_from": due.seen_from, "state": "planned"}
        await connection.execute(followup.insert().values(id=row, school=due.school, case=due.case, **when))
        return row

    async def change_followup(self, connection: AsyncConnection, school: str, row: int, **facts: Any) -> None:
        """Change a look's row; a note is sealed."""
        note = facts.pop("note", None)
        if note:
            facts["note_sealed"] = self._vault.seal(Place(school, "followup", "note_sealed", row), note)
        where = and_(followup.c.school == school, followup.c.id == row)
        await connection.execute(update(followup).where(where).values(**facts))

    def as_followup(self, row: RowMapping) -> FollowUp:
        """Return a look's row as a fact."""
        return FollowUp(
            id=row["id"],
            due_at=row["due_at"],
            state=row["state"],
            seen_from=row["seen_from"],
            seen=row["findings_seen"],
            outcome=Answer(row["outcome"]) if row["outcome"] else None,
            answered_by=row["answered_by"],
            answered_at=row["answered_at"],
            note=self._vault.open(Place(row["school"], "followup", "note_sealed", row["id"]), row["note_sealed"]),
        )

    async def _authors(self, connection: AsyncConnection, school: str, case: int) -> frozenset[str]:
        where = and_(finding.c.school == school, finding.c.case == case)
        return frozenset((await connection.execute(select(finding.c.author).where(where))).scalars())

    async def _belongings(
        self, connection: AsyncConnection, school: str, case: int
    ) -> tuple[tuple[int, ...], tuple[int, ...], int]:
        """Return the findings and reports of a case, and how many things are kept with it."""
        findings = await _ids_of(connection, finding, school, case)
        reports = await _ids_of(connection, report, school, case)
        counted = select(func.count()).select_from(evidence).where(belongs(school, case, findings, reports))
        return findings, reports, await connection.scalar(counted) or 0


def belongs(school: str, case: int, findings: Sequence[int], reports: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition for evidence of a case: its own, that of its findings, and that of its reports."""
    theirs = evidence.c.finding.in_(findings) | evidence.c.report.in_(reports) | (evidence.c.case == case)
    return and_(evidence.c.school == school, theirs)


async def _ids_of(connection: AsyncConnection, table: Any, school: str, case: int) -> tuple[int, ...]:
    where = and_(table.c.school == school, table.c.case == case)
    return tuple((await connection.execute(select(table.c.id).where(where).order_by(table.c.id))).scalars())
