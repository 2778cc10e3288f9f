"""What the staff see of a report, and its files; every look is audited."""

from __future__ import annotations

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.people import Actor, Role
from bot.reports.access import require_reader
from bot.reports.facts import KeptFile, ReportState, ReportView
from bot.reports.kept import Kept
from bot.reports.receiving import Receiving
from bot.reports.store import ReportStore
from bot.screening.verdict import Severity
from bot.storage.audit import Audit
from bot.storage.engine import Database


class Showing:
    """Shows reports to those who may read them."""

    def __init__(
        self, *, database: Database, store: ReportStore, audit: Audit, kept: Kept, receiving: Receiving
    ) -> None:
        self._database = database
        self._store = store
        self._seals = store.seals
        self._audit = audit
        self._kept = kept
        self._receiving = receiving

    async def view(self, actor: Actor, report: int) -> ReportView:
        """Return a report for staff; audited."""
        async with self._database.write() as connection:
            row = await self._store.get(connection, actor.school.guild, report)
            require_reader(actor, row, await self._store.about(connection, row))
            await self._audit.note(connection, row["school"], actor.id, "show", f"report:{report}")
            return await self._view(connection, actor, row)

    async def file(self, actor: Actor, report: int, evidence: int) -> KeptFile:
        """Return one file of a report; audited."""
        async with self._database.write() as connection:
            row = await self._store.get(connection, actor.school.guild, report)
            require_reader(actor, row, await self._store.about(connection, row))
            await self._audit.note(connection, row["school"], actor.id, "export", f"evidence:{evidence}")
        return await self._receiving.content(row["school"], evidence, report=report)

    async def _view(self, connection: AsyncConnection, actor: Actor, row: RowMapping) -> ReportView:
        message, files = await self._kept.of_report(connection, row["school"], row["id"])
        coordinator = Role.COORDINATOR in actor.roles(row["class_name"])
        return ReportView(
            id=row["id"],
            number=row["number"],
            state=ReportState(row["state"]),
            anonymous=row["anonymous"],
            reporter=None if row["anonymous"] else self._seals.reporter(row),
            class_name=row["class_name"],
            severity=Severity(row["severity"]),
            what=self._seals.text(row, "what_sealed"),
            who=self._seals.text(row, "who_sealed"),
            since=self._seals.text(row, "since_sealed"),
            created_at=row["created_at"],
            taken_by=row["taken_by"],
            alert=row["alert"],
            case=row["case"],
            origin=row["origin"],
            message=message,
            files=files,
            told=await self._receiving.told(connection, row["school"], row["id"]),
            talk=await self._store.lines(connection, row["school"], row["id"]),
            seal_opened_by=row["seal_opened_by"],
            seal_opened_at=row["seal_opened_at"],
            can_open_seal=row["anonymous"] and coordinator,
        )
