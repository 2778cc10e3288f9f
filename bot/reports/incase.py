"""The reports of a case: who leads the case has them, its dossier tells what they said, and they close with it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people import Actor
from bot.reports.facts import ReportState, ReportTold
from bot.reports.kept import Kept
from bot.reports.store import ReportStore
from bot.reports.talking import Talking
from bot.storage.tables import report as report_table


class CaseReports:
    """What a case does with its reports, inside the caller's transaction."""

    def __init__(self, *, store: ReportStore, kept: Kept, talking: Talking) -> None:
        self._store = store
        self._seals = store.seals
        self._kept = kept
        self._talking = talking

    async def to_case(self, connection: AsyncConnection, actor: Actor, alert: int, case: int) -> None:
        """Let the report of an alert, if there is one, belong to a case; who leads the case has the report."""
        school = actor.school.guild
        where = and_(report_table.c.school == school, report_table.c.alert == alert)
        row = await connection.scalar(select(report_table.c.id).where(where))
        if row is not None:
            await self._store.change(connection, school, row, case=case, taken_by=actor.id)
            await self._kept.move(connection, school, row, case)

    async def told_in(self, connection: AsyncConnection, school: str, case: int) -> Sequence[ReportTold]:
        """Return what the reports of a case said, without who made them."""
        where = and_(report_table.c.school == school, report_table.c.case == case)
        rows = (await connection.execute(select(report_table).where(where).order_by(report_table.c.number))).mappings()
        return [
            ReportTold(
                number=row["number"],
                at=row["created_at"],
                what=self._seals.text(row, "what_sealed"),
                who=self._seals.text(row, "who_sealed"),
                since=self._seals.text(row, "since_sealed"),
            )
            for row in rows.all()
        ]

    async def hand_over(self, connection: AsyncConnection, school: str, case: int, owner: str) -> None:
        """Let who leads a case now have its reports; one for which the pupil chose somebody stays with that person."""
        where = and_(report_table.c.school == school, report_table.c.case == case, report_table.c.receiver.is_(None))
        for row in (await connection.execute(select(report_table.c.id).where(where))).scalars().all():
            await self._store.change(connection, school, row, taken_by=owner)

    async def close_with_case(self, connection: AsyncConnection, actor: Actor, case: int) -> None:
        """Close the reports of a case that was closed; their makers hear it."""
        where = and_(report_table.c.school == actor.school.guild, report_table.c.case == case)
        open_ = and_(where, report_table.c.state != ReportState.CLOSED)
        for row in (await connection.execute(select(report_table).where(open_))).mappings().all():
            await self._talking.close_row(connection, row, actor.id, "")
