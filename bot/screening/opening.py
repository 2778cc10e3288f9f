"""Opens screening from the files of a data folder; without a usable model the words judge, and that is said."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.screening.detoxify import Both, DetoxifyModel, Source, own_checkpoint
from bot.screening.files import Files
from bot.screening.judge import Screening
from bot.screening.lexicon import Lexicon, LexiconFileError, read_lexicon
from bot.screening.links import Links
from bot.screening.model import Classifier, ModelFileError, load_model
from bot.screening.names import Names
from bot.screening.normalise import Normaliser
from bot.screening.patterns import Patterns
from bot.screening.queue import BUDGET, ClassifierQueue
from bot.screening.tables import PatternTables, read_tables
from bot.screening.thresholds import Thresholds, read_thresholds
from bot.screening.words import WordLists

_LOG: Final = logging.getLogger(__name__)


class Engine(StrEnum):
    """Who scores texts."""

    EMBEDDED = "embedded"
    DETOXIFY = "detoxify"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Opened:
    """Screening, and why there is no model, if there is none."""

    screening: Screening
    trouble: ModelFileError | None


def open_screening(
    data: Path,
    *,
    own: Path | None = None,
    threads: int = 1,
    budget: float = BUDGET,
    engine: Engine = Engine.EMBEDDED,
    checkpoint: Source | None = None,
    classifier: Classifier | None = None,
) -> Opened:
    """Open screening from ``data`` (lexicon, thresholds, patterns, model); ``classifier`` stands in for the model.

    ``own``: the school's folder. A file of the same name there replaces the shipped one; its other word lists are
    added. ``engine``: who scores; ``checkpoint``: for ``detoxify`` and ``both``, default the project's own. A wrong
    model is no reason to stop: the words judge, and ``Opened.trouble`` says why.

    Raises
    ------
    LexiconFileError, ThresholdFileError, PatternFileError: a file that people edit is wrong; names line and reason.
    """
    thresholds = read_thresholds(_either(data, own, "thresholds.toml"))
    tables = read_tables(_either(data, own, "patterns.toml"))
    lexicon = lexicon_of(data, own)
    places = _Places(_either(data, own, "model"), checkpoint, threads)
    model, trouble = (classifier, None) if classifier else _model(engine, places)
    return Opened(assemble(lexicon, thresholds, ClassifierQueue(model, budget=budget), tables), trouble)


def lexicon_of(data: Path, own: Path | None = None) -> Lexicon:
    """Read the word lists: the shipped ones, and the school's."""
    folders = [folder / "lexicon" for folder in (data, own) if folder]
    found = {path.name: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    if not found:
        raise LexiconFileError("error.screening.lexicon", file="lexicon/*.toml", problems="-")
    return read_lexicon(found.values())


def _either(data: Path, own: Path | None, name: str) -> Path:
    return own / name if own and (own / name).exists() else data / name


def assemble(lexicon: Lexicon, thresholds: Thresholds, queue: ClassifierQueue, tables: PatternTables) -> Screening:
    """Put screening together from its parts."""
    return Screening(
        words=WordLists(lexicon),
        normaliser=Normaliser(lexicon, lexicon.phrase_words),
        names=Names(lexicon),
        thresholds=thresholds,
        queue=queue,
        patterns=Patterns(thresholds, Links(tables.links), Files(tables.files)),
        other_languages=tables.languages.others,
    )


@dataclass(frozen=True, slots=True)
class _Places:
    model: Path
    checkpoint: Source | None
    threads: int


def _model(engine: Engine, places: _Places) -> tuple[Classifier | None, ModelFileError | None]:
    try:
        return _opened(engine, places), None
    except ModelFileError as error:
        _LOG.warning("no model: %s", error)
        return None, error


def _opened(engine: Engine, places: _Places) -> Classifier:
    if engine is Engine.EMBEDDED:
        return load_model(places.model, places.threads)
    other = DetoxifyModel(places.checkpoint or own_checkpoint(places.model), threads=places.threads)
    return other if engine is Engine.DETOXIFY else Both(load_model(places.model, places.threads), other)
