"""``klaswacht thresholds fit``: alert thresholds chosen on labelled messages, for a share of false alarms.

A few hundred messages are easily learnt by heart: thresholds that give 2% false alarms on them give 4% on others. So
each choice is made many times on samples and averaged, pulled towards one bar for all classes as far as that helps,
and moved until *left-out* messages, on which it was not chosen, keep within the share (cross-conformal, Vovk 2015).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.school import AgeGroup
from bot.screening.figures import Share
from bot.screening.scored import Scored
from bot.screening.search import Floats, Sheet, averaged, margins
from bot.screening.thresholds import Steps

FALSE_ALARMS: Final = 0.02
HARD: Final = 0.05
"""The share of harmless messages that were written to look bad, of which that many may be flagged at most."""

CRY: Final = "crisis"
CLEAR: Final = 0.6
"""The score from which a cry for help also goes out at night."""

MISHEARD: Final = 0.003
"""The share of harmless messages that may reach the bar of a cry for help: to miss one is worse than to ask in vain."""

WIDER: Final = (2.25, 1.75, 1.5, 1.25)
"""How many times the share of everyday talk all harmless messages together may get, tried from the widest."""

NOTICED: Final = 3.0
"""How many times the false alarms of an alert may wait as a notice in the review queue."""

HURRIED: Final = 0.5
"""The share of them that may be urgent."""

ENOUGH: Final = 5
"""False alarms that the share must leave an age group for thresholds of its own: 250 harmless messages at 2%."""

ANOTHER: Final = 0.1
"""Log odds by which an age group's bars must differ from the general ones to be written down."""

PULLS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
AROUND: Final = (0.5, 0.75, 1.0, 1.25, 1.5)
"""Shares around the one asked for, over which recall is averaged to choose a pull: one point alone is mostly chance."""

SLACK: Final = 0.05
"""Log odds below the lowest bad message that the bars still may go."""

FOLDS: Final = 5
ROUNDS: Final = 2
SEED: Final = 7
LOWEST: Final = 0.15
"""Below this a score says too little, whatever a small file may show."""

HIGHEST: Final = 0.995


@dataclass(frozen=True, slots=True)
class Figures:
    """Recall and false alarms of left-out messages."""

    recall: Share
    false_alarms: Share


@dataclass(frozen=True, slots=True)
class Fit:
    """The steps of each class, of all and of age groups with enough messages, and what they give on left-out messages.

    ``by_age``, ``by_author``, ``ordinary``, ``hard``: figures of a part; ``too_few``: age groups that could not get
    thresholds of their own.
    """

    general: dict[str, Steps]
    by_group: dict[AgeGroup, dict[str, Steps]]
    figures: Figures
    by_age: dict[AgeGroup, Figures]
    by_author: dict[str, Figures]
    ordinary: Figures
    hard: Figures
    too_few: tuple[AgeGroup, ...]


def fit_ordinary(messages: Sequence[Scored], most: float = FALSE_ALARMS) -> Fit:
    """Return the thresholds that find the most with at most this share of false alarms on everyday talk.

    Harmless messages that look bad on purpose may be flagged more often, but no more than ``HARD`` of them: a corpus
    holds far more of these than a class channel does. Without any everyday talk the share holds for all.
    """
    if any(message.ordinary for message in messages):
        for times in WIDER:
            found = fit(messages, most * times)
            if _within(found.ordinary, most) and _within(found.hard, HARD):
                return found
    return fit(messages, most)


def _within(figures: Figures, most: float) -> bool:
    return (figures.false_alarms.value or 0.0) <= most


def fit(messages: Sequence[Scored], most: float = FALSE_ALARMS) -> Fit:
    """Return the thresholds that find the most with at most this share of false alarms.

    The bar of a cry for help is lowered after that (``MISHEARD``), and is not in the figures of what was left out.
    """
    sheet = Sheet.of(messages)
    pull, left_out = _left_out(sheet, most)
    bars = _pulled(averaged(sheet, most, np.random.default_rng(SEED)), pull)
    own = {age: left_out[~sheet.label & np.array([m.age is age for m in messages])] for age in AgeGroup}
    least = float(left_out[sheet.label].min()) - SLACK
    general = _moves(left_out[~sheet.label], most, least)
    moves = {age: _moves(part, most, least) for age, part in own.items() if most * len(part) >= ENOUGH}
    moves = {age: move for age, move in moves.items() if abs(move[1] - general[1]) >= ANOTHER}
    alerts = [moves.get(message.age, general)[1] for message in messages]
    said = left_out >= np.array(alerts)
    heard = _heard(messages)
    return Fit(
        _steps(sheet.names, bars, general) | heard,
        {age: _steps(sheet.names, bars, move) | heard for age, move in moves.items()},
        _figures(messages, said),
        {age: _figures(messages, said, [m.age is age for m in messages]) for age in AgeGroup},
        {who: _figures(messages, said, [m.author == who for m in messages]) for who in _authors(messages)},
        _figures(messages, said, [m.ordinary for m in messages]),
        _figures(messages, said, [not m.ordinary for m in messages]),
        tuple(age for age, part in own.items() if most * len(part) < ENOUGH),
    )


def _left_out(sheet: Sheet, most: float) -> tuple[float, Floats]:
    """Return how far to pull, and each message's margin over bars that were chosen without it."""
    rng = np.random.default_rng(SEED)
    total = np.mean([_round(sheet, most, rng) for _ in range(ROUNDS)], axis=0)
    found = [_found(sheet, row, most) for row in total]
    best = int(np.argmax(found))
    return PULLS[best], total[best]


def _round(sheet: Sheet, most: float, rng: np.random.Generator) -> Floats:
    """Return the margins of each message, a row a pull, when each fold is left out once."""
    made = np.zeros((len(PULLS), len(sheet.label)))
    places = rng.permutation(len(sheet.label)) % FOLDS
    for fold in range(FOLDS):
        bars = averaged(sheet.rows(places != fold), most, rng)
        part = sheet.rows(places == fold)
        for row, pull in enumerate(PULLS):
            made[row, places == fold] = margins(part, _pulled(bars, pull))
    return made


def _found(sheet: Sheet, left_out: Floats, most: float) -> float:
    bad, harmless, weight = left_out[sheet.label], left_out[~sheet.label], sheet.weight[sheet.label]
    return sum(float(((bad >= _move(harmless, min(1.0, most * near))) * weight).sum()) for near in AROUND)


def _pulled(bars: Floats, pull: float) -> Floats:
    """Return bars that keep ``pull`` of their differences."""
    middle = float(bars.mean())
    result: Floats = middle + pull * (bars - middle)
    return result


def _heard(messages: Sequence[Scored]) -> dict[str, Steps]:
    """Return the steps of a cry for help, whose scores stand far apart: as low as few harmless messages reach."""
    harmless = [message.scores[CRY] for message in messages if not message.label and CRY in message.scores]
    if not harmless:
        return {}
    falling = sorted(harmless, reverse=True)
    bars = [falling[min(int(share * len(falling)), len(falling) - 1)] for share in (2 * MISHEARD, MISHEARD)]
    notice, alert = (min(max(math.ceil(1000 * bar + 1) / 1000, LOWEST), HIGHEST) for bar in bars)
    return {CRY: Steps(notice=notice, alert=alert, urgent=max(alert, CLEAR))}


def _allowed(harmless: int, most: float) -> int:
    """Return how many left-out false alarms keep the expected share on new messages within ``most``."""
    return max(0, math.floor(most * (harmless + 1)) - 1)


def _move(harmless: Floats, most: float) -> float:
    """Return the least move of all bars that keeps left-out harmless messages within the share."""
    if not len(harmless):
        return 0.0
    falling = np.sort(harmless)[::-1]
    return float(np.nextafter(falling[min(_allowed(len(falling), most), len(falling) - 1)], np.inf))


def _moves(harmless: Floats, most: float, least: float) -> tuple[float, float, float]:
    """Return the moves for notice, alert and urgent; below ``least`` nothing more would be found."""
    shares = (min(1.0, most * NOTICED), most, most * HURRIED)
    notice, alert, urgent = (max(_move(harmless, share), least) for share in shares)
    return notice, alert, urgent


def _steps(names: Sequence[str], bars: Floats, moves: tuple[float, float, float]) -> dict[str, Steps]:
    return {
        name: Steps(notice=_share(bar + moves[0]), alert=_share(bar + moves[1]), urgent=_share(bar + moves[2]))
        for name, bar in zip(names, map(float, bars), strict=True)
    }


def _share(odds: float) -> float:
    """Return log odds as a score, rounded up so that no false alarm comes in by rounding."""
    return min(max(math.ceil(1000 / (1 + math.exp(-odds))) / 1000, LOWEST), HIGHEST)


def _figures(messages: Sequence[Scored], said: Iterable[bool], chosen: Iterable[bool] | None = None) -> Figures:
    wanted = [True] * len(messages) if chosen is None else list(chosen)
    rows = [(m.label, bool(one)) for m, one, take in zip(messages, said, wanted, strict=True) if take]
    found, wrong = [s for label, s in rows if label], [s for label, s in rows if not label]
    return Figures(Share(sum(found), len(found)), Share(sum(wrong), len(wrong)))


def _authors(messages: Sequence[Scored]) -> list[str]:
    return sorted({message.author for message in messages})
