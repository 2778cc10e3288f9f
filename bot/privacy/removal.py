"""Takes things away with all that belongs to them, inside the caller's transaction.

Children go before parents. Cards that stand in a chat are not forgotten: their rows become ``withdraw`` and are taken
back by ``bot.privacy.withdrawing`` when the platform is there. Rows of outbox and timers are found by the id they are
about; ids are unique over all tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import PUPIL_KINDS
from bot.storage.tables import (
    alert,
    case_,
    case_event,
    case_pupil,
    consent,
    consent_use,
    evidence,
    finding,
    followup,
    media_hold,
    metadata,
    outbox,
    removed_picture,
    report,
    talk,
    timer,
)
from bot.storage.vault import Place, Vault

ERASED = "erased"
"""Stands where a user id stood that may not be empty."""
WITHDRAW = "withdraw"
_EMPTY_HOLD: dict[str, Any] = {
    "author": ERASED,
    "alert": None,
    "finding": None,
    "class_name": None,
    "state": ERASED,
    "files": [],
    "told_sealed": None,
    "objector_mark": None,
    "readers": [],
    "decided_by": None,
    "reason_sealed": None,
    "posted_message": None,
}
AT_A_TIME = 400  # ids in one statement; databases allow 999 or more
PART = 100  # things in one transaction of a rule: alerts wait for it no longer than for a click


class Removal:
    """One removal of one school. ``counts``: rows by table.

    ``after``: where the part before ended; ``ended``: where this part did, None when nothing is left.
    """

    def __init__(self, connection: AsyncConnection, vault: Vault, school: str, after: int | None = None) -> None:
        self.connection = connection
        self._vault = vault
        self.school = school
        self.counts: dict[str, int] = {}
        self.ended: int | None = None
        self._after = after

    async def findings(self, ids: Iterable[int]) -> None:
        """Erase findings, their evidence, and the alerts that nothing belongs to afterwards."""
        for some in chunks(ids):
            alerts = await self.ids(select(finding.c.alert).where(finding.c.id.in_(some), finding.c.alert.is_not(None)))
            await self.holds(await self.ids(select(media_hold.c.id).where(media_hold.c.finding.in_(some))))
            await self.rows(evidence, evidence.c.finding.in_(some))
            await self._said(some)
            await self.rows(finding, finding.c.id.in_(some))
            await self.loose_alerts(alerts)

    async def reports(self, ids: Iterable[int]) -> None:
        """Erase reports, their talk and evidence, and the alerts that nothing belongs to afterwards."""
        for some in chunks(ids):
            alerts = await self.ids(select(report.c.alert).where(report.c.id.in_(some), report.c.alert.is_not(None)))
            await self.rows(talk, talk.c.report.in_(some))
            await self.rows(evidence, evidence.c.report.in_(some))
            await self._said(some)
            await self.rows(report, report.c.id.in_(some))
            await self.loose_alerts(alerts)

    async def holds(self, ids: Iterable[int]) -> None:
        """Erase what waited on the photo road; where a picture's print stays, only that stays."""
        for some in chunks(ids):
            alerts = await self.ids(select(media_hold.c.alert).where(media_hold.c.id.in_(some)))
            printed = select(removed_picture.c.hold).where(removed_picture.c.hold.in_(some))
            await self._said(some)
            await self.rows(media_hold, media_hold.c.id.in_(some) & media_hold.c.id.not_in(printed))
            for row in await self.ids(select(media_hold.c.id).where(media_hold.c.id.in_(some))):
                await self.change(media_hold, media_hold.c.id == row, message=f"{ERASED}:{row}", **_EMPTY_HOLD)
            await self.loose_alerts([one for one in alerts if one is not None])

    async def consents(self, ids: Iterable[int]) -> None:
        """Erase consents and where they were used."""
        for some in chunks(ids):
            await self.rows(consent_use, consent_use.c.consent.in_(some))
            await self.rows(consent, consent.c.id.in_(some))

    async def cases(self, ids: Iterable[int]) -> None:
        """Erase cases with their findings, reports and evidence."""
        for case in ids:
            await self._contents(case)
            await self.rows(followup, followup.c.case == case)
            await self.rows(case_event, case_event.c.case == case)
            await self.rows(case_, case_.c.id == case)

    async def anonymise_cases(self, ids: Iterable[int]) -> None:
        """Leave of cases only numbers, steps and dates."""
        for case in ids:
            await self._contents(case)
            gone: dict[str, Any] = {"owner": ERASED, "class_name": None}
            await self.change(case_, case_.c.id == case, **gone)
            await self.change(case_event, case_event.c.case == case, by=ERASED, text_sealed=None, detail="")
            await self.change(followup, followup.c.case == case, answered_by=None, note_sealed=None)

    async def words_of_reports(self, ids: Iterable[int]) -> None:
        """Erase what was written in reports and their talk; that there was a report stays."""
        for some in chunks(ids):
            await self.rows(talk, talk.c.report.in_(some))
            words = {"what_sealed": None, "who_sealed": None, "since_sealed": None, "seal_reason_sealed": None}
            await self.change(report, report.c.id.in_(some), **words)

    async def seals(self, ids: Iterable[int]) -> None:
        """Erase who made reports."""
        for row in ids:
            place = Place(self.school, "report", "reporter_sealed", row)
            nobody = {"reporter_sealed": self._vault.seal(place, ERASED), "reporter_mark": f"{ERASED}:{row}"}
            await self.change(report, report.c.id == row, **nobody)
            to_pupil = (outbox.c.subject == row) & outbox.c.kind.in_(sorted(PUPIL_KINDS))
            await self.rows(outbox, to_pupil)

    async def loose_alerts(self, ids: Iterable[int]) -> None:
        """Erase those of these alerts that nothing refers to."""
        for some in chunks(ids):
            held = [await self.ids(select(column).where(column.in_(some))) for column in _references(alert)]
            loose = sorted(set(some) - {one for group in held for one in group})
            await self._said(loose)
            await self.rows(alert, alert.c.id.in_(loose))

    async def rows(self, table: Table, which: Any) -> int:
        """Delete rows of this school."""
        done = await self.connection.execute(delete(table).where(self._ours(table), which))
        return self._count(table, done.rowcount)

    async def change(self, table: Table, which: Any, **values: Any) -> int:
        """Change rows of this school."""
        asked = update(table).where(self._ours(table), which).values(**values)
        return self._count(table, (await self.connection.execute(asked)).rowcount)

    async def ids(self, asked: Any) -> Sequence[Any]:
        """Return the first column of what is asked."""
        return (await self.connection.execute(asked)).scalars().all()

    async def part(self, table: Table, *which: Any) -> Sequence[int]:
        """Return the ids of a part of a table's rows of this school, in order."""
        found = select(table.c.id).where(self._ours(table), *which).order_by(table.c.id).limit(PART)
        ids: Sequence[int] = await self.ids(found if self._after is None else found.where(table.c.id > self._after))
        self.ended = ids[-1] if len(ids) == PART else None
        return ids

    def _ours(self, table: Table) -> ColumnElement[bool]:
        # in words that no index answers: SQLite would look up the school and walk all its rows, instead of by the ids
        return func.coalesce(table.c.school, "") == self.school

    async def _contents(self, case: int) -> None:
        looks = await self.ids(select(followup.c.id).where(followup.c.case == case))
        await self._said([case, *looks])
        await self.rows(case_pupil, case_pupil.c.case == case)
        await self.findings(await self.ids(select(finding.c.id).where(finding.c.case == case)))
        await self.reports(await self.ids(select(report.c.id).where(report.c.case == case)))
        await self.rows(evidence, evidence.c.case == case)

    async def _said(self, subjects: Sequence[int]) -> None:
        about = outbox.c.subject.in_(list(subjects))
        shown = about & outbox.c.sent_message.is_not(None) & outbox.c.kind.not_in(sorted(PUPIL_KINDS))
        withdrawn: dict[str, Any] = {"state": WITHDRAW, "receiver": ERASED, "values": {}}
        await self.change(outbox, shown, **withdrawn)
        await self.rows(outbox, about & (outbox.c.state != WITHDRAW))
        await self.rows(timer, timer.c.subject.in_(list(subjects)))

    def _count(self, table: Table, rows: int) -> int:
        if rows:
            self.counts[table.name] = self.counts.get(table.name, 0) + rows
        return rows


def chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    """Cut ids into lists that fit one statement."""
    all_ = list(ids)
    for start in range(0, len(all_), AT_A_TIME):
        yield all_[start : start + AT_A_TIME]


def _references(table: Table) -> list[Any]:
    keys = (key for other in metadata.tables.values() for key in other.foreign_keys)
    return [key.parent for key in keys if key.column.table is table]


async def newest_talk(connection: AsyncConnection, school: str) -> dict[int, Any]:
    """Return when something was last said in each report."""
    asked = select(talk.c.report, func.max(talk.c.created_at)).where(talk.c.school == school).group_by(talk.c.report)
    return {row[0]: row[1] for row in await connection.execute(asked)}
