"""Figures of a classifier: area under the curve, macro-F1, shares with their 95% interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``total``, with Wilson's 95% interval."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        """The share itself, None of nothing."""
        return self.hits / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper end of the interval (Wilson 1927)."""
        if not self.total:
            return None
        share, n = self.hits / self.total, self.total
        middle = share + Z95**2 / (2 * n)
        half = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
        whole = 1 + Z95**2 / n
        return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)

    def __str__(self) -> str:
        if self.interval is None:
            return "-"
        low, high = self.interval
        return f"{self.hits / self.total:.3f} [{low:.3f}-{high:.3f}] ({self.hits}/{self.total})"

    def as_dict(self) -> dict[str, object]:
        """Return the share for a file."""
        return {"value": self.value, "interval": self.interval, "hits": self.hits, "total": self.total}


def auc(labels: Sequence[int], scores: Sequence[float]) -> float | None:
    """Return the chance that a positive scores above a negative, ties counting half; None without both kinds."""
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        return None
    order = sorted(range(len(scores)), key=lambda place: scores[place])
    ranks, start = 0.0, 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and scores[order[end + 1]] == scores[order[start]]:
            end += 1
        rank = (start + end) / 2 + 1
        ranks += rank * sum(labels[order[place]] for place in range(start, end + 1))
        start = end + 1
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def macro_f1(labels: Sequence[int], decisions: Sequence[int]) -> float:
    """Return the mean of the F1 of both labels."""
    return (_f1(labels, decisions, 1) + _f1(labels, decisions, 0)) / 2


def _f1(labels: Sequence[int], decisions: Sequence[int], kind: int) -> float:
    pairs = list(zip(labels, decisions, strict=True))
    right = sum(label == kind == decision for label, decision in pairs)
    wrong = sum((label == kind) != (decision == kind) for label, decision in pairs)
    return 2 * right / (2 * right + wrong) if right or wrong else 1.0
