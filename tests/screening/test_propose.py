"""Thresholds proposed from review decisions: from scores alone, and nothing changes by itself."""

from __future__ import annotations

from bot.school import AgeGroup
from bot.screening.propose import Decision, propose
from bot.screening.thresholds import read_thresholds
from tests.screening.conftest import DATA

SHIPPED = read_thresholds(DATA / "thresholds.toml")
NOW = SHIPPED.steps("insult", AgeGroup.SECONDARY).alert or 0.0


def decided(*scores: float, right: bool = True) -> list[Decision]:
    return [Decision("insult", score, right) for score in scores]


def test_too_few_decisions_propose_nothing() -> None:
    assert propose(decided(*[0.99] * 5), SHIPPED) == []


def test_false_alarms_just_above_the_threshold_raise_it() -> None:
    near = NOW + (1 - NOW) * 0.1
    (found,) = propose(decided(*[0.98] * 20) + decided(*[near] * 20, right=False), SHIPPED)
    assert (found.changes, found.proposed, found.before.value, found.after.value) == (True, 0.98, 0.5, 1.0)
    assert found.kept.value == 1.0


def test_a_threshold_that_would_lose_confirmed_findings_stays() -> None:
    scores = [NOW + (0.99 - NOW) * step / 19 for step in range(20)]
    (found,) = propose(decided(*scores) + decided(*scores, right=False), SHIPPED)
    assert found.kept.value is None or found.kept.value >= 0.95


def test_when_nearly_all_were_right_it_may_go_lower() -> None:
    (found,) = propose(decided(*[0.99] * 30), SHIPPED)
    assert (found.proposed, found.changes) == (round(NOW - 0.05, 2), True)
