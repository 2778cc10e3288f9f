"""How likely words are beside each other, from ``data/words.tsv``: what a word with hidden letters probably is."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from bot.errors import SetupError
from bot.screening.lexicon import Lexicon

RARE: Final = 0.5
"""Times that a word of the lists counts as seen when nobody wrote it."""

UNSEEN: Final = 0.02
"""The same of a word that nobody knows."""

TRUST: Final = 20.0
"""Times that a word must be seen before its neighbours count for half."""

BESIDE: Final = 0.75
KEPT: Final = 12
"""Readings of a text that are followed at once."""

_VOWELS: Final = str.maketrans("", "", "aeiou")
_LEAST: Final = 3


class WordFileError(SetupError):
    """The list of words can't be read."""


class Wording:
    """Knows words, pairs of them, and which words fit hidden letters."""

    def __init__(self, counts: Mapping[str, float], pairs: Mapping[tuple[str, str], float]) -> None:
        self.counts = counts
        self._pairs = pairs
        self._all = sum(counts.values()) or 1.0
        self._firsts: dict[str, float] = defaultdict(float)
        for (first, _), count in pairs.items():
            self._firsts[first] += count

    def __contains__(self, word: str) -> bool:
        return word in self.counts

    def cost(self, word: str, before: str = "") -> float:
        """Return how unlikely a word is, in natural log units, after another word."""
        alone = self.counts.get(word, UNSEEN) / self._all
        after = self._firsts.get(before, 0.0)
        if not after:
            return -math.log(alone)
        share = BESIDE * after / (after + TRUST)
        return -math.log(share * self._pairs.get((before, word), 0.0) / after + (1 - share) * alone)

    def bare(self, letters: str) -> list[str]:
        """Return the words that are written like this without their vowels."""
        return self._skeletons.get(letters, [])

    def fitting(self, masked: str, sign: str = r"\W") -> list[str]:
        """Return the words that a word with one sign for each hidden letter may be: "k*nk*r"."""
        shape = re.compile(re.sub(sign, r"\\w", masked))
        return [word for word in self._shaped.get((masked[:1], len(masked)), []) if shape.fullmatch(word)]

    def likeliest(self, slots: Sequence[Mapping[str, float]]) -> list[str]:
        """Return the row of words that costs least; each slot holds its words with what each costs beside."""
        rows: dict[str, tuple[float, list[str]]] = {"": (0.0, [])}
        for slot in slots:
            fresh: dict[str, tuple[float, list[str]]] = {}
            for word, extra in slot.items():
                spent, path = min(
                    ((cost + self.cost(word, before), path) for before, (cost, path) in rows.items()),
                    key=lambda option: option[0],
                )
                fresh[word] = (spent + extra, [*path, word])
            rows = dict(sorted(fresh.items(), key=lambda item: item[1][0])[:KEPT])
        return min(rows.values(), key=lambda option: option[0])[1]

    @cached_property
    def _skeletons(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in self.counts:
            if len(word) >= _LEAST and (bones := skeleton(word)) != word:
                found[bones].append(word)
        return dict(found)

    @cached_property
    def _shaped(self) -> dict[tuple[str, int], list[str]]:
        found: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self.counts:
            found[word[:1], len(word)].append(word)
        return dict(found)


def skeleton(word: str) -> str:
    """Return a word without the vowels behind its first letter; one of nothing but vowels stays."""
    rest = word[1:].translate(_VOWELS)
    return word[:1] + rest if rest else word


def read_wording(path: Path, lexicon: Lexicon, more: Iterable[str] = ()) -> Wording:
    """Read the list, the words of the lexicon beside it. Raises ``WordFileError``."""
    counts: dict[str, float] = dict.fromkeys([*lexicon.words, *lexicon.common, *lexicon.phrase_words, *more], RARE)
    pairs: dict[tuple[str, str], float] = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            count, words = line.split("\t")
            first, _, second = words.partition(" ")
            if second:
                pairs[first, second] = float(count)
            else:
                counts[first] = float(count)
    except (OSError, ValueError) as error:
        raise WordFileError("error.screening.words", file=path.name, reason=type(error).__name__) from error
    return Wording(counts, pairs)
