"""Which rows are about somebody: the one answer that showing and erasing share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import alert, case_, case_pupil, consent, evidence, finding, media_hold, report
from bot.storage.vault import Vault

AnyRow = Row[tuple[Any, ...]]
_MADE = {
    "evidence": "kept_at",
    "consent": "recorded_at",
    "case_event": "at",
    "followup": "seen_from",
    "dm_choice": "changed_at",
    "school": "changed_at",
}


@dataclass(frozen=True, slots=True)
class Trail:
    """Rows about one person: written by them or aimed at them, reported by them, and the cases they are in.

    ``evidence``: kept messages of theirs that belong to no finding of theirs. ``alerts``: of the findings, by id.
    """

    findings: tuple[AnyRow, ...]
    reports: tuple[AnyRow, ...]
    cases: tuple[AnyRow, ...]
    evidence: tuple[AnyRow, ...]
    holds: tuple[AnyRow, ...]
    consents: tuple[AnyRow, ...]
    alerts: dict[int, AnyRow]


async def trail_of(
    connection: AsyncConnection, vault: Vault, school: str, user: str, before: datetime | None = None
) -> Trail:
    """Return the rows of a school about a user, those made before a moment only when one is given."""
    named = or_(finding.c.author == user, finding.c.target == user)
    findings = await _rows(connection, finding, school, named, before)
    mine = report.c.reporter_mark == reporter_mark(vault, school, user)
    reports = await _rows(connection, report, school, mine, before)
    own = await _rows(connection, evidence, school, evidence.c.author == user, before)
    holds = await _rows(connection, media_hold, school, media_hold.c.author == user, before)
    consents = await _rows(connection, consent, school, consent.c.pupil == user, before)
    about = {row.id for row in findings}
    others = [row for row in own if row.finding not in about]
    pupils = select(case_pupil.c.case).where(case_pupil.c.school == school, case_pupil.c.user == user)
    cases = {row.case for row in (*findings, *reports, *others)} | set((await connection.execute(pupils)).scalars())
    alerts = await _by_id(connection, alert, school, {row.alert for row in (*findings, *holds)})
    in_cases = await _by_id(connection, case_, school, cases)
    kept = [row for row in in_cases.values() if before is None or row.created_at <= before]
    return Trail(tuple(findings), tuple(reports), tuple(kept), tuple(others), tuple(holds), tuple(consents), alerts)


def reporter_mark(vault: Vault, school: str, user: str) -> str:
    """Return what somebody's own reports are found by (as ``bot.reports.seal`` writes it)."""
    return vault.mark(school, "reporter", user)


def made_at(table: Any) -> Any:
    """Return the column that says when a row was made."""
    return table.c[_MADE.get(table.name, "created_at")]


async def _rows(
    connection: AsyncConnection, table: Any, school: str, which: Any, before: datetime | None
) -> list[AnyRow]:
    asked = select(table).where(table.c.school == school, which).order_by(table.c.id)
    if before is not None:
        asked = asked.where(made_at(table) <= before)
    return list((await connection.execute(asked)).all())


async def _by_id(connection: AsyncConnection, table: Any, school: str, ids: Iterable[int | None]) -> dict[int, AnyRow]:
    wanted = sorted(one for one in ids if one is not None)
    asked = select(table).where(table.c.school == school, table.c.id.in_(wanted)).order_by(table.c.id)
    return {row.id: row for row in await connection.execute(asked)}
