"""Cuts letters without spaces into known words: "jijbenteensukkel"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LONGEST_WORD: Final = 24
_LONGEST_TEXT: Final = 120
_SHORT: Final = frozenset({"u", "k", "n", "m", "a", "i"})
_COST_SHORT: Final = 3.0


class Segmenter:
    """Finds the fewest known words that make up a string."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(word for word in words if word.isalpha() and (len(word) > 1 or word in _SHORT))

    def split(self, letters: str) -> list[str] | None:
        """Return the words, or None where the letters are no row of known words."""
        if len(letters) > _LONGEST_TEXT:
            return None
        best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            options = [self._with(best[start], letters[start:end]) for start in range(max(0, end - _LONGEST_WORD), end)]
            best[end] = min((option for option in options if option), default=None)
        found = best[-1]
        return found[1] if found else None

    def _with(self, before: tuple[float, list[str]] | None, word: str) -> tuple[float, list[str]] | None:
        if before is None or word not in self._words:
            return None
        return before[0] + (_COST_SHORT if len(word) == 1 else 1.0), [*before[1], word]
