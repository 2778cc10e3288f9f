"""``klaswacht thresholds propose``: what review decisions say of the thresholds, from scores alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.school import AgeGroup
from bot.screening.figures import Share
from bot.screening.thresholds import SCORED, Thresholds

LEAST: Final = 20
"""Decisions on one signal, below which figures say nothing."""

KEPT: Final = 0.95
"""Share of the confirmed findings that a higher threshold must keep."""

NEARLY_ALL_RIGHT: Final = 0.9
LOWER_BY: Final = 0.05
LOWEST: Final = 0.2


@dataclass(frozen=True, slots=True)
class Decision:
    """One reviewed finding: its signal and score (0 to 1) and whether a person found it right."""

    signal: str
    score: float
    right: bool
    age: AgeGroup = AgeGroup.SECONDARY


@dataclass(frozen=True, slots=True)
class Proposal:
    """What could change for one signal, with the share of right alerts before and after, and what is kept."""

    signal: str
    age: AgeGroup
    now: float
    proposed: float
    before: Share
    after: Share
    kept: Share

    @property
    def changes(self) -> bool:
        """Whether anything is proposed."""
        return self.proposed != self.now


def propose(decisions: Iterable[Decision], thresholds: Thresholds) -> list[Proposal]:
    """Return a proposal for each signal and age group with enough decisions; a person decides, nothing is changed."""
    by_kind: dict[tuple[str, AgeGroup], list[Decision]] = {}
    for decision in decisions:
        by_kind.setdefault((decision.signal, decision.age), []).append(decision)
    found = []
    for name, age in ((name, age) for name in SCORED for age in AgeGroup):
        own = by_kind.get((name, age), [])
        now = thresholds.steps(name, age).alert
        if now is not None and len(own) >= LEAST:
            found.append(_proposal(name, age, now, own))
    return found


def _proposal(name: str, age: AgeGroup, now: float, decisions: Sequence[Decision]) -> Proposal:
    alerted = [decision for decision in decisions if decision.score >= now]
    before = _right(alerted)
    best = _raised(now, alerted)
    if best == now and before.value is not None and before.value >= NEARLY_ALL_RIGHT:
        best = max(LOWEST, round(now - LOWER_BY, 2))
    confirmed = [decision for decision in alerted if decision.right]
    kept = Share(sum(decision.score >= best for decision in confirmed), len(confirmed))
    return Proposal(name, age, now, best, before, _right([d for d in decisions if d.score >= best]), kept)


def _raised(now: float, alerted: Sequence[Decision]) -> float:
    """Return the highest step of a hundredth that keeps nearly all confirmed findings and makes more alerts right."""
    confirmed = sorted(decision.score for decision in alerted if decision.right)
    if not confirmed:
        return now
    most_lost = int(len(confirmed) * (1 - KEPT))
    highest = int(confirmed[most_lost] * 100) / 100
    before, after = _right(alerted).value or 0.0, _right([d for d in alerted if d.score >= highest]).value or 0.0
    return highest if highest > now and after > before else now


def _right(decisions: Sequence[Decision]) -> Share:
    return Share(sum(decision.right for decision in decisions), len(decisions))
