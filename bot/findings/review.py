"""What people do with an alert: look, take, dismiss, put into a case, pass on, open again.

Each action reads the state in its own transaction, asks for the right, changes the row on condition of that state,
notes it in the audit log and lets every card that was sent show it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Row, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.opening import Alerts, route_of
from bot.alerts.routing import rungs
from bot.clock import Clock
from bot.errors import TakenError, WrongStateError
from bot.findings.cards import Cards, about_alert, alert_row, findings_of, reports_of
from bot.findings.cards import about as whom
from bot.findings.evidence import EvidenceStore
from bot.findings.facts import AlertCard, AlertKind, AlertState, FindingState, Outcome, Shown
from bot.findings.kept import Kept, history_of
from bot.findings.measures import Measures
from bot.findings.standing import require_decision, require_for, wanted
from bot.people import Actor, Role, Verb, may, require
from bot.ports import ChatMessage, History
from bot.screening.verdict import Severity
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.tables import alert, finding, report
from bot.storage.vault import Place, Vault

CONTEXT = 11  # messages: five before, the message, five after
QUEUE_LENGTH = 100
PASSED_ON = "alerts.why.passed_on"
_WAITING = (AlertState.OPEN, AlertState.CLAIMED)
AnyRow = Row[tuple[object, ...]]
ReportTaken = Callable[[AsyncConnection, Actor, int], Awaitable[None]]


class Review:
    """The review of alerts."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        vault: Vault,
        audit: Audit,
        alerts: Alerts,
        evidence: EvidenceStore,
        history: History,
        measures: Measures,
        report_taken: ReportTaken,
    ) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._audit = audit
        self._alerts = alerts
        self._evidence = evidence
        self._history = history
        self._measures = measures
        self._report_taken = report_taken
        self._cards = Cards(vault)
        self._kept = Kept(vault)

    async def card(self, school: str, number: int) -> AlertCard:
        """Return an alert's card for the messenger; no rights are asked. Raises ``NotFoundError``."""
        async with self._database.read() as connection:
            return await self._cards.one(connection, school, number)

    async def queue(self, actor: Actor) -> list[AlertCard]:
        """Return what waits or is under way, the most urgent first, of the classes that this person may see."""
        require(actor, Verb.QUEUE)
        rank = case({one.value: one.rank for one in Severity}, value=alert.c.severity)
        asked = select(alert).where(alert.c.school == actor.school.guild, alert.c.state.in_(_WAITING))
        asked = asked.where(alert.c.kind.not_in((AlertKind.CRISIS, AlertKind.STAFF)))
        if not may(actor.roles(), Verb.SHOW):
            names = [room.name for room in actor.school.classes if may(actor.roles(room.name), Verb.SHOW)]
            asked = asked.where(or_(alert.c.class_name.in_(names), alert.c.claimed_by == actor.id))
        own = select(finding.c.alert).where(finding.c.school == actor.school.guild, finding.c.author == actor.id)
        asked = asked.where(alert.c.id.not_in(own.where(finding.c.alert.is_not(None))))
        async with self._database.read() as connection:
            ordered = asked.order_by(rank.desc(), alert.c.created_at).limit(QUEUE_LENGTH)
            rows = [row for row in await connection.execute(ordered) if _in_queue(actor, row)]
            return await self._cards.many(connection, rows)

    async def ready(self, actor: Actor, number: int, verb: Verb, *, closed: bool = False) -> None:
        """Go on only when this person could do this now: asked before a form is filled in; the deed asks again.

        ``closed``: it is done with a dismissed alert. Raises ``NotAllowedError``, ``TakenError``, ``WrongStateError``.
        """
        async with self._database.read() as connection:
            row, _, about = await self._standing(connection, actor, number)
        if closed:
            require_for(actor, verb, row, about)
        else:
            require_decision(actor, verb, row, about)
        if closed and row.outcome != Outcome.DISMISSED:
            raise WrongStateError("error.alert.not_dismissed")
        if not closed and row.state == AlertState.CLOSED:
            raise _closed(row)

    async def may_link(self, connection: AsyncConnection, actor: Actor, number: int) -> None:
        """Go on only when this person may put an alert into a case. Raises ``NotAllowedError``, ``TakenError``."""
        row, _, about = await self._standing(connection, actor, number)
        require_decision(actor, Verb.OPEN_CASE, row, about)

    async def show(self, actor: Actor, number: int) -> Shown:
        """Return everything behind an alert; noted in the audit log. Raises ``NotAllowedError``, ``NotFoundError``."""
        async with self._database.write() as connection:
            row, findings, about = await self._standing(connection, actor, number)
            require_for(actor, Verb.SHOW, row, about)
            await self._note(connection, actor, Verb.SHOW, number)
            card = await self._cards.one(connection, actor.school.guild, number)
            messages, notes = await self._kept.messages(connection, findings)
            history = await history_of(connection, findings, self._clock.now())
            place = await _place_of(connection, card, findings)
        context = await self._context(*place) if place else ()
        return Shown(card, messages, context, history, notes, card.report_id)

    async def take(self, actor: Actor, number: int) -> AlertCard:
        """Claim an alert: reminders stop, everybody sees who has it. Raises ``TakenError`` for the second."""
        async with self._database.write() as connection:
            row, _, about = await self._standing(connection, actor, number)
            require_for(actor, Verb.TAKE, row, about)
            if row.state == AlertState.CLAIMED and row.claimed_by == actor.id:
                return await self._cards.one(connection, actor.school.guild, number)
            await self._claim(connection, actor, row)
            return await self._cards.one(connection, actor.school.guild, number)

    async def dismiss(self, actor: Actor, number: int, reason: str) -> AlertCard:
        """Say that nothing is wrong, and why. Raises ``TakenError``, ``WrongStateError``, ``InputError``."""
        async with self._database.write() as connection:
            row, findings, about = await self._standing(connection, actor, number)
            require_decision(actor, Verb.DISMISS, row, about)
            if row.kind == AlertKind.REPORT:
                raise WrongStateError("error.alert.is_report")
            told = wanted(reason)
            await self._close(connection, actor, row, Outcome.DISMISSED)
            await self._decide(connection, actor, findings, FindingState.DISMISSED, told)
            await self._note(connection, actor, Verb.DISMISS, number)
            return await self._cards.one(connection, actor.school.guild, number)

    async def link_case(self, connection: AsyncConnection, actor: Actor, number: int, case_id: int) -> None:
        """Put an alert into a case inside the caller's transaction. Raises ``TakenError``, ``WrongStateError``."""
        row, _, about = await self._standing(connection, actor, number)
        findings = (await connection.execute(select(finding).where(about_alert(number)))).all()
        require_decision(actor, Verb.OPEN_CASE, row, about)
        was_open = row.state == AlertState.OPEN
        await self._close(connection, actor, row, Outcome.CASE)
        ids = [one.id for one in findings]
        values = {"case": case_id, "state": FindingState.CASE, "decided_by": actor.id, "decided_at": self._clock.now()}
        await connection.execute(update(finding).where(finding.c.id.in_(ids)).values(**values))
        told = await _report_of(connection, row)
        if told is not None:
            await connection.execute(update(report).where(report.c.id == told).values(case=case_id))
        if told is not None and was_open:
            await self._report_taken(connection, actor, told)
        await self._note(connection, actor, Verb.OPEN_CASE, number)

    async def pass_on(self, actor: Actor, number: int, note: str) -> AlertCard:
        """Give an alert to the coordinators, with a note; it is open again and they are reminded now."""
        async with self._database.write() as connection:
            row, findings, about = await self._standing(connection, actor, number)
            require_decision(actor, Verb.PASS_ON, row, about)
            told = wanted(note)
            values = {"state": AlertState.OPEN, "claimed_by": None, "claimed_at": None}
            same = (alert.c.id == number) & (alert.c.state != AlertState.CLOSED)
            if not (await connection.execute(update(alert).where(same).values(**values))).rowcount:
                raise _closed(row)
            for one in findings[-1:]:
                await self._evidence.keep_note(connection, row.school, one.id, actor.id, told)
            last = rungs(actor.school, route_of(row))[-1:]
            await self._alerts.restart(connection, row, last[0] if last else (), PASSED_ON)
            await self._alerts.changed(connection, row.school, number)
            await self._note(connection, actor, Verb.PASS_ON, number)
            return await self._cards.one(connection, actor.school.guild, number)

    async def remove(self, actor: Actor, number: int) -> AlertCard:
        """Take the messages of an alert away, see ``Measures``."""
        return await self._measures.remove(actor, number)

    async def time_out(self, actor: Actor, number: int, minutes: int, reason: str) -> AlertCard:
        """Silence the writer, see ``Measures``."""
        return await self._measures.time_out(actor, number, minutes, reason)

    async def reopen(self, actor: Actor, number: int, reason: str) -> AlertCard:
        """Change a decision: a dismissed alert is this person's to look at again. Raises ``WrongStateError``."""
        async with self._database.write() as connection:
            row, findings, about = await self._standing(connection, actor, number)
            require_for(actor, Verb.DISMISS, row, about)
            told = wanted(reason)
            now = self._clock.now()
            values = {"state": AlertState.CLAIMED, "outcome": None, "claimed_by": actor.id, "claimed_at": now}
            same = (alert.c.id == number) & (alert.c.outcome == Outcome.DISMISSED)
            if not (await connection.execute(update(alert).where(same).values(**values, closed_at=None))).rowcount:
                raise WrongStateError("error.alert.not_dismissed")
            await self._decide(connection, actor, findings, FindingState.TAKEN, told)
            await self._alerts.changed(connection, row.school, number)
            await self._audit.note(connection, row.school, actor.id, "reopen", f"alert:{number}")
            return await self._cards.one(connection, actor.school.guild, number)

    async def _standing(
        self, connection: AsyncConnection, actor: Actor, number: int
    ) -> tuple[AnyRow, list[AnyRow], frozenset[str]]:
        row = await alert_row(connection, actor.school.guild, number)
        findings = (await findings_of(connection, [number])).get(number, [])
        return row, findings, await whom(connection, row)

    async def _claim(self, connection: AsyncConnection, actor: Actor, row: AnyRow) -> None:
        now, school = self._clock.now(), actor.school.guild
        values = {"state": AlertState.CLAIMED, "claimed_by": actor.id, "claimed_at": now}
        same = (alert.c.id == row.id) & (alert.c.state == AlertState.OPEN)
        if not (await connection.execute(update(alert).where(same).values(**values))).rowcount:
            raise (
                _closed(row) if row.state == AlertState.CLOSED else TakenError("error.alert.taken", who=row.claimed_by)
            )
        taken = {"state": FindingState.TAKEN, "taken_by": actor.id}
        await connection.execute(update(finding).where(finding.c.alert == row.id).values(**taken))
        await self._alerts.stop(connection, school, row.id)
        told = await _report_of(connection, row)
        if told is not None:
            await self._report_taken(connection, actor, told)
        await self._alerts.changed(connection, school, row.id)
        await self._note(connection, actor, Verb.TAKE, row.id)

    async def _close(self, connection: AsyncConnection, actor: Actor, row: AnyRow, outcome: Outcome) -> None:
        if not await self._alerts.close(connection, actor.school.guild, row.id, outcome, actor.id):
            raise _closed(row)

    async def _decide(
        self, connection: AsyncConnection, actor: Actor, findings: list[AnyRow], state: FindingState, reason: str
    ) -> None:
        for one in findings:
            sealed = self._vault.seal(Place(one.school, "finding", "reason_sealed", one.id), reason)
            values: dict[str, Any] = {"state": state, "decided_by": actor.id, "decided_at": self._clock.now()}
            same = finding.c.id == one.id
            await connection.execute(update(finding).where(same).values(**values, reason_sealed=sealed))

    async def _note(self, connection: AsyncConnection, actor: Actor, verb: Verb, number: int) -> None:
        await self._audit.note(connection, actor.school.guild, actor.id, verb, f"alert:{number}")

    async def _context(self, channel: str, message: str) -> tuple[ChatMessage, ...]:
        return tuple(await self._history.around(channel, message, CONTEXT))


def _in_queue(actor: Actor, row: AnyRow) -> bool:
    if actor.id in row.left_out:
        return False
    private = bool(row.receivers)
    return not private or actor.holds(tuple(row.receivers)) or Role.COORDINATOR in actor.roles()


def _closed(row: AnyRow) -> WrongStateError:
    if row.outcome == Outcome.CASE:
        return WrongStateError("error.alert.in_case")
    return WrongStateError("error.alert.closed")


async def _report_of(connection: AsyncConnection, row: AnyRow) -> int | None:
    found = (await reports_of(connection, [row])).get(row.id)
    return found.id if found is not None else None


async def _place_of(connection: AsyncConnection, card: AlertCard, findings: list[AnyRow]) -> tuple[str, str] | None:
    if findings:
        return findings[-1].channel, findings[-1].message
    if card.report_id is None:
        return None
    asked = select(report.c.channel, report.c.message).where(report.c.id == card.report_id)
    row = (await connection.execute(asked)).one()
    return (row.channel, row.message) if row.channel and row.message else None
