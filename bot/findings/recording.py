"""Writes what was seen: finding, evidence, alert and everything to be said about it, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.config import AlertRules
from bot.alerts.opening import Alerts, NewAlert
from bot.alerts.outbox import Outbox, Priority
from bot.alerts.routing import Holders, crisis_receivers, staff_receivers
from bot.clock import Clock, Ids
from bot.findings.evidence import EDIT, EvidenceStore
from bot.findings.facts import AlertKind, FindingState, Outcome
from bot.findings.patterns import with_history
from bot.ports import ChatMessage, Receiver
from bot.school import ClassRoom, School
from bot.screening.verdict import Severity, Signal, SignalName, Verdict
from bot.storage.tables import alert, finding
from bot.storage.vault import Place, Vault

NOTES = {
    SignalName.PERSONAL_DATA: "alerts.pupil_note.personal_data",
    SignalName.CONTACT: "alerts.pupil_note.contact",
}
"""What a pupil is told kindly and privately (P1, P3)."""
HEATED_STAFF = "alerts.why.heated_staff"
FindingRow = Row[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One judged version of a message.

    ``by_staff``: its author works at the school. ``looked_again``: the model's verdict in the place of the words'.
    ``also``: who is told beside the class, because an adult takes part in a heated conversation (B2).
    """

    message: ChatMessage
    school: School
    room: ClassRoom
    verdict: Verdict
    by_staff: bool = False
    looked_again: bool = False
    also: Holders = ()


class Reported(Protocol):
    """Keeps what becomes of a message that a pupil reported, with a finding or without."""

    async def changed(self, connection: AsyncConnection, message: ChatMessage) -> None:
        """Keep a later version of a message."""
        ...

    async def deleted(self, connection: AsyncConnection, school: str, message: str) -> None:
        """Note that a message was deleted."""
        ...


class Recorder:
    """Writes findings inside the caller's transaction."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        vault: Vault,
        alerts: Alerts,
        outbox: Outbox,
        evidence: EvidenceStore,
        rules: AlertRules,
        reported: Reported,
    ) -> None:
        self._reported = reported
        self._clock = clock
        self._ids = ids
        self._vault = vault
        self._alerts = alerts
        self._outbox = outbox
        self._evidence = evidence
        self._rules = rules

    async def record(self, connection: AsyncConnection, seen: Seen) -> int | None:
        """Write a judged message down and return its finding; a quiet one leaves nothing, an edit adds evidence."""
        message = seen.message
        if message.revision:
            await self._reported.changed(connection, message)
        known = await find(connection, message.school, message.id)
        if known is not None:
            return await self._again(connection, seen, known)
        if seen.verdict.severity is Severity.QUIET:
            return None
        verdict = await with_history(connection, message, seen.verdict, self._rules, self._clock.now())
        return await self._new(connection, seen, verdict)

    async def deleted(self, connection: AsyncConnection, school: str, message: str) -> bool:
        """Note that a message was taken away; False when there is no finding about it, or it is known."""
        await self._reported.deleted(connection, school, message)
        known = await find(connection, school, message)
        if known is None or not await self._evidence.keep_deletion(connection, school, known.id):
            return False
        if known.alert is not None:
            await self._alerts.changed(connection, school, known.alert)
        return True

    async def _new(self, connection: AsyncConnection, seen: Seen, verdict: Verdict) -> int:
        number, message = self._ids.new(), seen.message
        about = await self._alert(connection, seen, verdict)
        who = {"author": message.author.id, "target": message.target.id if message.target else None}
        where = {"channel": message.channel, "message": message.id, "url": message.url}
        when = {"said_at": message.at, "created_at": self._clock.now(), "revision": message.revision}
        state = {"state": FindingState.OPEN, "class_name": seen.room.name, "alert": about}
        judged = self._judged(message.school, number, verdict)
        row = {"id": number, "school": message.school, **who, **where, **when, **state, **judged}
        await connection.execute(finding.insert().values(**row))
        await self._evidence.keep(connection, number, message)
        await self._tell_author(connection, seen, verdict, number, about)
        if seen.also:
            await self._alerts.tell_also(connection, seen.school.guild, about, seen.also, HEATED_STAFF)
        return number

    async def _alert(self, connection: AsyncConnection, seen: Seen, verdict: Verdict) -> int:
        new = new_alert(seen, verdict)
        twin = await self._alerts.open_twin(connection, new)
        if twin is None:
            return await self._alerts.open(connection, new)
        await self._alerts.join(connection, twin, verdict.severity)
        number: int = twin.id
        return number

    async def _again(self, connection: AsyncConnection, seen: Seen, known: FindingRow) -> int:
        message, number = seen.message, int(known.id)
        if message.revision > known.revision:
            await self._evidence.keep(connection, number, message, EDIT)
            same = finding.c.id == number
            await connection.execute(update(finding).where(same).values(revision=message.revision))
        elif not seen.looked_again:
            return number
        await self._judge_again(connection, seen, known)
        return number

    async def _judge_again(self, connection: AsyncConnection, seen: Seen, known: FindingRow) -> None:
        number, verdict, before = int(known.id), seen.verdict, Severity(known.severity)
        about = await self._alert_row(connection, known)
        another = about is None or about.state == "closed" or (verdict.crisis and about.kind != AlertKind.CRISIS)
        worse = verdict.severity.rank > before.rank or (verdict.crisis and another)
        if worse or (seen.looked_again and verdict.severity is not Severity.QUIET):
            judged = self._judged(seen.message.school, number, verdict)
            await connection.execute(update(finding).where(finding.c.id == number).values(**judged))
        elif seen.looked_again:
            await connection.execute(
                update(finding).where(finding.c.id == number).values(recheck=False, engine=verdict.engine)
            )
        if verdict.flagged and another and (worse or known.state == FindingState.DISMISSED):
            await self._open_anew(connection, seen, number)
            await self._close_empty(connection, about)
        elif about is not None:
            await self._alerts.raise_to(connection, about, verdict.severity)
        if about is not None:
            await self._alerts.changed(connection, seen.message.school, about.id)

    async def _open_anew(self, connection: AsyncConnection, seen: Seen, number: int) -> None:
        about = await self._alert(connection, seen, seen.verdict)
        values = {"alert": about, "state": FindingState.OPEN}
        await connection.execute(update(finding).where(finding.c.id == number).values(**values))
        await self._tell_author(connection, seen, seen.verdict, number, about)

    async def _close_empty(self, connection: AsyncConnection, about: FindingRow | None) -> None:
        if about is None or about.state == "closed":
            return
        if await connection.scalar(select(finding.c.id).where(finding.c.alert == about.id).limit(1)) is None:
            closed = {"state": "closed", "outcome": Outcome.MOVED, "closed_at": self._clock.now()}
            await connection.execute(update(alert).where(alert.c.id == about.id).values(**closed))
            await self._alerts.stop(connection, about.school, about.id)

    async def _alert_row(self, connection: AsyncConnection, known: FindingRow) -> FindingRow | None:
        return (await connection.execute(select(alert).where(alert.c.id == known.alert))).first()

    def _judged(self, school: str, number: int, verdict: Verdict) -> Mapping[str, Any]:
        words = {signal.signal.value: signal.words for signal in verdict.signals if signal.words}
        place = Place(school, "finding", "words_sealed", number)
        return {
            "severity": verdict.severity.value,
            "signals": [_kept(signal) for signal in verdict.signals],
            "words_sealed": self._vault.seal(place, json.dumps(words, ensure_ascii=False)) if words else None,
            "engine": verdict.engine,
            "recheck": verdict.engine != "model",
        }

    async def _tell_author(
        self, connection: AsyncConnection, seen: Seen, verdict: Verdict, number: int, about: int
    ) -> None:
        author, school = Receiver("user", seen.message.author.id), seen.school.guild
        if verdict.crisis:
            await self._outbox.enqueue(connection, school, "crisis_pupil", about, author, priority=Priority.CRISIS)
            return
        text = next((NOTES[signal.signal] for signal in verdict.signals if signal.signal in NOTES), None)
        if text and not seen.by_staff:
            values = {"text": text}
            await self._outbox.enqueue(
                connection, school, "pupil_note", number, author, values=values, priority=Priority.PUPIL
            )


def new_alert(seen: Seen, verdict: Verdict) -> NewAlert:
    """Return the alert for a verdict: who is told depends on the writer and on what was written."""
    message, school = seen.message, seen.school
    author = message.author.id
    towards = message.target.id if message.target else message.class_channel
    new = NewAlert(school, AlertKind.FINDING, verdict.severity, f"{author}>{towards}", seen.room.name)
    if verdict.crisis:
        receivers = crisis_receivers(school, author)
        key = f"{author}!"
        return NewAlert(school, AlertKind.CRISIS, Severity.URGENT, key, seen.room.name, receivers, frozenset({author}))
    if seen.by_staff:
        receivers = staff_receivers(school, author)
        out = frozenset({author})
        return NewAlert(school, AlertKind.STAFF, verdict.severity, new.group_key, seen.room.name, receivers, out)
    return new


async def find(connection: AsyncConnection, school: str, message: str) -> FindingRow | None:
    """Return the finding about a message."""
    asked = select(finding).where(finding.c.school == school, finding.c.message == message)
    return (await connection.execute(asked)).first()


def _kept(signal: Signal) -> dict[str, Any]:
    return {
        "signal": signal.signal.value,
        "score": round(signal.score, 4),
        "rule": signal.rule,
        "source": signal.source,
        "reason": signal.reason,
        "severity": signal.severity.value,
    }
