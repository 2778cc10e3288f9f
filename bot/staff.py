"""What is different on the road of a message when somebody who works at the school is in the talk."""

from __future__ import annotations

from bot.alerts.routing import USER, Holders
from bot.errors import KlaswachtError
from bot.findings.patterns import HEATED, Patterns
from bot.people import People
from bot.ports import ChatMessage
from bot.school import School
from bot.screening.verdict import Severity, SignalName, Verdict

STAFF_MAY = frozenset({SignalName.MEDIA, SignalName.LINK})
"""Signals that say nothing about a member of staff."""


class Staff:
    """Knows who in a talk works at the school."""

    def __init__(self, people: People, patterns: Patterns) -> None:
        self._people = people
        self._patterns = patterns

    async def has(self, school: School, user: str) -> bool:
        """Whether somebody works at the school; who is not to be found does not."""
        try:
            return (await self._people.actor(school.guild, user)).staff
        except KlaswachtError:
            return False

    async def supervisor(self, school: School, message: ChatMessage, verdict: Verdict) -> Holders:
        """Return the supervisor when a talk got heated with a member of staff in it, otherwise nobody."""
        if school.supervisor is None or not any(signal.reason == HEATED for signal in verdict.signals):
            return ()
        for user in self._patterns.talkers(message):
            if school.supervisor != f"{USER}{user}" and await self.has(school, user):
                return (school.supervisor,)
        return ()


def for_staff(verdict: Verdict) -> Verdict:
    """Return what a verdict says about a member of staff: pictures and links are fine, and a notice is not kept."""
    signals = tuple(signal for signal in verdict.signals if signal.signal not in STAFF_MAY)
    worst = max((signal.severity for signal in signals), key=lambda severity: severity.rank, default=Severity.QUIET)
    return Verdict(worst if worst.flagged else Severity.QUIET, signals, verdict.engine)
