"""Opening the seal of an anonymous report: by the coordinator, with a reason, in the log, and the pupil hears it."""

from __future__ import annotations

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import Outbox, Priority
from bot.clock import Clock
from bot.errors import InputError, NotAllowedError, WrongStateError
from bot.people import Actor, Verb, require
from bot.reports.store import ReportStore
from bot.reports.told import visible
from bot.storage.audit import Audit
from bot.storage.engine import Database

SEAL_TOLD = "reports.seal.told"  # text key of the note that tells a pupil that the seal was opened
REASON_LIMIT = 500  # characters


class Unsealing:
    """Opens seals."""

    def __init__(self, *, database: Database, store: ReportStore, audit: Audit, outbox: Outbox, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._seals = store.seals
        self._audit = audit
        self._outbox = outbox
        self._clock = clock

    async def open(self, actor: Actor, report: int, reason: str) -> str:
        """Open the seal of an anonymous report: returns the user id; audited, and the pupil is told.

        Raises
        ------
        NotAllowedError: not the coordinator, or the report is about this person.
        InputError: no reason.
        """
        require(actor, Verb.OPEN_SEAL)
        if not visible(reason) or len(reason) > REASON_LIMIT:
            raise InputError("error.report.seal_reason", limit=REASON_LIMIT)
        async with self._database.write() as connection:
            row = await self._store.get(connection, actor.school.guild, report)
            if actor.id in await self._store.about(connection, row):
                raise NotAllowedError("error.report.not_yours")
            if not row["anonymous"]:
                raise WrongStateError("error.report.no_seal", number=row["number"])
            await self._note_opened(connection, actor, row, reason.strip())
            return self._seals.reporter(row)

    async def _note_opened(self, connection: AsyncConnection, actor: Actor, row: RowMapping, reason: str) -> None:
        school, report = row["school"], row["id"]
        sealed = self._seals.seal(school, report, "seal_reason_sealed", reason)
        facts = {"seal_opened_by": actor.id, "seal_opened_at": self._clock.now(), "seal_reason_sealed": sealed}
        await self._store.change(connection, school, report, **facts)
        await self._audit.note(connection, school, actor.id, "open_seal", f"report:{report}")
        values = {"text": SEAL_TOLD, "number": str(row["number"])}
        about = (school, "pupil_note", report, self._seals.receiver(row))
        await self._outbox.enqueue(connection, *about, values=values, priority=Priority.PUPIL)
