"""Opens screening from the files of a data folder; without a usable model the words judge, and that is said."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.screening.flood import Flood
from bot.screening.judge import Screening
from bot.screening.lexicon import Lexicon, read_lexicon
from bot.screening.links import Links
from bot.screening.model import Classifier, ModelFileError, load_model
from bot.screening.names import Names
from bot.screening.normalise import Normaliser
from bot.screening.patterns import Patterns
from bot.screening.queue import BUDGET, ClassifierQueue
from bot.screening.thresholds import Thresholds, read_thresholds
from bot.screening.words import WordLists

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """Screening, and why there is no model, if there is none."""

    screening: Screening
    trouble: ModelFileError | None


def open_screening(
    data: Path,
    *,
    threads: int = 1,
    budget: float = BUDGET,
    school_words: Path | None = None,
    thresholds: Path | None = None,
    classifier: Classifier | None = None,
) -> Opened:
    """Open screening from ``data`` (lexicon, thresholds, model); ``classifier`` stands in for the model (tests, engines).

    Raises ``LexiconFileError`` or ``ThresholdFileError``: a file that people edit is wrong. A wrong model is no reason
    to stop: the words judge, and ``Opened.trouble`` says why.
    """
    lexicon = lexicon_of(data, school_words)
    steps = read_thresholds(thresholds or data / "thresholds.toml")
    model, trouble = (classifier, None) if classifier else _model(data / "model", threads)
    return Opened(assemble(lexicon, steps, ClassifierQueue(model, budget=budget)), trouble)


def lexicon_of(data: Path, school_words: Path | None = None) -> Lexicon:
    """Read the word lists of the data folder, and the school's own."""
    own = [school_words] if school_words else []
    return read_lexicon([*sorted((data / "lexicon").glob("*.toml")), *own])


def assemble(lexicon: Lexicon, thresholds: Thresholds, queue: ClassifierQueue) -> Screening:
    """Put screening together from its parts."""
    return Screening(
        words=WordLists(lexicon),
        normaliser=Normaliser(lexicon, lexicon.phrase_words),
        names=Names(lexicon),
        thresholds=thresholds,
        queue=queue,
        patterns=Patterns(thresholds, Links(), Flood()),
    )


def _model(folder: Path, threads: int) -> tuple[Classifier | None, ModelFileError | None]:
    try:
        return load_model(folder, threads), None
    except ModelFileError as error:
        _LOG.warning("no model: %s", error)
        return None, error
