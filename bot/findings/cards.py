"""Reads alerts as people see them; each card is made anew from the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFoundError
from bot.findings.facts import AlertCard, SignalShown
from bot.screening.verdict import Severity
from bot.storage.tables import alert, case_, evidence, finding, media_hold, report
from bot.storage.vault import Vault

AnyRow = Row[tuple[object, ...]]
DISTRESS = "crisis:report:"  # group key of the alert about despair in a report, before the report's id


async def alert_row(connection: AsyncConnection, school: str, number: int) -> AnyRow:
    """Return an alert's row. Raises ``NotFoundError``: gone, or of another school."""
    asked = select(alert).where(alert.c.id == number, alert.c.school == school)
    row = (await connection.execute(asked)).first()
    if row is None:
        raise NotFoundError("error.alert.gone")
    return row


async def findings_of(connection: AsyncConnection, alerts: Iterable[int]) -> dict[int, list[AnyRow]]:
    """Return the findings of alerts, oldest first; an alert about a picture has that of the message's words too."""
    asked = list(alerts)
    beside = media_hold.join(finding, finding.c.id == media_hold.c.finding)
    shared = (media_hold.c.alert.in_(asked), media_hold.c.alert != finding.c.alert, ~media_hold.c.private)
    both = union_all(
        select(finding, finding.c.alert.label("told")).where(finding.c.alert.in_(asked)),
        select(finding, media_hold.c.alert.label("told")).select_from(beside).where(*shared),
    ).subquery()
    found: dict[int, list[AnyRow]] = {}
    for row in await connection.execute(select(both).order_by(both.c.said_at, both.c.id)):
        found.setdefault(row.told, []).append(row)
    return found


def about_alert(number: int) -> ColumnElement[bool]:
    """Return the condition for findings of an alert.

    Of a message whose words have an alert of their own, the alert about its picture has the same finding.
    """
    shown = select(media_hold.c.finding).where(media_hold.c.alert == number)
    return or_(finding.c.alert == number, finding.c.id.in_(shown))


async def about(connection: AsyncConnection, row: AnyRow) -> frozenset[str]:
    """Return whom an alert is about: who is left out of it, who wrote its messages or the one that was reported."""
    wrote = (await connection.execute(select(finding.c.author).where(about_alert(row.id)))).scalars().all()
    told = (await reports_of(connection, [row])).get(row.id)
    asked = select(evidence.c.author).where(evidence.c.report == (told.id if told is not None else None))
    reported = (await connection.execute(asked)).scalars().all() if told is not None else ()
    return frozenset((*row.left_out, *wrote, *(user for user in reported if user)))


async def reports_of(connection: AsyncConnection, rows: Sequence[AnyRow]) -> dict[int, AnyRow]:
    """Return the reports that alerts are about; a pupil in distress has a second alert, which names the report."""
    distress = {int(row.group_key.removeprefix(DISTRESS)): row.id for row in rows if row.group_key.startswith(DISTRESS)}
    asked = select(report).where(or_(report.c.alert.in_([row.id for row in rows]), report.c.id.in_(list(distress))))
    found = (await connection.execute(asked)).all()
    return {row.alert: row for row in found} | {distress[row.id]: row for row in found if row.id in distress}


class Cards:
    """Makes cards."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def one(self, connection: AsyncConnection, school: str, number: int) -> AlertCard:
        """Return one card. Raises ``NotFoundError``."""
        return (await self.many(connection, [await alert_row(connection, school, number)]))[0]

    async def many(self, connection: AsyncConnection, rows: Sequence[AnyRow]) -> list[AlertCard]:
        """Return the cards of alerts, in the order given."""
        ids = [row.id for row in rows]
        findings = await findings_of(connection, ids)
        reports = await reports_of(connection, rows)
        cases = {row.case for row in reports.values()} | {one.case for some in findings.values() for one in some}
        numbers = await _case_numbers(connection, cases - {None})
        return [self._card(row, findings.get(row.id, []), reports.get(row.id), numbers) for row in rows]

    def _card(self, row: AnyRow, findings: list[AnyRow], told: AnyRow | None, numbers: Mapping[int, int]) -> AlertCard:
        about = self._of_report(told) if told is not None else _of_findings(findings)
        case: int | None = about.pop("case")
        return AlertCard(
            id=row.id,
            school=row.school,
            kind=row.kind,
            severity=Severity(row.severity),
            state=row.state,
            class_name=row.class_name,
            count=row._mapping["count"],  # noqa: SLF001 - a row is a tuple, whose own ``count`` comes first
            claimed_by=row.claimed_by,
            case_id=case,
            case_number=numbers.get(case) if case is not None else None,
            outcome=row.outcome,
            version=row.version,
            created_at=row.created_at,
            **about,
        )

    def _of_report(self, told: AnyRow) -> dict[str, Any]:
        who = {"author": None, "target": None, "anonymous": told.anonymous, "report_id": told.id}
        what = {"channel": told.channel, "signals": (), "said_at": told.created_at, "url": "", "case": told.case}
        return {**who, **what, "engine": "", "removed": False}


def _of_findings(findings: list[AnyRow]) -> dict[str, Any]:
    worst = max(findings, key=lambda row: (Severity(row.severity).rank, row.said_at), default=None)
    facts: dict[str, Any] = {"anonymous": False, "report_id": None, "signals": _signals(findings)}
    facts["case"] = next((row.case for row in findings if row.case is not None), None)
    facts["removed"] = bool(findings) and all(row.removed_at is not None for row in findings)
    for name in ("channel", "author", "target", "said_at"):
        facts[name] = getattr(worst, name) if worst is not None else None
    for name in ("url", "engine"):
        facts[name] = getattr(worst, name) if worst is not None else ""
    return facts


def _signals(findings: list[AnyRow]) -> tuple[SignalShown, ...]:
    best: dict[tuple[str, str], SignalShown] = {}
    for one in (one for row in findings for one in row.signals):
        shown = SignalShown(**{**one, "severity": Severity(one["severity"])})
        key = (shown.signal, shown.reason)
        if key not in best or _weight(shown) > _weight(best[key]):
            best[key] = shown
    return tuple(sorted(best.values(), key=_weight, reverse=True))


def _weight(signal: SignalShown) -> tuple[int, float]:
    return signal.severity.rank, signal.score


async def _case_numbers(connection: AsyncConnection, cases: set[int]) -> dict[int, int]:
    if not cases:
        return {}
    asked = select(case_.c.id, case_.c.number).where(case_.c.id.in_(cases))
    return {row.id: row.number for row in await connection.execute(asked)}
