"""Opens screening from the files of a data folder; without a usable model the words judge, and that is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from bot.screening.detoxify import Both, DetoxifyModel, Source, installed, own_checkpoint
from bot.screening.files import Files
from bot.screening.judge import Screening
from bot.screening.lexicon import Lexicon, LexiconFileError, read_lexicon
from bot.screening.links import Links
from bot.screening.manifest import ModelFileError
from bot.screening.model import Classifier, load_model
from bot.screening.names import Names
from bot.screening.normalise import Normaliser
from bot.screening.patterns import Patterns
from bot.screening.queue import BUDGET, ClassifierQueue
from bot.screening.tables import PatternTables, read_tables
from bot.screening.thresholds import Thresholds, read_thresholds
from bot.screening.wording import Wording, read_wording
from bot.screening.words import WordLists


class Engine(StrEnum):
    """Who scores texts."""

    EMBEDDED = "embedded"
    DETOXIFY = "detoxify"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Opened:
    """Screening, and why a model that was asked for is not there, if it is not."""

    screening: Screening
    trouble: ModelFileError | None


def open_screening(
    data: Path,
    *,
    own: Path | None = None,
    threads: int = 1,
    budget: float = BUDGET,
    engine: Engine = Engine.EMBEDDED,
    checkpoint: Callable[[], Source] | None = None,
    classifier: Classifier | None = None,
) -> Opened:
    """Open screening from ``data`` (lexicon, thresholds, patterns, model); ``classifier`` stands in for the model.

    ``own``: the school's folder. A file of the same name there replaces the shipped one; its other word lists are
    added. ``engine``: who scores; ``checkpoint``: finds it for ``detoxify`` and ``both``, default the project's own. A
    wrong model is no reason to stop: the words judge (of ``both``, the other one), and ``Opened.trouble`` says why.

    Raises
    ------
    LexiconFileError, ThresholdFileError, PatternFileError, WordFileError: a file that people edit is wrong; names line
    and reason.
    """
    thresholds = read_thresholds(_either(data, own, "thresholds.toml"))
    tables = read_tables(_either(data, own, "patterns.toml"))
    lexicon = lexicon_of(data, own)
    places = _Places(_either(data, own, "model"), checkpoint, threads)
    model, trouble = (classifier, None) if classifier else _model(engine, places)
    wording = read_wording(_either(data, own, "words.tsv"), lexicon)
    return Opened(assemble(lexicon, wording, thresholds, ClassifierQueue(model, budget=budget), tables), trouble)


def lexicon_of(data: Path, own: Path | None = None) -> Lexicon:
    """Read the word lists: the shipped ones, and the school's."""
    folders = [folder / "lexicon" for folder in (data, own) if folder]
    found = {path.name: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    if not found:
        raise LexiconFileError("error.screening.lexicon", file="lexicon/*.toml", problems="-")
    return read_lexicon(found.values())


def _either(data: Path, own: Path | None, name: str) -> Path:
    return own / name if own and (own / name).exists() else data / name


def assemble(
    lexicon: Lexicon, wording: Wording, thresholds: Thresholds, queue: ClassifierQueue, tables: PatternTables
) -> Screening:
    """Put screening together from its parts."""
    return Screening(
        words=WordLists(lexicon),
        normaliser=Normaliser(lexicon, wording),
        names=Names(lexicon),
        thresholds=thresholds,
        queue=queue,
        patterns=Patterns(thresholds, Links(tables.links), Files(tables.files)),
        other_languages=tables.languages.others,
    )


@dataclass(frozen=True, slots=True)
class _Places:
    model: Path
    checkpoint: Callable[[], Source] | None
    threads: int


def _model(engine: Engine, places: _Places) -> tuple[Classifier | None, ModelFileError | None]:
    found: list[Classifier] = []
    trouble: ModelFileError | None = None
    for open_one in _PARTS[engine]:
        try:
            found.append(open_one(places))
        except ModelFileError as error:
            trouble = error
    return (Both(*found) if len(found) > 1 else found[0] if found else None), trouble


def _embedded(places: _Places) -> Classifier:
    return load_model(places.model, places.threads)


def _detoxify(places: _Places) -> Classifier:
    if not installed():
        raise ModelFileError("error.engine.no_extra")
    source = places.checkpoint() if places.checkpoint else own_checkpoint(places.model)
    return DetoxifyModel(source, threads=places.threads)


_PARTS: Final[dict[Engine, tuple[Callable[[_Places], Classifier], ...]]] = {
    Engine.EMBEDDED: (_embedded,),
    Engine.DETOXIFY: (_detoxify,),
    Engine.BOTH: (_embedded, _detoxify),
}
