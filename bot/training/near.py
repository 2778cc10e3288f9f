"""Near copies: two messages are near when their character 4-grams overlap, after folding case, marks and signs."""

import re
import unicodedata
from collections import Counter
from typing import Final

_GRAM: Final = 4


def folded(text: str) -> str:
    """Fold a text to lower-case letters, digits and single blanks; signs alone stay as they are."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[\W_]+", " ", plain).strip()
    return re.sub(r"(.)\1{2,}", r"\1\1", words) or text.strip()


class NearCopies:
    """Remembers texts and says whether another one is near any of them (Jaccard of 4-grams at least ``limit``)."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._sizes: list[int] = []
        self._places: dict[str, list[int]] = {}

    def add(self, text: str) -> None:
        """Remember a text."""
        grams = _grams(text)
        for gram in grams:
            self._places.setdefault(gram, []).append(len(self._sizes))
        self._sizes.append(len(grams))

    def knows(self, text: str) -> bool:
        """Say whether a remembered text is near this one."""
        grams = _grams(text)
        shared = Counter(place for gram in grams for place in self._places.get(gram, ()))
        return any(n >= self.limit * (len(grams) + self._sizes[place] - n) for place, n in shared.items())


def _grams(text: str) -> set[str]:
    whole = f" {folded(text)} "
    return {whole[i : i + _GRAM] for i in range(max(1, len(whole) - _GRAM + 1))}
