"""Screening as it ships, without the model: a fake classifier says what the test tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pytest

from bot.screening.judge import Screening
from bot.screening.lexicon import Lexicon
from bot.screening.model import Scores
from bot.screening.normalise import Normaliser
from bot.screening.opening import assemble, lexicon_of
from bot.screening.queue import ClassifierQueue
from bot.screening.tables import read_tables
from bot.screening.thresholds import read_thresholds
from bot.screening.wording import Wording, read_wording
from bot.screening.words import WordLists

DATA = Path(__file__).parent.parent.parent / "data"
CLASSES = ("toxicity", "insult", "threat", "identity_attack", "sexual", "incitement", "exclusion", "crisis")


@dataclass(slots=True)
class FakeClassifier:
    """Gives the taught scores to a text that holds a taught word, and next to nothing to any other."""

    classes: tuple[str, ...] = CLASSES
    taught: dict[str, Scores] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def teach(self, word: str, **scores: float) -> None:
        self.taught[word] = scores

    def score(self, texts: Sequence[str]) -> list[Scores]:
        self.asked += texts
        return [self._of(text) for text in texts]

    def _of(self, text: str) -> Scores:
        known = next((scores for word, scores in self.taught.items() if word in text), {})
        return {name: known.get(name, 0.01) for name in self.classes}


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return lexicon_of(DATA)


@pytest.fixture(scope="session")
def words(lexicon: Lexicon) -> WordLists:
    return WordLists(lexicon)


@lru_cache(maxsize=1)
def wording() -> Wording:
    return read_wording(DATA / "words.tsv", lexicon_of(DATA))


@pytest.fixture(scope="session")
def normaliser(lexicon: Lexicon) -> Normaliser:
    return Normaliser(lexicon, wording())


@pytest.fixture(scope="session")
def highest(words: WordLists, normaliser: Normaliser) -> Callable[[str], float]:
    """Return the greatest score that the lists give a text or its plain form."""

    def score(text: str) -> float:
        verdicts = [words.score(form) for form in normaliser.forms(text)]
        return max((found.score for verdict in verdicts for found in verdict.scores.values()), default=0.0)

    return score


@pytest.fixture
def classifier() -> FakeClassifier:
    return FakeClassifier()


@pytest.fixture
def screening(classifier: FakeClassifier, lexicon: Lexicon) -> Iterator[Screening]:
    opened = with_queue(lexicon, ClassifierQueue(classifier, budget=30.0))
    yield opened
    opened.close()


@pytest.fixture
def words_only(lexicon: Lexicon) -> Screening:
    """Return screening whose model is gone."""
    return with_queue(lexicon, ClassifierQueue(None))


def with_queue(lexicon: Lexicon, queue: ClassifierQueue) -> Screening:
    thresholds, tables = read_thresholds(DATA / "thresholds.toml"), read_tables(DATA / "patterns.toml")
    return assemble(lexicon, wording(), thresholds, queue, tables)
