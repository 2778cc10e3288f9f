"""What no single message shows: a flood aimed at one pupil, a conversation about to derail, the same pair again.

The first two live in memory (who, to whom, when; never a text); the third counts findings.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.config import AlertRules
from bot.ports import ChatMessage
from bot.screening.verdict import Severity, Signal, SignalName, Verdict
from bot.storage.tables import finding

FLOOD = "alerts.reason.flood"
HEATED = "alerts.reason.heated"
REPEATED = "alerts.reason.repeated"
TALKERS_KEPT = 50  # people of one channel; enough to know whether an adult takes part
PAIRS_KEPT = 5_000  # more pairs than any school has talking within a minute; the oldest are forgotten

Pair = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class _Said:
    author: str
    at: datetime


class Patterns:
    """Remembers the last minutes of every channel."""

    def __init__(self, rules: AlertRules) -> None:
        self._rules = rules
        self._pairs: dict[Pair, deque[datetime]] = {}
        self._channels: dict[tuple[str, str], deque[_Said]] = {}
        self._talkers: dict[tuple[str, str], dict[str, datetime]] = {}

    def note(self, message: ChatMessage) -> Signal | None:
        """Note a message; return a signal when it is the last drop of a flood aimed at one pupil."""
        talkers = self._talkers.setdefault((message.school, message.channel), {})
        talkers.pop(message.author.id, None)
        talkers[message.author.id] = message.at
        while len(talkers) > TALKERS_KEPT:
            del talkers[next(iter(talkers))]
        aimed = {person.id for person in (*message.mentions, message.reply_to) if person and not person.bot}
        for target in sorted(aimed - {message.author.id}):
            times = self._times((message.school, message.author.id, target), message.at)
            times.append(message.at)
            answers = len(self._times((message.school, target, message.author.id), message.at))
            if len(times) >= self._rules.flood.messages and answers <= self._rules.flood.answers:
                times.clear()
                return Signal(SignalName.FLOOD, 1.0, "F3", "pattern", FLOOD, Severity.ALERT)
        return None

    def heated(self, message: ChatMessage, severity: Severity) -> Signal | None:
        """Note a finding; return a signal when the conversation is about to derail."""
        if severity is Severity.QUIET:
            return None
        said = self._channels.setdefault((message.school, message.channel), deque())
        since = message.at - timedelta(minutes=self._rules.heated.within_minutes)
        while said and said[0].at < since:
            said.popleft()
        said.append(_Said(message.author.id, message.at))
        if len(said) < self._rules.heated.findings or len({one.author for one in said}) < self._rules.heated.people:
            return None
        said.clear()
        return Signal(SignalName.INSULT, 1.0, "B2", "pattern", HEATED, Severity.ALERT)

    def talkers(self, message: ChatMessage) -> list[str]:
        """Return who took part in the conversation lately, its author included."""
        since = message.at - timedelta(minutes=self._rules.heated.within_minutes)
        talkers = self._talkers.get((message.school, message.channel), {})
        return [user for user, at in talkers.items() if at >= since]

    def _times(self, pair: Pair, now: datetime) -> deque[datetime]:
        times = self._pairs.pop(pair, None) or deque()
        since = now - timedelta(seconds=self._rules.flood.within_seconds)
        while times and times[0] < since:
            times.popleft()
        self._pairs[pair] = times
        if len(self._pairs) > PAIRS_KEPT:
            del self._pairs[next(iter(self._pairs))]
        return times


def with_signal(verdict: Verdict, signal: Signal | None) -> Verdict:
    """Return the verdict with one signal more; the worst counts."""
    if signal is None:
        return verdict
    worst = max(verdict.severity, signal.severity, key=lambda severity: severity.rank)
    return replace(verdict, severity=worst, signals=(*verdict.signals, signal))


async def with_history(
    connection: AsyncConnection, message: ChatMessage, verdict: Verdict, rules: AlertRules, now: datetime
) -> Verdict:
    """Return the verdict one step more urgent when the same author aimed at the same person before."""
    if message.target is None or verdict.severity not in {Severity.NOTICE, Severity.ALERT}:
        return verdict
    pair = (finding.c.school == message.school) & (finding.c.author == message.author.id)
    fresh = finding.c.created_at >= now - timedelta(days=rules.repeated.days)
    asked = select(func.count()).select_from(finding).where(pair, finding.c.target == message.target.id, fresh)
    before = await connection.scalar(asked.where(finding.c.state != "dismissed")) or 0
    if before + 1 < rules.repeated.findings:
        return verdict
    worse = Severity.ALERT if verdict.severity is Severity.NOTICE else Severity.URGENT
    name = verdict.signals[0].signal if verdict.signals else SignalName.INSULT
    return with_signal(verdict, Signal(name, 1.0, "A8", "history", REPEATED, worse))
