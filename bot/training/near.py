"""Near copies: two messages are near when their character 4-grams overlap, after folding case, marks and signs."""

import math
import re
import unicodedata
from typing import Final

_GRAM: Final = 4


def folded(text: str) -> str:
    """Fold a text to lower-case letters, digits and single blanks; signs alone stay as they are."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[\W_]+", " ", plain).strip()
    return re.sub(r"(.)\1{2,}", r"\1\1", words) or text.strip()


class NearCopies:
    """Remembers texts and says whether another one is near any of them (Jaccard of 4-grams at least ``limit``).

    A near text shares at least ``limit`` of the grams asked for, so it holds one of any few of these: only those that
    hold one of the rarest are compared (prefix filter, Bayardo et al. 2007).
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._texts: list[set[str]] = []
        self._places: dict[str, list[int]] = {}

    def add(self, text: str) -> None:
        """Remember a text."""
        grams = _grams(text)
        for gram in grams:
            self._places.setdefault(gram, []).append(len(self._texts))
        self._texts.append(grams)

    def knows(self, text: str) -> bool:
        """Say whether a remembered text is near this one."""
        grams = _grams(text)
        few = len(grams) - math.ceil(self.limit * len(grams)) + 1
        rarest = sorted(grams, key=lambda gram: len(self._places.get(gram, ())))[:few]
        asked = {place for gram in rarest for place in self._places.get(gram, ())}
        return any(self._near(grams, self._texts[place]) for place in asked)

    def _near(self, grams: set[str], other: set[str]) -> bool:
        shared = len(grams & other)
        return shared >= self.limit * (len(grams) + len(other) - shared)


def _grams(text: str) -> set[str]:
    whole = f" {folded(text)} "
    return {whole[i : i + _GRAM] for i in range(max(1, len(whole) - _GRAM + 1))}
