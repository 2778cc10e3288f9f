"""The rows of reports and of their talk. Everything that was written stands sealed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, Ids
from bot.errors import NotFoundError
from bot.reports.facts import OwnReport, ReportState, TalkLine
from bot.reports.seal import Seals
from bot.reports.told import Told
from bot.screening.verdict import Severity
from bot.storage.tables import evidence, outbox, report, talk

DELIVERED = ("sent", "stale")
ANSWER_KINDS = ("report_answer", "report_closed")


class ReportStore:
    """Reads and writes rows inside the caller's transaction."""

    def __init__(self, *, seals: Seals, clock: Clock, ids: Ids) -> None:
        self.seals = seals
        self._clock = clock
        self._ids = ids

    async def add_draft(
        self, connection: AsyncConnection, school: str, user: str, *, what: str | None, **facts: Any
    ) -> int:
        """Begin a report of a user; ``facts``: origin, class_name, channel, message."""
        row = self._ids.new()
        sealed = {
            "reporter_sealed": self.seals.seal(school, row, "reporter_sealed", user),
            "reporter_mark": self.seals.mark(school, user),
            "what_sealed": self.seals.seal(school, row, "what_sealed", what or ""),
        }
        state = {"state": ReportState.DRAFT, "anonymous": True, "severity": Severity.QUIET, "left_out": []}
        now = {"created_at": self._clock.now(), "version": 1}
        await connection.execute(report.insert().values(id=row, school=school, **sealed, **state, **now, **facts))
        return row

    async def find(self, connection: AsyncConnection, school: str, row: int) -> RowMapping | None:
        """Return a report's row, drafts too."""
        where = and_(report.c.school == school, report.c.id == row)
        return (await connection.execute(select(report).where(where))).mappings().first()

    async def get(self, connection: AsyncConnection, school: str, row: int) -> RowMapping:
        """Return a filed report's row. Raises ``NotFoundError``."""
        found = await self.find(connection, school, row)
        if found is None or found["state"] == ReportState.DRAFT:
            raise NotFoundError("error.report.gone")
        return found

    async def about(self, connection: AsyncConnection, row: RowMapping) -> frozenset[str]:
        """Return whom a report is about: who is left out of it, and who wrote the message that was reported."""
        where = and_(evidence.c.school == row["school"], evidence.c.report == row["id"], evidence.c.author.is_not(None))
        wrote = (await connection.execute(select(evidence.c.author).where(where))).scalars()
        return frozenset((*(row["left_out"] or ()), *wrote))

    async def own(self, connection: AsyncConnection, school: str, row: int, user: str) -> RowMapping:
        """Return somebody's own filed report. Raises ``NotFoundError``: none of theirs."""
        found = await self.get(connection, school, row)
        if found["reporter_mark"] != self.seals.mark(school, user):
            raise NotFoundError("error.report.gone")
        return found

    async def all_own(self, connection: AsyncConnection, school: str, user: str) -> Sequence[RowMapping]:
        """Return somebody's own filed reports, newest first."""
        mine = and_(report.c.school == school, report.c.reporter_mark == self.seals.mark(school, user))
        filed = select(report).where(mine, report.c.state != ReportState.DRAFT).order_by(report.c.number.desc())
        return (await connection.execute(filed)).mappings().all()

    async def file(
        self, connection: AsyncConnection, school: str, row: int, told: Told, *, anonymous: bool, **facts: Any
    ) -> int:
        """Turn a draft into a report and return its number, which counts up within the school."""
        highest = await connection.scalar(select(func.max(report.c.number)).where(report.c.school == school))
        number = (highest or 0) + 1
        fields = (("what_sealed", told.what), ("who_sealed", told.who), ("since_sealed", told.since))
        sealed = {column: self.seals.seal(school, row, column, text) for column, text in fields}
        state = {"state": ReportState.OPEN, "anonymous": anonymous, "created_at": self._clock.now()}
        await self.change(connection, school, row, number=number, **sealed, **state, **facts)
        return number

    async def change(self, connection: AsyncConnection, school: str, row: int, **facts: Any) -> None:
        """Change a report's row."""
        where = and_(report.c.school == school, report.c.id == row)
        await connection.execute(update(report).where(where).values(version=report.c.version + 1, **facts))

    async def drop_draft(self, connection: AsyncConnection, school: str, row: int) -> bool:
        """Erase a draft; False when it was filed or is gone."""
        draft = and_(report.c.school == school, report.c.id == row, report.c.state == ReportState.DRAFT)
        return (await connection.execute(delete(report).where(draft))).rowcount > 0

    async def say(
        self, connection: AsyncConnection, row: RowMapping, direction: str, text: str, by: str | None = None
    ) -> int:
        """Add a line to the talk and return its id."""
        line, school = self._ids.new(), row["school"]
        sealed = self.seals.seal(school, line, "text_sealed", text, "talk")
        facts = {"report": row["id"], "direction": direction, "by": by, "created_at": self._clock.now()}
        await connection.execute(talk.insert().values(id=line, school=school, text_sealed=sealed, **facts))
        return line

    async def lines(self, connection: AsyncConnection, school: str, row: int) -> tuple[TalkLine, ...]:
        """Return the talk of a report, oldest first."""
        where = and_(talk.c.school == school, talk.c.report == row)
        found = (await connection.execute(select(talk).where(where).order_by(talk.c.id))).mappings().all()
        return tuple(
            TalkLine(
                id=one["id"],
                direction=one["direction"],
                by=one["by"],
                text=self.seals.text(one, "text_sealed", "talk"),
                at=one["created_at"],
                read=one["read_at"] is not None,
            )
            for one in found
        )

    async def mark_read(self, connection: AsyncConnection, school: str, lines: Sequence[int]) -> None:
        """Note that lines of the talk were read now."""
        unread = and_(talk.c.school == school, talk.c.id.in_(lines), talk.c.read_at.is_(None))
        await connection.execute(update(talk).where(unread).values(read_at=self._clock.now()))

    async def unread(self, connection: AsyncConnection, row: RowMapping) -> list[TalkLine]:
        """Return the answers that a report's maker can't have read: not delivered, and not shown either."""
        about = and_(outbox.c.school == row["school"], outbox.c.subject == row["id"])
        sent = select(outbox.c["values"]).where(about, outbox.c.kind.in_(ANSWER_KINDS), outbox.c.state.in_(DELIVERED))
        arrived = {str(values.get("talk", "")) for values in (await connection.execute(sent)).scalars()}
        lines = await self.lines(connection, row["school"], row["id"])
        return [one for one in lines if one.direction == "out" and not one.read and str(one.id) not in arrived]

    async def as_own(self, connection: AsyncConnection, row: RowMapping) -> OwnReport:
        """Return a report as its maker sees it."""
        return OwnReport(
            id=row["id"],
            number=row["number"],
            state=ReportState(row["state"]),
            anonymous=row["anonymous"],
            what=self.seals.text(row, "what_sealed"),
            created_at=row["created_at"],
            taken_by=row["taken_by"],
            talk=await self.lines(connection, row["school"], row["id"]),
            unread=len(await self.unread(connection, row)),
        )
