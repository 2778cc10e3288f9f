"""Thresholds chosen on labelled messages keep within the false alarms that were asked for."""

from __future__ import annotations

from bot.screening.fit import Scored, fit


def scored(label: int, sure: bool = False, **scores: float) -> Scored:
    return Scored(label, {"toxicity": 0.0, **scores}, sure)


def test_a_clean_split_is_found() -> None:
    messages = [scored(1, insult=0.9)] * 20 + [scored(0, insult=0.4)] * 50
    found = fit(messages)
    assert (found.recall, found.false_alarms, 0.4 < found.alerts["insult"] <= 0.9) == (1.0, 0.0, True)


def test_false_alarms_stay_within_what_was_asked_for() -> None:
    messages = [scored(1, threat=0.5 + n / 100) for n in range(40)] + [
        scored(0, threat=0.4 + n / 100) for n in range(40)
    ]
    found = fit(messages, 0.1)
    assert found.false_alarms <= 0.1
    assert found.recall > 0.2


def test_no_threshold_falls_below_the_lowest() -> None:
    assert fit([scored(1, crisis=0.1)] * 5 + [scored(0)] * 100).recall == 0.0


def test_unmistakable_words_count_as_flagged() -> None:
    found = fit([scored(1, sure=True), scored(0)])
    assert (found.recall, found.false_alarms) == (1.0, 0.0)
