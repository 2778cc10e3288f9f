"""Figures and thresholds from scores alone."""

from __future__ import annotations

import pytest

from bot.screening.figures import Share, auc, macro_f1
from bot.screening.why import mattered, without_each


def test_wilsons_interval_of_a_known_case() -> None:
    assert Share(95, 100).interval == pytest.approx((0.8882, 0.9785), abs=1e-4)


def test_a_share_of_nothing_has_no_value() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval, str(Share(0, 0))) == (None, None, "-")


def test_the_area_counts_ties_half() -> None:
    assert [auc([1, 0], [0.9, 0.1]), auc([1, 0], [0.5, 0.5]), auc([1, 1], [1, 2])] == [1.0, 0.5, None]


def test_macro_f1_of_a_perfect_and_a_lazy_judge() -> None:
    assert [macro_f1([1, 0], [1, 0]), macro_f1([1, 0], [0, 0])] == pytest.approx([1.0, 1 / 3])


def test_each_word_is_left_out_once() -> None:
    assert without_each("jij bent lelijk") == (["jij", "bent", "lelijk"], ["bent lelijk", "jij lelijk", "jij bent"])


def test_a_long_text_is_left_out_in_at_most_twelve_parts() -> None:
    assert len(without_each("woord " * 100)[0]) <= 12


def test_the_words_whose_absence_helps_most_mattered() -> None:
    rests = [{"insult": 0.7}, {"insult": 0.9}, {"insult": 0.1}]
    assert mattered(["jij", "bent", "lelijk!"], 0.9, rests, "insult") == ("jij", "lelijk")
