"""Thresholds chosen on labelled messages keep within the false alarms that were asked for, also on other messages."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.school import AgeGroup
from bot.screening.corpus import Labelled
from bot.screening.fit import HARD, Fit, fit, fit_ordinary
from bot.screening.judge import Screening
from bot.screening.scored import Scored, scored
from bot.screening.threshold_file import rewritten, tables, write_fit
from bot.screening.thresholds import ThresholdFileError, read_thresholds
from tests.screening.conftest import DATA, FakeClassifier

SHIPPED = DATA / "thresholds.toml"
KINDS = ("insult", "threat", "exclusion", "crisis")


def a_message(label: int, sure: bool = False, age: AgeGroup = AgeGroup.SECONDARY, **scores: float) -> Scored:
    return Scored(label, {"toxicity": 0.01, **scores}, sure, age)


def noisy(count: int, seed: int, age: AgeGroup = AgeGroup.SECONDARY, lower: float = 0.0) -> list[Scored]:
    """Return messages whose scores overlap; the harmless ones of a kind come near the bad ones of it."""
    chance = random.Random(seed)  # noqa: S311 - repeats with the seed, no secret
    found = []
    for _ in range(count):
        label = int(chance.random() < 0.4)
        middle = (0.7 if label else 0.25) - lower
        scores = {chance.choice(KINDS): min(max(chance.gauss(middle, 0.18), 0.01), 0.99)}
        found.append(a_message(label, age=age, **scores))
    return found


def wrong(found: Fit, messages: list[Scored], age: AgeGroup = AgeGroup.SECONDARY) -> float:
    steps = found.by_group.get(age, found.general)
    harmless = [message for message in messages if not message.label]
    said = [any(score >= (steps[name].alert or 9) for name, score in m.scores.items()) for m in harmless]
    return sum(said) / len(harmless)


def test_a_clean_split_is_found() -> None:
    found = fit([a_message(1, insult=0.9)] * 60 + [a_message(0, insult=0.4)] * 200)
    assert (found.figures.recall.value, found.figures.false_alarms.value) == (1.0, 0.0)
    assert 0.5 < (found.general["insult"].alert or 0) <= 0.9


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_false_alarms_stay_within_the_share_on_messages_that_were_not_chosen_on(seed: int) -> None:
    found = fit(noisy(900, seed), 0.05)
    assert wrong(found, noisy(6000, 100 + seed)) <= 0.065
    assert (found.figures.recall.value or 0) > 0.3


def test_where_everyday_talk_is_quiet_more_is_found_within_its_share() -> None:
    calm = [a_message(0, insult=0.02 + number / 9000) for number in range(100)]
    messages = [*noisy(600, 1), *(replace(one, ordinary=True) for one in calm)]
    found, plain = fit_ordinary(messages), fit(messages)
    assert (found.ordinary.false_alarms.value or 0) <= 0.02
    assert (plain.figures.recall.value or 0) < (found.figures.recall.value or 0)
    assert 0 < (found.hard.false_alarms.value or 0) <= HARD


def test_without_everyday_talk_the_share_holds_for_all() -> None:
    messages = noisy(150, 2)
    assert fit_ordinary(messages).general == fit(messages).general


def test_the_steps_of_each_class_rise() -> None:
    found = fit(noisy(600, 4))
    assert all((s.notice or 0) <= (s.alert or 0) <= (s.urgent or 0) for s in found.general.values())


def test_an_age_group_with_enough_messages_gets_its_own_thresholds() -> None:
    older, younger = noisy(900, 5), noisy(900, 6, AgeGroup.PRIMARY, lower=0.15)
    found = fit([*older, *younger], 0.05)
    assert set(found.by_group) == {AgeGroup.PRIMARY, AgeGroup.SECONDARY}
    assert (found.by_group[AgeGroup.PRIMARY]["insult"].alert or 0) < (found.general["insult"].alert or 0)
    assert wrong(found, noisy(6000, 7, AgeGroup.PRIMARY, lower=0.15), AgeGroup.PRIMARY) <= 0.065


def test_an_age_group_with_few_messages_is_named() -> None:
    assert fit([*noisy(900, 8), *noisy(60, 9, AgeGroup.PRIMARY)]).too_few == (AgeGroup.PRIMARY,)


def test_a_class_that_nothing_is_known_of_takes_the_common_bar() -> None:
    general = fit(noisy(900, 10)).general
    known = [general[name].alert or 0 for name in KINDS]
    assert min(known) - 0.01 <= (general["sexual"].alert or 0) <= max(known) + 0.01


def test_what_words_flag_anyway_counts_as_flagged() -> None:
    found = fit([a_message(1, sure=True)] * 5 + [a_message(0)] * 100)
    assert (found.figures.recall.value, found.figures.false_alarms.value) == (1.0, 0.0)


async def test_messages_are_scored_with_words_and_patterns(screening: Screening, classifier: FakeClassifier) -> None:
    classifier.teach("buiten", exclusion=0.7)
    said = ["jij mag niet buiten spelen met ons", "je moeder is een hoer", "bel mij op 06 12345678", "tot morgen"]
    messages = [Labelled(str(n), text, 1, ("exclusion",)) for n, text in enumerate(said)]
    found = await scored(screening, messages, read_thresholds(SHIPPED))
    assert [message.sure for message in found] == [False, True, True, False]
    assert found[0].scores["exclusion"] >= 0.5


async def test_without_a_model_there_is_nothing_to_choose_on(words_only: Screening) -> None:
    with pytest.raises(SetupError) as caught:
        await scored(words_only, [Labelled("1", "hoi", 1)], read_thresholds(SHIPPED))
    assert caught.value.key == "error.thresholds.no_model"


def test_the_written_file_keeps_comments_and_all_other_tables(tmp_path: Path) -> None:
    found, now = fit([*noisy(900, 11), *noisy(900, 12, AgeGroup.PRIMARY, lower=0.15)], 0.05), read_thresholds(SHIPPED)
    write_fit(found, now, SHIPPED, tmp_path / "thresholds.toml")
    fresh = read_thresholds(tmp_path / "thresholds.toml").file
    assert (fresh.words, fresh.patterns, fresh.together, fresh.alone) == (
        now.file.words,
        now.file.patterns,
        now.file.together,
        now.file.alone,
    )
    assert fresh.model["insult"].alert == found.general["insult"].alert
    assert fresh.primary["crisis"].urgent == found.by_group[AgeGroup.PRIMARY]["crisis"].urgent
    assert fresh.model["insult"].urgent is None
    comments = [line for line in SHIPPED.read_text("utf-8").splitlines() if line.startswith("#")]
    assert [
        line for line in (tmp_path / "thresholds.toml").read_text("utf-8").splitlines() if line[:1] == "#"
    ] == comments


def test_writing_twice_gives_the_same_file() -> None:
    new = tables(fit(noisy(900, 13)), read_thresholds(SHIPPED))
    once = rewritten(SHIPPED.read_text("utf-8"), new)
    assert rewritten(once, new) == once


def test_a_file_without_tables_to_fill_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("model = {insult = {alert = 0.5}}\nalone = 0.9\n", encoding="utf-8")
    with pytest.raises(ThresholdFileError):
        write_fit(fit(noisy(300, 14)), read_thresholds(SHIPPED), tmp_path / "own.toml", tmp_path / "new.toml")
    assert [path.name for path in tmp_path.iterdir()] == ["own.toml"]
