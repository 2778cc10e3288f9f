"""Calibration: a temperature and a bias per class, and thresholds, from the validation part alone (Platt 1999)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.training.measure import Flags, Scores
from bot.training.names import CLASSES

_ROUNDS: Final = 60
_PRIOR: Final = 2.0
_GRID: Final = tuple(round(0.02 * step, 2) for step in range(15, 50))
_CAUTIOUS: Final = 0.98


@dataclass(frozen=True, slots=True)
class Calibration:
    """``p = sigmoid(logit / temperature + bias)``, a pair per class."""

    temperatures: tuple[float, ...]
    biases: tuple[float, ...]

    def apply(self, logits: Scores) -> Scores:
        """Turn raw logits into probabilities."""
        result: Scores = 1 / (1 + np.exp(-(logits / np.array(self.temperatures) + np.array(self.biases))))
        return result


def calibrate(logits: Scores, wanted: Scores) -> Calibration:
    """Fit both numbers of every class by Newton's method, held near 1 and 0 by a weak prior."""
    pairs = [_platt(logits[:, place], wanted[:, place]) for place in range(len(CLASSES))]
    return Calibration(
        tuple(round(float(1 / slope), 4) for slope, _ in pairs),
        tuple(round(float(b), 4) for _, b in pairs),
    )


def _platt(logit: Scores, wanted: Scores) -> tuple[float, float]:
    at = np.array([1.0, 0.0])
    design = np.stack([logit, np.ones_like(logit)], axis=1)
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-design @ at))
        slope = design.T @ (p - wanted) + _PRIOR * (at - np.array([1.0, 0.0]))
        curve = (design * (p * (1 - p))[:, None]).T @ design + _PRIOR * np.eye(2)
        at = at - np.clip(np.linalg.solve(curve, slope), -0.5, 0.5)
    return float(max(at[0], 0.1)), float(at[1])


def alert_thresholds(
    probability: Scores,
    wanted: Scores,
    false_alarms: float,
    start: Sequence[float] = (),
) -> tuple[float, ...]:
    """Lower one class's threshold at a time, whichever finds most for its false alarms, up to the share allowed.

    A message without any category is a false alarm when any class reaches its threshold. ``start`` holds the
    thresholds of a stricter level; below 0.3 none is set, for that would rest on very few messages.
    """
    positive: Flags = np.any(wanted > 0, axis=1)
    allowed = false_alarms * (~positive).sum()
    thresholds = np.array(start) if len(start) else np.full(len(CLASSES), _CAUTIOUS)
    while True:
        flagged: Flags = np.any(probability >= thresholds, axis=1)
        best: tuple[float, int, float] | None = None
        for place in range(len(CLASSES)):
            for step in (value for value in _GRID if value < thresholds[place]):
                more = (probability[:, place] >= step) & ~flagged
                wrong, right = int((more & ~positive).sum()), int((more & positive).sum())
                if right and int((flagged & ~positive).sum()) + wrong <= allowed:
                    gain = right / (wrong + 0.3)
                    if best is None or gain > best[0]:
                        best = (gain, place, step)
        if best is None:
            return tuple(float(value) for value in thresholds)
        thresholds[best[1]] = best[2]
