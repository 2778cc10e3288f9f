"""Undoes disguises before scoring: the plain form of a message is scored beside what was written, the worse counts.

No step may turn an innocent message into a hit. So letters are put together or replaced only where that gives a word
that the lists know; "w8", "m8", "1v1", phone numbers, sums, code and texts in other scripts stay as they are.
"""

from __future__ import annotations

import itertools
import re
from typing import Final

from bot.screening.fill import MASKED, Filler
from bot.screening.letters import safe, unmasked
from bot.screening.lexicon import Lexicon, plain
from bot.screening.segment import Segmenter
from bot.screening.wording import Wording

_MARKDOWN: Final = re.compile(r"(?<=\w)(?:\|\||\*\*|__|~~|`|\*_|_\*)+(?=\w)")
_EDGE: Final = re.compile(r"(?<![^\W_])_+(?=\w)|(?<=\w)_+(?![^\W_])|\|\||~~|\*\*|`")
_SPACED: Final = re.compile(
    r"(?<![\w'@$€])(?:[^\W\d_]|ij)(?:([ .\-_*·•|/~,]{1,3})(?:[^\W\d_]|ij)(?![\w'@$€])){2,}", re.IGNORECASE
)
_RUN: Final = re.compile(r"([^\W\d_])\1{2,}")
_LEET: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a",
                              "$": "s", "€": "e", "!": "i", "|": "l", "£": "l", "¢": "c", "+": "t",
                              "(": "c"})  # fmt: skip
_EITHER: Final = re.compile(r"[1!|]")
_MOST_EITHER: Final = 4
_LEET_TOKEN: Final = re.compile(r"(?<![\w@$€])(?=\S{0,60}?[^\W\d_])[\w@$€!|£+(]*[013457@$€!|£89+(][\w@$€!|£+(]*")
_LINKED: Final = re.compile(r"(?<![\w.])[^\W\d_](?:([.\-_*·•~+|/])[^\W\d_])(?:\1[^\W\d_])+(?![\w])")
_STUFFED: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:[^\x00-\x7f\w\s’‘“”€£…]+[^\W\d_]+)+")
_LONGEST: Final = 40
_LEAST_LEET: Final = 3
_LEAST_LINKED: Final = 3
_LEAST_SPELT: Final = 3
"""Letters of the longest word that spaced letters must spell: "A, B, C" is a choice, not "a bc"."""

_LEAST_STRANGE: Final = 5
_LEAST_REVERSED: Final = 5
_HEAVY: Final = 0.6


class Normaliser:
    """Finds the plain forms of a message."""

    def __init__(self, lexicon: Lexicon, wording: Wording) -> None:
        self._lexicon, self._wording = lexicon, wording
        self._squeezed: dict[str, str] = {}
        for word in sorted(wording.counts, key=lambda word: (wording.counts[word], lexicon.weight(word), word)):
            self._squeezed[_RUNS_OF_TWO.sub(r"\1", word)] = word
        self._segmenter = Segmenter(wording)
        self._filler = Filler(lexicon, wording)

    def forms(self, text: str) -> tuple[str, ...]:
        """Return the text as it can be scored, and its plain form where that differs; never empty."""
        written = safe(text)
        undone = self._undone(unmasked(written))
        forms = [written, undone, self._backwards(undone)]
        kept: dict[str, str] = {}
        for form in forms:
            if form is not None:
                kept.setdefault(plain(form), form)
        return tuple(kept.values())

    def _undone(self, text: str) -> str:
        text = _LINKED.sub(self._unlinked, text)
        if MASKED.search(text):
            text = self._filler.filled(text)
        text = _EDGE.sub("", _MARKDOWN.sub("", text))
        text = _SPACED.sub(self._joined, text)
        text = _STUFFED.sub(self._unstuffed, text)
        clear = _LEET_TOKEN.sub(lambda found: self._unleet(found.group(), _LEAST_LEET), text)
        if clear != text:
            clear = _LEET_TOKEN.sub(lambda found: self._unleet(found.group(), 2, sure=True), clear)
        return self._filler.filled(re.sub(r"[^\W\d_]+", self._word, clear))

    def _unlinked(self, found: re.Match[str]) -> str:
        """Put letters together that one sign links: "s.u.k.k.e.l", "d*o*m"."""
        letters = re.sub(r"\W|_", "", found.group())
        return letters if self._is(letters) or len(letters) > _LEAST_LINKED else found.group()

    def _joined(self, found: re.Match[str]) -> str:
        """Put spaced letters together: "s u k k e l", "k u t"; two words stay two where a wider gap stands."""
        letters = re.sub(r"[^\w]|_", "", found.group())
        if self._is(letters):
            return letters
        words = self._segmenter.split(letters.lower())
        return " ".join(words) if words and max(map(len, words)) >= _LEAST_SPELT else found.group()

    def _unstuffed(self, found: re.Match[str]) -> str:
        """Take signs and emoji out of the middle of a word: "k🤡a🤡n🤡k🤡e🤡r"; between two words they part them."""
        parts = re.split(r"[^\w]+", found.group())
        together = "".join(parts)
        if self._is(together) or self._is(_RUN.sub(r"\1", together)):
            return together
        if all(self._is(part) for part in parts):
            return " ".join(parts)
        return max(self._wording.fitting("*".join(map(plain, parts))), key=self._likely, default=together)

    def _likely(self, word: str) -> tuple[float, float]:
        return self._lexicon.weight(word), self._wording.counts[word]

    def _unleet(self, token: str, least: int, *, sure: bool = False) -> str:
        """Read digits and signs as letters where that gives a word: "h0er", "n13mand"; ``sure``: others did already."""
        core = token.rstrip("!|+(")
        letters = sum(char.isalpha() for char in core)
        if not least <= len(core) <= _LONGEST or (letters * 2 < len(core) - 1 and not sure):
            return token
        tail = token[len(core) :]
        read = [one for one in _readings(core.lower()) if self._is(one) or self._is(_RUN.sub(r"\1", one))]
        found = [one + tail for one in read] or [one for one in _readings(token.lower()) if self._is(one)]
        if not found and sure and len(core) >= _LEAST_STRANGE and letters * 2 >= len(core):
            return _readings(core.lower())[0] + tail
        return max(found, key=lambda one: self._wording.counts.get(plain(one.rstrip("!|+(")), 0.0), default=token)

    def _word(self, found: re.Match[str]) -> str:
        word = found.group()
        if len(word) >= _LEAST_LEET and _RUN.search(word):
            return self._squeeze(word)
        backwards = plain(word)[::-1]
        if len(word) >= _LEAST_REVERSED and self._lexicon.weight(backwards) >= _HEAVY and not self._is(word):
            return backwards
        return word

    def _squeeze(self, word: str) -> str:
        """Shorten drawn-out letters: "suuukkel", "zoooo"."""
        once = _RUNS_OF_TWO.sub(r"\1", plain(word))
        return self._squeezed.get(once) or _RUN.sub(r"\1", word)

    def _backwards(self, text: str) -> str | None:
        """Return the whole message read backwards where only that makes sense."""
        words, reverse = plain(text[:_MOST_BACKWARDS]).split(), plain(text[:_MOST_BACKWARDS])[::-1].split()
        sense = sum(word in self._wording for word in reverse)
        if len(words) >= _LEAST_LEET and sense * 2 > len(words) and not any(word in self._wording for word in words):
            return " ".join(reverse)
        return None

    def _is(self, word: str) -> bool:
        return plain(word) in self._wording


def _readings(token: str) -> list[str]:
    """Return what a token with figures and signs may say; a stroke is an i or an l."""
    places = [place.start() for place in _EITHER.finditer(token)][:_MOST_EITHER]
    found = []
    for letters in itertools.product("il", repeat=len(places)):
        chosen = dict(zip(places, letters, strict=True))
        found.append("".join(chosen.get(place, char) for place, char in enumerate(token)).translate(_LEET))
    return found


_RUNS_OF_TWO: Final = re.compile(r"(\w)\1+")
_MOST_BACKWARDS: Final = 200
