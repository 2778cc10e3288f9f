"""Figures: area under the curve, recall at a share of false alarms, groups, macro-F1. Plain numpy, no torch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]


def auc(scores: Scores, positive: Flags) -> float:
    """Chance that a positive scores above a negative (Mann-Whitney); 0.5 where one side is empty."""
    n, p = int((~positive).sum()), int(positive.sum())
    if not n or not p:
        return 0.5
    values, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    del values
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return float((ranks[positive].sum() - p * (p + 1) / 2) / (n * p))


def threshold_at(scores: Scores, positive: Flags, false_alarms: float) -> float:
    """Lowest threshold at which at most this share of the negatives is flagged."""
    negative = np.sort(scores[~positive])[::-1]
    allowed = int(false_alarms * len(negative))
    return float(np.nextafter(negative[allowed], 2)) if allowed < len(negative) else 0.0


def recall(scores: Scores, positive: Flags, threshold: float) -> float:
    """Share of the positives at or above the threshold."""
    return float((scores[positive] >= threshold).mean()) if positive.any() else 0.0


def macro_f1(flagged: Flags, positive: Flags) -> float:
    """Mean of the F1 of both sides."""

    def one(said: Flags, true: Flags) -> float:
        return float(2 * (said & true).sum() / max(1, said.sum() + true.sum()))

    return (one(flagged, positive) + one(~flagged, ~positive)) / 2


def by_group(flagged: Flags, groups: Sequence[str]) -> list[tuple[str, int, float]]:
    """Group, messages in it, share flagged; the lowest share first."""
    names = np.array(groups)
    rows = [(str(g), int((names == g).sum()), float(flagged[names == g].mean())) for g in np.unique(names)]
    return sorted(rows, key=lambda row: row[2])


def summary(scores: Scores, positive: Flags, false_alarms: float = 0.02) -> dict[str, Any]:
    """Figures of one set of scores."""
    threshold = threshold_at(scores, positive, false_alarms)
    return {
        "messages": len(scores),
        "positive": int(positive.sum()),
        "auc": round(auc(scores, positive), 4),
        "recall": round(recall(scores, positive, threshold), 4),
        "threshold": round(threshold, 4),
        "macro_f1_at_half": round(macro_f1(scores >= 0.5, positive), 4),  # noqa: PLR2004  the usual decision
    }
