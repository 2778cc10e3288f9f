"""Chooses the alert thresholds on labelled messages: the most recall for a share of false alarms that a class can bear.

Each step lowers the one threshold that finds the most for the fewest false alarms; words count in as they do in use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.screening.combine import TOXICITY, Evidence, joined
from bot.screening.corpus import Labelled
from bot.screening.evaluate import BATCH, PATIENCE
from bot.screening.judge import Screening, TextItem
from bot.screening.thresholds import SCORED, Thresholds

FALSE_ALARMS: Final = 0.02
LOWEST: Final = 0.3
"""Below this a score says too little, whatever a small validation part may show."""

HIGHEST: Final = 0.99
STEP: Final = 0.01


@dataclass(frozen=True, slots=True)
class Fit:
    """The alert threshold of each class, and what they give on the messages they were chosen on."""

    alerts: dict[str, float]
    recall: float
    false_alarms: float


@dataclass(frozen=True, slots=True)
class Scored:
    """One message: its label, its joined scores, and whether unmistakable words flag it anyway."""

    label: int
    scores: dict[str, float]
    sure: bool


async def scored(screening: Screening, messages: Sequence[Labelled], thresholds: Thresholds) -> list[Scored]:
    """Return the joined scores of labelled messages."""
    found: list[Scored] = []
    for start in range(0, len(messages), BATCH):
        part = messages[start : start + BATCH]
        evidence = await screening.evidence([TextItem(m.text, m.age) for m in part], within=PATIENCE)
        found += [_scored(message.label, one, thresholds) for message, one in zip(part, evidence, strict=True)]
    return found


def _scored(label: int, evidence: Evidence, thresholds: Thresholds) -> Scored:
    sure = any(word.sure and word.score >= thresholds.file.alone for word in evidence.words.values())
    return Scored(label, joined(evidence, thresholds) if evidence.model else {}, sure)


def fit(messages: Sequence[Scored], most: float = FALSE_ALARMS) -> Fit:
    """Return the thresholds that find the most with at most this share of false alarms."""
    names = (TOXICITY, *SCORED)
    alerts = dict.fromkeys(names, HIGHEST)
    missed = [message for message in messages if not _flagged(message, alerts)]
    room = most * sum(not message.label for message in messages)
    room -= sum(not message.label for message in messages) - sum(not message.label for message in missed)
    while (best := _best(missed, alerts, room)) is not None:
        name, alerts[name] = best[0], best[1]
        caught = [message for message in missed if _flagged(message, alerts)]
        missed = [message for message in missed if not _flagged(message, alerts)]
        room -= sum(not message.label for message in caught)
    return Fit({name: round(alert, 2) for name, alert in alerts.items()}, *_shares(messages, alerts))


def _best(missed: Sequence[Scored], alerts: dict[str, float], room: float) -> tuple[str, float] | None:
    """Return the class and its next lower threshold that gains most per false alarm, or None when no room is left."""
    options: list[tuple[float, str, float]] = []
    for name, now in alerts.items():
        scores = sorted({round(m.scores.get(name, 0.0) - STEP / 2, 2) for m in missed if m.label}, reverse=True)
        for lower in [score for score in scores if LOWEST <= score < now][:12]:
            gained = sum(m.label for m in missed if m.scores.get(name, 0.0) >= lower)
            wrong = sum(not m.label for m in missed if m.scores.get(name, 0.0) >= lower)
            if wrong <= room and gained:
                options.append((gained / (wrong + 0.5), name, lower))
    return max(options)[1:] if options else None


def _flagged(message: Scored, alerts: dict[str, float]) -> bool:
    return message.sure or any(message.scores.get(name, 0.0) >= alert for name, alert in alerts.items())


def _shares(messages: Sequence[Scored], alerts: dict[str, float]) -> tuple[float, float]:
    positive = [_flagged(message, alerts) for message in messages if message.label]
    negative = [_flagged(message, alerts) for message in messages if not message.label]
    return sum(positive) / max(len(positive), 1), sum(negative) / max(len(negative), 1)


def as_lines(found: Fit) -> list[str]:
    """Return a fit as tables for ``data/thresholds.toml``, for a person to take over."""
    head = f"# recall {found.recall:.3f}, false alarms {found.false_alarms:.3f} on the messages it was chosen on"
    tables = [f"[model.{name}]\nalert = {alert}\n" for name, alert in found.alerts.items()]
    return [head, *tables]
