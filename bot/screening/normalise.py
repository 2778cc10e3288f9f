"""Undoes disguises before scoring: the plain form of a message is scored beside what was written, the worse counts.

No step may turn an innocent message into a hit. So letters are put together or replaced only where that gives a word
that the lists know; "w8", "m8", "1v1", phone numbers, sums, code and texts in other scripts stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.screening.letters import safe, unmasked
from bot.screening.lexicon import Lexicon, plain
from bot.screening.segment import Segmenter

_MARKDOWN: Final = re.compile(r"(?<=\w)(?:\|\||\*\*|__|~~|`|\*_|_\*)+(?=\w)")
_EDGE: Final = re.compile(r"(?<![^\W_])_+(?=\w)|(?<=\w)_+(?![^\W_])|\|\||~~|\*\*|`")
_SPACED: Final = re.compile(
    r"(?<![\w'])(?:[^\W\d_]|ij)(?:([ .\-_*·•|/~,]{1,3})(?:[^\W\d_]|ij)(?![\w'])){2,}", re.IGNORECASE
)
_RUN: Final = re.compile(r"([^\W\d_])\1{2,}")
_LEET: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a",
                              "$": "s", "€": "e", "!": "i", "|": "l", "£": "l", "¢": "c", "+": "t",
                              "(": "c"})  # fmt: skip
_LEET_L: Final = str.maketrans(
    {"1": "l", "!": "l", "3": "e", "0": "o", "4": "a", "@": "a", "5": "s", "$": "s", "7": "t"}
)
_LEET_TOKEN: Final = re.compile(r"(?<![\w@$€])(?=\S{0,60}?[^\W\d_])[\w@$€!|£+(]*[013457@$€!|£89+(][\w@$€!|£+(]*")
_MASKED: Final = re.compile(r"(?<!\w)[^\W\d_]+(?:[*#•·._×✱%]+[^\W\d_]+)+(?!\w)|(?<!\w)[^\W\d_]{2,}[*#•✱]+(?!\w)")
_STUFFED: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?:[^\x00-\x7f\w\s’‘“”€£…]+[^\W\d_]+)+")
_LONGEST: Final = 40
_LEAST_LEET: Final = 3
_LEAST_REVERSED: Final = 5
_HEAVY: Final = 0.6


class Normaliser:
    """Finds the plain forms of a message."""

    def __init__(self, lexicon: Lexicon, vocabulary: Iterable[str]) -> None:
        self._lexicon = lexicon
        self._known = frozenset(vocabulary) | lexicon.words.keys() | lexicon.common
        self._squeezed: dict[str, str] = {}
        for word in sorted(
            self._known, key=lambda word: (lexicon.weight(word), word in lexicon.common, len(word), word)
        ):
            self._squeezed[_RUNS_OF_TWO.sub(r"\1", word)] = word
        self._segmenter = Segmenter(self._known)

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
        text = _MASKED.sub(self._filled, text)
        text = _EDGE.sub("", _MARKDOWN.sub("", text))
        text = _SPACED.sub(self._joined, text)
        text = _STUFFED.sub(self._unstuffed, text)
        clear = _LEET_TOKEN.sub(lambda found: self._unleet(found.group(), _LEAST_LEET), text)
        if clear != text:
            clear = _LEET_TOKEN.sub(lambda found: self._unleet(found.group(), 2), clear)
        text = clear
        return re.sub(r"[^\W\d_]+", self._word, text)

    def _joined(self, found: re.Match[str]) -> str:
        """Put spaced letters together: "s u k k e l", "k.u.t"; two words stay two where a wider gap stands."""
        letters = re.sub(r"[^\w]|_", "", found.group())
        words = self._segmenter.split(letters.lower())
        return " ".join(words) if words else (letters if self._is(letters) else found.group())

    def _unstuffed(self, found: re.Match[str]) -> str:
        """Take signs and emoji out of the middle of a word: "k🤡a🤡n🤡k🤡e🤡r", "d💩mbo"."""
        parts = re.split(r"[^\w]+", found.group())
        together = "".join(parts)
        if self._is(together) or self._is(_RUN.sub(r"\1", together)):
            return together
        return self._match(parts, r"\w?") or " ".join(parts)

    def _filled(self, found: re.Match[str]) -> str:
        """Fill in masked letters where only a listed word fits: "k*nker", "h**r"."""
        word = found.group()
        if self._is(together := re.sub(r"\W|_", "", word)) and re.search(r"[._·•]", word):
            return together
        if "." in word or "_" in word:
            return word
        gaps = re.findall(r"\W+", word)
        parts = re.split(r"\W+", word)
        return self._match(parts, rf"\w{{{len(gaps[0])},{len(gaps[0]) + 1}}}") or word

    def _match(self, parts: list[str], gap: str) -> str | None:
        if sum(map(len, parts)) < _LEAST_MASKED or not parts[0]:
            return None
        shape = re.compile(gap.join(re.escape(plain(part)) for part in parts))
        heavy = (word for word in self._lexicon.words if self._lexicon.weight(word) >= _HEAVY)
        fits = [word for word in heavy if shape.fullmatch(word)]
        fits = fits or [word for word in self._lexicon.phrase_words if shape.fullmatch(word)]
        return max(fits, key=lambda word: (self._lexicon.weight(word), -len(word), word), default=None)

    def _unleet(self, token: str, least: int) -> str:
        """Read digits and signs as letters where that gives a word: "h0er", "n13mand"."""
        core = token.rstrip("!|+(")
        letters = sum(char.isalpha() for char in core)
        if len(core) < least or len(core) > _LONGEST or letters * 2 < len(core) - 1:
            return token
        for table in (_LEET, _LEET_L):
            for candidate in (core.lower().translate(table), token.lower().translate(table)):
                if self._is(candidate) or self._is(_RUN.sub(r"\1", candidate)):
                    return candidate
        return token

    def _word(self, found: re.Match[str]) -> str:
        word = found.group()
        if len(word) >= _LEAST_LEET and _RUN.search(word):
            return self._squeeze(word)
        backwards = plain(word)[::-1]
        if (
            len(word) >= _LEAST_REVERSED
            and self._lexicon.weight(backwards) >= _HEAVY
            and plain(word) not in self._known
        ):
            return backwards
        return word

    def _squeeze(self, word: str) -> str:
        """Shorten drawn-out letters: "suuukkel", "zoooo"."""
        once = _RUNS_OF_TWO.sub(r"\1", plain(word))
        return self._squeezed.get(once) or _RUN.sub(r"\1", word)

    def _backwards(self, text: str) -> str | None:
        """Return the whole message read backwards where only that makes sense."""
        words, reverse = plain(text[:_MOST_BACKWARDS]).split(), plain(text[:_MOST_BACKWARDS])[::-1].split()
        sense = sum(word in self._known for word in reverse)
        if len(words) >= _LEAST_LEET and sense * 2 > len(words) and not any(word in self._known for word in words):
            return " ".join(reverse)
        return None

    def _is(self, word: str) -> bool:
        return plain(word) in self._known


_RUNS_OF_TWO: Final = re.compile(r"(\w)\1+")
_LEAST_MASKED: Final = 2
_MOST_BACKWARDS: Final = 200
