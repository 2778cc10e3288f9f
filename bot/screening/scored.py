"""Labelled messages with all that screening says of them before any alert threshold: what thresholds are chosen on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import SetupError
from bot.school import AgeGroup
from bot.screening.combine import Evidence, joined, signals
from bot.screening.corpus import Labelled
from bot.screening.evaluate import BATCH, PATIENCE
from bot.screening.judge import Screening, TextItem
from bot.screening.thresholds import Steps, Thresholds
from bot.screening.verdict import SignalName

Progress = Callable[[int], None]
NOBODY: Final = "-"
ORDINARY: Final = frozenset({
    "smalltalk", "planning", "homework", "question", "praise", "thanks", "joke", "games_sport", "apology", "link_share",
    "one_word", "emoji_only", "comment_ordinary",
})  # fmt: skip
"""Groups of the corpus that are everyday talk; other harmless ones were written to look like something bad."""

DANGER: Final = frozenset({SignalName.THREAT, SignalName.SEXUAL, SignalName.INCITEMENT, SignalName.CRISIS})


@dataclass(frozen=True, slots=True)
class Scored:
    """One message: its label, its joined scores, and whether words or patterns flag it whatever the thresholds are.

    ``heavy``: it is about danger; ``ordinary``: it is everyday talk.
    """

    label: int
    scores: dict[str, float]
    sure: bool = False
    age: AgeGroup = AgeGroup.SECONDARY
    author: str = ""
    heavy: bool = False
    ordinary: bool = False


async def scored(
    screening: Screening, messages: Sequence[Labelled], thresholds: Thresholds, progress: Progress = lambda _: None
) -> list[Scored]:
    """Return what screening says of labelled messages; ``progress`` is told how many are done.

    Raises ``SetupError``: no model judges, so there are no scores to choose on.
    """
    if not screening.model_present:
        raise SetupError("error.thresholds.no_model")
    blind = unreachable(thresholds)
    found: list[Scored] = []
    for start in range(0, len(messages), BATCH):
        part = messages[start : start + BATCH]
        evidence = await screening.evidence([TextItem(m.text, m.age) for m in part], within=PATIENCE)
        found += [_scored(m, one, blind, screening) for m, one in zip(part, evidence, strict=True)]
        progress(len(found))
    return found


def _scored(message: Labelled, evidence: Evidence, blind: Thresholds, screening: Screening) -> Scored:
    by_words = any(signal.severity.flagged for signal in signals(evidence, blind, message.age))
    scores = joined(evidence, blind) if evidence.model else {}
    sure, heavy = by_words or screening.patterned(message.text), bool(DANGER & set(message.categories))
    author, ordinary = message.author or NOBODY, message.group in ORDINARY
    return Scored(message.label, scores, sure, message.age, author, heavy, ordinary)


def unreachable(thresholds: Thresholds) -> Thresholds:
    """Return thresholds that no score of the model reaches; words and patterns stay as they are."""
    never = dict.fromkeys(thresholds.file.model, Steps())
    return Thresholds(thresholds.file.model_copy(update={"model": never, "primary": {}, "secondary": {}}))
