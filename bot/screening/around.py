"""The words around a match: its own sentence before and after it, and the word lists that sentences are read with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.screening.lexicon import Lexicon, Match
from bot.screening.vocabulary import AFTER, BEFORE

LEFT_REACH: Final = 90
RIGHT_REACH: Final = 60
WORD: Final = r"[^\s.,!?;:\"]+"
_STOP: Final = re.compile(r"[.!?;\n]+(?=\s|$)|\s+\"")
_NEVER: Final = r"(?!)"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A match with what stands before and after it in its sentence, and the whole text."""

    match: Match
    left: str
    right: str
    text: str

    @property
    def kind(self) -> str:
        """The kind of the match's entry."""
        return self.match.entry.kind

    @property
    def category(self) -> str:
        """The first signal that the match's entry stands for."""
        return self.match.entry.category[0]


def around(match: Match, text: str) -> Surroundings:
    """Return the rest of the match's own sentence; the same word repeated beside it counts as one."""
    left = text[max(0, match.start - LEFT_REACH) : match.start]
    right = text[match.end : match.end + RIGHT_REACH]
    stops = list(_STOP.finditer(left))
    ahead = _STOP.search(right)
    before = left[stops[-1].end() :].lstrip() if stops else left
    after = right[: ahead.start()] if ahead else right
    again = re.compile(rf"(?<!\w){re.escape(match.word)}(?!\w)\s*")
    return Surroundings(match, again.sub("", before), again.sub("", after), text)


class Lists:
    """The ``[context]`` tables of all word lists, as alternatives for patterns."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lists: Mapping[str, str] = {name: "|".join(words) for name, words in lexicon.context.items()}

    def __getitem__(self, name: str) -> str:
        return f"(?:{self._lists[name]})" if self._lists.get(name) else _NEVER

    def word(self, name: str) -> re.Pattern[str]:
        """Return a pattern that finds one of a list's words or signs."""
        return re.compile(f"{BEFORE}{self[name]}{AFTER}")
