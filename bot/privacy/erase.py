"""Erasing one person (AVG art. 17): what can go goes, what must stay is named with the reason and until when.

Somebody must still look at what is open: the school's care for safety at school comes first (art. 17(3)(b)); closed
cases stay for their term (art. 17(3)(b) and (e)) unless the school decides otherwise. Each erasure is first written on
a list of marks and repeated every night, so that nothing comes back with an old copy of the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.privacy.columns import TREATMENT, Kind
from bot.privacy.erased import ErasureList
from bot.privacy.people_in import over, place_of, take_out
from bot.privacy.removal import ERASED, Removal
from bot.privacy.retention import Retention
from bot.privacy.rules import RetentionRules
from bot.privacy.trail import AnyRow, Trail, made_at, trail_of
from bot.school import School
from bot.screening.verdict import Severity
from bot.storage.audit import Audit, seen_in
from bot.storage.engine import Database
from bot.storage.scrub import scrub
from bot.storage.tables import audit, dm_choice, evidence, media_hold, metadata, outbox, pseudonym, report
from bot.storage.vault import Vault

CONSOLE = "console"
"""Who acts in the audit log when somebody works at the command line."""


@dataclass(frozen=True, slots=True)
class Stays:
    """What is kept, and the key of the reason. ``until``: None while something is still open."""

    what: str
    count: int
    why: str
    until: datetime | None = None


@dataclass(slots=True)
class Sorted:
    """A trail, sorted into what goes and what stays. ``stripped``: closed reports whose maker goes."""

    findings: list[int] = field(default_factory=list)
    reports: list[int] = field(default_factory=list)
    stripped: list[int] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    evidence: list[int] = field(default_factory=list)
    holds: list[int] = field(default_factory=list)
    consents: list[int] = field(default_factory=list)
    stays: list[Stays] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many things go, by table."""
        counted = {"finding": self.findings, "report": [*self.reports, *self.stripped], "case": self.cases}
        counted |= {"evidence": self.evidence, "media_hold": self.holds, "consent": self.consents}
        return {name: len(rows) for name, rows in counted.items() if rows}


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was (or would be) done: rows by table, and what stays.

    ``overwritten``: whether the file's own leftovers are gone too; the bot's next night makes up for it.
    """

    counts: dict[str, int]
    stays: tuple[Stays, ...]
    overwritten: bool = True


class Eraser:
    """Erases people."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        clock: Clock,
        audit: Audit,
        rules: RetentionRules,
        erased: ErasureList,
        retention: Retention,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._audit = audit
        self._rules = rules
        self._erased = erased
        self._retention = retention

    async def plan(self, school: School, user: str, *, closed_cases: bool = False) -> Erasure:
        """Return what erasing somebody would do; nothing is changed."""
        async with self._database.read() as connection:
            trail = await trail_of(connection, self._vault, school.guild, user)
            found = self._sort(school, trail, closed_cases=closed_cases)
        return Erasure(found.counts, tuple(found.stays + _settings(school, user)))

    async def erase(self, school: School, user: str, *, closed_cases: bool = False, by: str = CONSOLE) -> Erasure:
        """Erase somebody, in the database, its files and its write-ahead log; audited. Raises ``StorageError``."""
        now = self._clock.now()
        await self._erased.add(school.guild, user, now, closed_cases=closed_cases)
        done = await self._do(school, user, now, by, closed_cases=closed_cases)
        await self._retention.sweep(school.guild)
        overwritten = await scrub(self._database, thoroughly=True)
        return Erasure(done.counts, (*done.stays, *_settings(school, user)), overwritten)

    async def repeat(self, school: School) -> int:
        """Do the list's erasures again for what an old copy brought back; return how many rows went."""
        listed = {line.mark: line for line in await self._erased.of(school.guild)}
        if not listed:
            return 0
        rows = 0
        for user in sorted(await self._users(school.guild)):
            line = listed.get(self._erased.mark(school.guild, user))
            if line is not None:
                done = await self._do(school, user, line.moment, None, closed_cases=line.closed_cases)
                rows += sum(done.counts.values())
        if rows:
            await self._retention.sweep(school.guild)
            await scrub(self._database)
        return rows

    async def _do(self, school: School, user: str, at: datetime, by: str | None, *, closed_cases: bool) -> Erasure:
        async with self._database.write() as connection:
            trail = await trail_of(connection, self._vault, school.guild, user, at)
            found = self._sort(school, trail, closed_cases=closed_cases)
            removal = Removal(connection, self._vault, school.guild)
            await self._remove(removal, found)
            await self._traces(removal, user, at)
            if by is not None:
                await self._audit.note(connection, school.guild, by, "privacy_erase", self.subject(school.guild, user))
        return Erasure(removal.counts, tuple(found.stays))

    def subject(self, school: str, user: str) -> str:
        """Return how the audit log names the person: by the mark that the list holds."""
        return f"person:{self._erased.mark(school, user)[:16]}"

    def _sort(self, school: School, trail: Trail, *, closed_cases: bool) -> Sorted:
        found = Sorted()
        closed = [row for row in trail.cases if row.closed_at is not None]
        going = {row.id for row in closed} if closed_cases else set()
        found.cases = sorted(going)
        self._sort_cases(school, found, [row for row in trail.cases if row.id not in going])
        open_findings = [row for row in trail.findings if row.case is None and _open(trail, row)]
        waiting = {row.id for row in open_findings}
        found.findings = [row.id for row in trail.findings if row.case is None and row.id not in waiting]
        open_reports = [row for row in trail.reports if row.state in {"open", "taken"} and row.case not in going]
        over = [row for row in trail.reports if row.state not in {"open", "taken"}]
        found.reports = [row.id for row in over if row.case is None]
        found.stripped = [row.id for row in over if row.case is not None and row.case not in going]
        found.evidence = [row.id for row in trail.evidence if row.case is None and row.report is None]
        open_holds = [row for row in trail.holds if row.finding is None and _open(trail, row)]
        loose = [row for row in trail.holds if row.finding is None and row not in open_holds]
        found.holds = [row.id for row in loose]
        found.consents = [row.id for row in trail.consents]
        _keep(found, "media_hold", len(open_holds), "open")
        _keep(found, "finding", len(open_findings), "open")
        _keep(found, "report", len(open_reports), "open")
        return found

    def _sort_cases(self, school: School, found: Sorted, staying: Iterable[AnyRow]) -> None:
        rule = self._rules.of(school.guild, "case_closed")
        rows = list(staying)
        closed = [row.closed_at for row in rows if row.closed_at is not None]
        _keep(found, "case", len(rows) - len(closed), "open")
        if closed:
            found.stays.append(Stays("case", len(closed), "term", rule.until(max(closed), school.zone)))

    async def _remove(self, removal: Removal, found: Sorted) -> None:
        await removal.findings(found.findings)
        await removal.reports(found.reports)
        await removal.holds(found.holds)
        await removal.consents(found.consents)
        await removal.seals(found.stripped)
        await removal.anonymise_cases(found.cases)
        await removal.rows(evidence, evidence.c.id.in_(found.evidence))

    async def _traces(self, removal: Removal, user: str, at: datetime) -> None:
        """Take somebody out of what else names them and need not stay."""
        school = removal.school
        reached = (outbox.c.receiver == user) & (outbox.c.receiver_kind == "user") & (outbox.c.created_at <= at)
        await removal.rows(outbox, reached & outbox.c.state.not_in(("waiting", "stale")))
        await removal.rows(dm_choice, (dm_choice.c.user == user) & (dm_choice.c.changed_at <= at))
        await self._last_reports_evidence(removal, user)
        mine = pseudonym.c.user_mark == self._vault.mark(school, "pseudonym", user)
        await removal.rows(pseudonym, mine & pseudonym.c.pseudonym.not_in(seen_in(school, audit.c.at > at)))
        objected = media_hold.c.objector_mark == self._vault.mark(school, "objector", user)
        nobody: dict[str, Any] = {"objector_mark": None}
        await removal.change(media_hold, objected & over(media_hold) & (made_at(media_hold) <= at), **nobody)
        for table in metadata.tables.values():
            for name in TREATMENT[table.name].of(Kind.STAFF):
                gone = None if table.c[name].nullable else ERASED
                await removal.change(
                    table, (table.c[name] == user) & over(table) & (made_at(table) <= at), **{name: gone}
                )
            for name in TREATMENT[table.name].of(Kind.PEOPLE):
                await take_out(removal, table, name, user, made_at(table) <= at)

    async def _last_reports_evidence(self, removal: Removal, user: str) -> None:
        """Erase somebody's messages that are kept with others' reports which are closed and in no case."""
        closed = select(report.c.id).where(report.c.state == "closed", report.c.case.is_(None))
        which = (evidence.c.author == user) & evidence.c.report.in_(closed) & evidence.c.case.is_(None)
        await removal.rows(evidence, which & evidence.c.finding.is_(None))

    async def _users(self, school: str) -> set[str]:
        found: set[str] = set()
        async with self._database.read() as connection:
            for table in metadata.tables.values():
                for name in TREATMENT[table.name].of(Kind.PERSON, Kind.STAFF):
                    asked = select(table.c[name]).where(table.c.school == school).distinct()
                    found |= {one for one in (await connection.execute(asked)).scalars() if one}
                found |= await self._sealed_users(connection, table, school)
        return found - {ERASED}

    async def _sealed_users(self, connection: AsyncConnection, table: Table, school: str) -> set[str]:
        found: set[str] = set()
        for name in TREATMENT[table.name].of(Kind.SEALED):
            for row in await connection.execute(select(table).where(table.c.school == school)):
                place = place_of(table, name, row)
                found.add(self._vault.open(place, getattr(row, name)) or ERASED)
        return found


def _open(trail: Trail, row: AnyRow) -> bool:
    """Whether somebody must still look: an alert that is not closed. A mere notice is not waited for."""
    about = trail.alerts.get(row.alert)
    return about is not None and about.state != "closed" and Severity(about.severity).flagged


def _keep(found: Sorted, what: str, count: int, why: str) -> None:
    if count:
        found.stays.append(Stays(what, count, why))


def _settings(school: School, user: str) -> list[Stays]:
    holders = {*school.coordinators, *school.moderators, *school.crisis, *school.ict, school.supervisor}
    teaches = {teacher for room in school.classes for teacher in room.teachers}
    named = f"user:{user}" in holders | teaches or school.pupil(user) is not None
    return [Stays("school", 1, "settings")] if named else []
