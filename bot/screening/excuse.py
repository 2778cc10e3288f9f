"""Why a bad word does not count in full: denied, quoted, about words, of oneself, kind, from a book or in play."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bot.screening.aim import AimReader
from bot.screening.around import WORD, Lists, Surroundings

NEGATION_REACH: Final = 45


class Excuse(StrEnum):
    """Why a bad word does not count in full."""

    NEGATED = "negated"
    QUOTED = "quoted"
    META = "meta"
    SELF = "self"
    FOND = "fond"
    FICTION = "fiction"
    GAME = "game"
    LAUGH = "laugh"


class ExcuseReader:
    """Looks for excuses around a match."""

    def __init__(self, lists: Lists, aim: AimReader) -> None:
        self._aim = aim
        self._negation, self._report = lists.word("negation"), lists.word("report")
        self._meta, self._fiction, self._game = lists.word("meta"), lists.word("fiction"), lists.word("game")
        self._fond, self._laugh = lists.word("fond"), lists.word("laugh")
        self._not = rf"{lists['not']}"
        self._self = re.compile(rf"(?<!\w){lists['self']}\s+(?:{WORD}\s+){{0,7}}?$")
        self._own_words = re.compile(rf"(?<!\w){lists['you']}\s+(?:{WORD}\s+){{0,5}}$")
        self._reported = re.compile(rf"(?<!\w){lists['reporter']}\s+(?:{WORD}\s+){{0,2}}?{lists['report']}(?!\w)")

    def read(self, place: Surroundings) -> Excuse | None:
        """Return the first excuse that holds."""
        if self._is_negated(place):
            return Excuse.NEGATED
        if place.category == "crisis":
            return self._not_meant(place)
        if self._is_quoted(place):
            return Excuse.QUOTED
        if self._meta.search(place.text):
            return Excuse.META
        if place.kind != "phrase" and self._self.search(place.left) and not self._aim.addresses(place.right):
            return Excuse.SELF
        return self._in_play(place)

    def _is_negated(self, place: Surroundings) -> bool:
        if place.kind == "phrase":
            before = re.search(rf"(?<!\w){self._not}\s+$", place.left)
            after = re.match(rf"\s+(?:{WORD}\s+)?{self._not}(?!\w)", place.right)
            return place.category != "crisis" and bool(before or after)
        last = place.left[-NEGATION_REACH:]
        found = list(self._negation.finditer(last))
        return bool(found) and not re.search(r"[,:]\s*\w+\s+(?:\w+\s+)?\w+\s*$", last[found[-1].end() :])

    def _is_quoted(self, place: Surroundings) -> bool:
        before, after = place.text[: place.match.start], place.text[place.match.end :]
        if before.count('"') % 2 and '"' in after:
            return True
        if re.search(r"(?:^|[\s:(])'[^']*$", before) and re.match(r"[^']*'(?!\w)", after):
            return True
        said = list(self._report.finditer(place.left))
        if said and not self._own_words.search(place.left[: said[-1].start()]):
            return True
        return bool(self._report.match(after.lstrip(" ,\"'")))

    def _not_meant(self, place: Surroundings) -> Excuse | None:
        """Despair of the writer's own is excused only by laughter, a story, or another person who said it."""
        if self._laugh.search(place.text):
            return Excuse.LAUGH
        if self._fiction.search(place.text) or self._game.search(place.text):
            return Excuse.FICTION
        return Excuse.QUOTED if self._reported.search(place.left) else None

    def _in_play(self, place: Surroundings) -> Excuse | None:
        if self._fiction.search(place.text):
            return Excuse.FICTION
        if place.category in {"threat", "incitement"} and self._game.search(place.text):
            return Excuse.GAME
        if self._fond.search(place.text) and not place.match.entry.unmistakable:
            return Excuse.FOND
        return Excuse.LAUGH if place.match.entry.jest and self._laugh.search(place.text) else None
