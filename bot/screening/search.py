"""The search behind ``klaswacht thresholds fit``: bars of all classes chosen together, on the scale of log odds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.screening.combine import TOXICITY
from bot.screening.scored import Scored
from bot.screening.thresholds import SCORED

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SAMPLES: Final = 8
HEAVY: Final = 2.0
"""How much a message counts that is about danger: missing it costs more than missing an insult."""

LEAST_FOUND: Final = 2
"""Messages that a lower bar must find: one alone says nothing of others."""

DOUBT: Final = 0.5
"""False alarms that every step is thought to bring beside those seen."""

_EDGE: Final = 1e-4
_ABSENT: Final = -12.0
_FIXED: Final = 50.0
_SCORES: Final = np.concatenate([np.arange(0.15, 0.9, 0.03), np.arange(0.9, 0.996, 0.01)])
_GRID: Final[Floats] = np.log(_SCORES / (1 - _SCORES))
_NONE: Final = float("nan")
OFTEN: Final = 0.5
"""Share of the samples in which a class must get a bar; else it takes the mean of the others."""


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Messages as a table: log odds of every class, the label, whether one is flagged anyway, how much it counts."""

    names: tuple[str, ...]
    odds: Floats
    label: Bools
    fixed: Bools
    weight: Floats

    @classmethod
    def of(cls, messages: Sequence[Scored]) -> Sheet:
        """Make the table."""
        names = (TOXICITY, *map(str, SCORED))
        scores = np.array([[m.scores.get(name, 0.0) for name in names] for m in messages], dtype=float)
        inside = np.clip(scores, _EDGE, 1 - _EDGE)
        odds = np.where(scores > 0, np.log(inside / (1 - inside)), _ABSENT)
        label, fixed = (np.array([bool(one) for one in flags]) for flags in _flags(messages))
        return cls(names, odds, label, fixed, np.array([HEAVY if m.heavy else 1.0 for m in messages]))

    def rows(self, chosen: Any) -> Sheet:
        """Return some of the rows."""
        parts = (part[chosen] for part in (self.odds, self.label, self.fixed, self.weight))
        return Sheet(self.names, *parts)


def _flags(messages: Sequence[Scored]) -> tuple[list[int], list[bool]]:
    return [m.label for m in messages], [m.sure for m in messages]


def averaged(sheet: Sheet, most: float, rng: np.random.Generator) -> Floats:
    """Return the bars of each class, averaged over samples of the messages (Breiman 1996)."""
    over = (sheet.odds[:, :, None] >= _GRID[None, None, :]).reshape(len(sheet.label), -1).astype(np.float32)
    chosen = []
    for _ in range(SAMPLES):
        drawn = rng.integers(0, len(sheet.label), len(sheet.label))
        chosen.append(_search(sheet, over, np.bincount(drawn, minlength=len(sheet.label)).astype(np.float32), most))
    return _mean(np.array(chosen))


def _mean(chosen: Floats) -> Floats:
    """Return the mean of the samples; a class that seldom got a bar takes the mean of the others."""
    seen = ~np.isnan(chosen)
    sums, counts = np.where(seen, chosen, 0.0).sum(axis=0), seen.sum(axis=0)
    often = counts >= OFTEN * len(chosen)
    middle = sums[often].sum() / max(counts[often].sum(), 1) if often.any() else float(_GRID[-1])
    result: Floats = np.where(often, sums / np.maximum(counts, 1), middle)
    return result


def margins(sheet: Sheet, bars: Floats) -> Floats:
    """Return how far each message stands above the bar that it comes nearest to; negative: below all."""
    result: Floats = np.where(sheet.fixed, _FIXED, (sheet.odds - bars).max(axis=1))
    return result


def _search(sheet: Sheet, over: Any, times: Any, most: float) -> Floats:
    """Lower one bar at a time, whichever finds most for its false alarms, while the share leaves room."""
    classes, levels = len(sheet.names), len(_GRID)
    bars, place = np.full(classes, _NONE), np.full(classes, levels)
    wrong = times * ~sheet.label
    sides = np.stack([times * sheet.label * sheet.weight.astype(np.float32), wrong])
    missed = (~sheet.fixed).astype(np.float32)
    room = most * wrong.sum() - wrong[sheet.fixed].sum()
    while True:
        more, cost = (sides * missed) @ over
        lower = (np.arange(levels)[None, :] < place[:, None]).ravel()
        gain = np.where(lower & (cost <= room) & (more >= LEAST_FOUND), more / (cost + DOUBT), -1.0)
        best = int(gain.argmax())
        if gain[best] < 0:
            return bars
        which, level = divmod(best, levels)
        bars[which], place[which] = _GRID[level], level
        room -= cost[best]
        missed = missed * (1 - over[:, best])
