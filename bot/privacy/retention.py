"""What is kept no longer than the table says: ``Retention.run`` for one school, every night and by command."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Table, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.privacy.columns import TREATMENT, Kind
from bot.privacy.erased import ErasureList
from bot.privacy.removal import ERASED, Removal, newest_talk
from bot.privacy.rules import RULES, RetentionRules
from bot.school import School
from bot.storage.audit import seen_in
from bot.storage.engine import Database
from bot.storage.files import FileStore
from bot.storage.scrub import scrub
from bot.storage.tables import (
    alert,
    audit,
    case_,
    consent,
    dm_choice,
    finding,
    followup,
    judged_edit,
    media_hold,
    metadata,
    outbox,
    pseudonym,
    recheck,
    removed_picture,
    report,
    timer,
)
from bot.storage.vault import Vault

LOG = logging.getLogger(__name__)
BACKUPS = ("backups/*.db", "*.before-restore", "*.restored", "*.half")
UNDECIDED = timedelta(days=60)  # longer than a decided photo: a person must be able to look after a holiday
LOOSE_AFTER_S = 3600.0  # a file is written before its row is committed
Step = Callable[[Removal, str, datetime], Awaitable[None]]


class Retention:
    """Erases what was kept long enough."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        clock: Clock,
        rules: RetentionRules,
        files: FileStore,
        erased: ErasureList,
        state: Path,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._rules = rules
        self._files = files
        self._erased = erased
        self._state = state
        self._steps: Mapping[str, Sequence[Step]] = {**_STEPS, "case_closed": (self._cases,)}

    async def run(self, school: School) -> dict[str, int]:
        """Do all rules for a school and return how many rows of each table went or changed."""
        counts: dict[str, int] = {}
        for name in RULES:
            for step in self._steps.get(name, ()):
                done = await self._do(school, name, step)
                counts = {table: counts.get(table, 0) + done.get(table, 0) for table in counts | done}
        counts["files"] = await self.sweep(school.guild)
        await self._outside(school)
        await scrub(self._database)
        LOG.info("retention done", extra={"school": school.guild, "count": sum(counts.values())})
        return {table: count for table, count in counts.items() if count}

    async def sweep(self, school: str, older_s: float = LOOSE_AFTER_S) -> int:
        """Erase kept files that no row names any more; return how many."""
        async with self._database.read() as connection:
            known = {name for table in metadata.tables.values() for name in await _files(connection, table, school)}
        return await self._files.sweep(school, known, older_s)

    async def _do(self, school: School, name: str, step: Step) -> dict[str, int]:
        """Take a step part by part, each in a transaction of its own, so that alerts are written in between."""
        before = self._rules.of(school.guild, name).before(self._clock.now(), school.zone)
        counts: Counter[str] = Counter()
        after: int | None = None
        while True:
            async with self._database.write() as connection:
                removal = Removal(connection, self._vault, school.guild, after)
                await step(removal, school.guild, before)
            counts.update(removal.counts)
            if removal.ended is None:
                return dict(counts)
            after = removal.ended

    async def _cases(self, removal: Removal, school: str, before: datetime) -> None:
        ids = await removal.part(case_, case_.c.closed_at < before, case_.c.owner != ERASED)
        if self._rules.of(school, "case_closed").then == "anonymise":
            await removal.anonymise_cases(ids)
        else:
            await removal.cases(ids)

    async def _outside(self, school: School) -> None:
        now, zone = self._clock.now(), school.zone
        await self._erased.forget(school.guild, self._rules.of(school.guild, "erasure_list").before(now, zone))
        before = self._rules.rules["backup_local"].before(now, ZoneInfo("UTC"))
        await asyncio.to_thread(_drop_old, self._state, before)


async def _dismissed(removal: Removal, _school: str, before: datetime) -> None:
    old = and_(finding.c.state == "dismissed", finding.c.decided_at < before, finding.c.case.is_(None))
    await removal.findings(await removal.part(finding, old))


async def _without_case(removal: Removal, _school: str, before: datetime) -> None:
    await removal.findings(await removal.part(finding, finding.c.created_at < before, finding.c.case.is_(None)))


async def _loose_alerts(removal: Removal, _school: str, before: datetime) -> None:
    await removal.loose_alerts(await removal.part(alert, alert.c.created_at < before))


async def _drafts(removal: Removal, _school: str, before: datetime) -> None:
    await removal.reports(await removal.part(report, report.c.state == "draft", report.c.created_at < before))


async def _closed_reports(removal: Removal, _school: str, before: datetime) -> None:
    old = and_(report.c.state == "closed", report.c.closed_at < before, report.c.case.is_(None))
    await removal.reports(await removal.part(report, old))


async def _open_reports(removal: Removal, school: str, before: datetime) -> None:
    said = await newest_talk(removal.connection, school)
    waiting = and_(report.c.state.in_(("open", "taken")), report.c.created_at < before, report.c.case.is_(None))
    ids = await removal.part(report, waiting)
    await removal.reports([row for row in ids if row not in said or said[row] < before])


async def _words_in_cases(removal: Removal, school: str, before: datetime) -> None:
    closed = select(case_.c.id).where(case_.c.school == school, case_.c.closed_at < before)
    written = or_(report.c.what_sealed.is_not(None), report.c.who_sealed.is_not(None))
    await removal.words_of_reports(await removal.part(report, report.c.case.in_(closed), written))


async def _seals(removal: Removal, _school: str, before: datetime) -> None:
    going_on = select(case_.c.id).where(or_(case_.c.closed_at.is_(None), case_.c.closed_at >= before))
    over = or_(report.c.case.is_(None), report.c.case.not_in(going_on))
    known = report.c.reporter_mark.not_like(f"{ERASED}:%")
    old = and_(report.c.state == "closed", report.c.closed_at < before)
    await removal.seals(await removal.part(report, old, over, known))


async def _consents(removal: Removal, _school: str, before: datetime) -> None:
    ended = or_(consent.c.withdrawn_at < before, consent.c.until < before.date().isoformat())
    await removal.consents(await removal.part(consent, ended))


async def _holds(removal: Removal, school: str, before: datetime) -> None:
    decided = media_hold.c.decided_at < before
    forgotten = and_(media_hold.c.decided_at.is_(None), media_hold.c.created_at < before - UNDECIDED)
    going_on = select(finding.c.id).where(finding.c.school == school, finding.c.case.is_not(None))
    in_case = and_(media_hold.c.finding.is_not(None), media_hold.c.finding.in_(going_on))
    old = and_(or_(decided, forgotten), ~in_case, media_hold.c.author != ERASED)
    await removal.holds(await removal.part(media_hold, old))


async def _prints(removal: Removal, _school: str, before: datetime) -> None:
    await removal.rows(removed_picture, removed_picture.c.removed_at < before)


async def _bare_holds(removal: Removal, _school: str, _before: datetime) -> None:
    kept = select(removed_picture.c.hold)
    await removal.holds(await removal.part(media_hold, media_hold.c.author == ERASED, media_hold.c.id.not_in(kept)))


async def _outbox(removal: Removal, _school: str, before: datetime) -> None:
    done = and_(outbox.c.state.in_(("sent", "refused", "dropped")), outbox.c.created_at < before)
    lives = or_(
        *(exists().where(table.c.id == outbox.c.subject) for table in (alert, finding, report, followup, media_hold))
    )
    await removal.rows(outbox, outbox.c.id.in_(await removal.part(outbox, done, outbox.c.kind != "welcome", ~lives)))


async def _timers(removal: Removal, _school: str, before: datetime) -> None:
    await removal.rows(timer, timer.c.id.in_(await removal.part(timer, timer.c.done_at < before)))


async def _edits(removal: Removal, _school: str, before: datetime) -> None:
    await removal.rows(judged_edit, judged_edit.c.at < before)


async def _rechecks(removal: Removal, _school: str, before: datetime) -> None:
    await removal.rows(recheck, recheck.c.at < before)


async def _pseudonyms(removal: Removal, school: str, before: datetime) -> None:
    await removal.rows(pseudonym, pseudonym.c.pseudonym.not_in(seen_in(school, audit.c.at >= before)))


async def _choices(removal: Removal, _school: str, before: datetime) -> None:
    await removal.rows(dm_choice, dm_choice.c.changed_at < before)


_STEPS: Mapping[str, Sequence[Step]] = {
    "finding_dismissed": (_dismissed,),
    "finding_open": (_without_case, _loose_alerts),
    "draft": (_drafts,),
    "report_closed": (_closed_reports,),
    "report_open": (_open_reports,),
    "report_in_case": (_words_in_cases,),
    "seal": (_seals,),
    "consent": (_consents,),
    "media": (_holds,),
    "removed_picture": (_prints, _bare_holds),
    "outbox": (_outbox,),
    "timer": (_timers,),
    "judged_edit": (_edits,),
    "recheck": (_rechecks,),
    "pseudonym": (_pseudonyms,),
    "dm_choice": (_choices,),
}


async def _files(connection: AsyncConnection, table: Table, school: str) -> list[str]:
    found: list[str] = []
    for name in TREATMENT[table.name].of(Kind.FILE):
        column = table.c[name]
        asked = select(column).where(table.c.school == school, column.is_not(None))
        for value in (await connection.execute(asked)).scalars():
            found += [value] if isinstance(value, str) else [one["kept"] for one in value if one.get("kept")]
    return found


def _drop_old(state: Path, before: datetime) -> None:
    for pattern in BACKUPS:
        for path in state.glob(pattern):
            if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                path.unlink(missing_ok=True)
