"""Cuts letters without spaces into words: "jijbenteensukkel"."""

from __future__ import annotations

from typing import Final

from bot.screening.wording import Wording

_LONGEST_WORD: Final = 24
_LONGEST_TEXT: Final = 400
_SHORT: Final = frozenset({"u", "k", "n", "m", "a", "i"})
_STRANGE: Final = 8.0
_STRANGE_LETTER: Final = 3.5
"""What a piece costs that is no known word: to begin it, and each letter."""

_LEAST_STRANGE: Final = 3
_MOST_STRANGE: Final = 0.5


class Segmenter:
    """Finds the likeliest words that make up a string."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def split(self, letters: str) -> list[str] | None:
        """Return the words, or None where more than half of the letters are no known words."""
        if len(letters) > _LONGEST_TEXT:
            return None
        best: list[tuple[float, int]] = [(0.0, 0)]
        for end in range(1, len(letters) + 1):
            starts = range(max(0, end - _LONGEST_WORD), end)
            best.append(min((best[start][0] + self._cost(letters[start:end]), start) for start in starts))
        words: list[str] = []
        end = len(letters)
        while end:
            start = best[end][1]
            words.insert(0, letters[start:end])
            end = start
        strange = sum(len(word) for word in words if not self._known(word))
        return words if strange <= _MOST_STRANGE * len(letters) else None

    def _known(self, word: str) -> bool:
        return word in self._wording and (len(word) > 1 or word in _SHORT)

    def _cost(self, word: str) -> float:
        if self._known(word):
            return self._wording.cost(word)
        return _STRANGE + _STRANGE_LETTER * max(len(word), _LEAST_STRANGE)
