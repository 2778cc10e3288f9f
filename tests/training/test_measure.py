"""Figures, calibration and thresholds on numbers that can be checked by hand."""

import numpy as np

from bot.training.calibrate import alert_thresholds, calibrate
from bot.training.measure import auc, by_group, macro_f1, recall, summary, threshold_at
from bot.training.names import CLASSES

SCORES = np.array([0.1, 0.4, 0.35, 0.8])
POSITIVE = np.array([False, False, True, True])


def test_the_area_under_the_curve_counts_pairs_in_the_right_order() -> None:
    assert auc(SCORES, POSITIVE) == 0.75


def test_equal_scores_are_worth_half() -> None:
    assert auc(np.zeros(4), POSITIVE) == 0.5


def test_the_threshold_lets_through_no_more_false_alarms_than_allowed() -> None:
    limit = threshold_at(SCORES, POSITIVE, 0.0)
    assert (SCORES[~POSITIVE] >= limit).sum() == 0
    assert recall(SCORES, POSITIVE, limit) == 0.5


def test_macro_f1_of_a_perfect_decision_is_one() -> None:
    assert macro_f1(POSITIVE, POSITIVE) == 1.0


def test_groups_come_with_the_lowest_share_first() -> None:
    assert by_group(POSITIVE, ["b", "b", "a", "a"]) == [("b", 2, 0.0), ("a", 2, 1.0)]


def test_a_summary_counts_its_messages() -> None:
    assert summary(SCORES, POSITIVE)["messages"] == 4


def test_calibration_softens_scores_that_are_too_sure() -> None:
    chance = np.random.default_rng(1)
    wanted = np.repeat((chance.random(900) < 0.5).astype(float)[:, None], len(CLASSES), axis=1)
    sure = np.where(chance.random(wanted.shape) < 0.8, 1, -1) * np.where(wanted > 0, 6.0, -6.0)
    fitted = calibrate(sure, wanted)
    assert min(fitted.temperatures) > 2
    assert abs(float(fitted.apply(np.full((1, len(CLASSES)), 6.0)).mean()) - 0.8) < 0.05


def test_thresholds_keep_false_alarms_of_all_classes_together_within_the_share() -> None:
    chance = np.random.default_rng(2)
    wanted = (chance.random((400, len(CLASSES))) < 0.06).astype(float)
    scores = np.clip(wanted * 0.5 + chance.random(wanted.shape) * 0.6, 0, 1)
    limits = np.array(alert_thresholds(scores, wanted, 0.02))
    flagged, positive = (scores >= limits).any(axis=1), wanted.any(axis=1)
    assert flagged[~positive].mean() <= 0.02
    assert flagged[positive].mean() > 0.5
