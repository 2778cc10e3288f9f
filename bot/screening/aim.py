"""Whom a bad word is aimed at: spoken to ("je bent", "ga weg sukkel"), spoken of ("zij is een", "die") or nobody."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from bot.screening.around import WORD, Lists, Surroundings

SHORT_MESSAGE: Final = 5
SHORT_CALL: Final = 3


class Aim(StrEnum):
    """Whom a word is aimed at."""

    SOMEBODY = "somebody"
    ABSENT = "absent"
    NOBODY = "nobody"


class AimReader:
    """Knows the shapes of sentences; the words in them come from the lists."""

    def __init__(self, lists: Lists) -> None:
        you, are, be, fill, bad = lists["you"], lists["are"], lists["be"], lists["filler"], lists["adjective"]
        trimmings = rf"(?:(?:{fill}|{bad})[\s,]+){{0,7}}"
        loosely = rf"(?:{WORD}\s+){{0,4}}?{trimmings}"
        decorated = rf"(?:(?:{fill}|{bad})\s+)*"
        self._told = _shapes(
            rf"(?<!\w){you}\s+{are}\s+{trimmings}$",
            rf"(?<!\w){are}\s+{you}\s+{trimmings}$",
        )
        self._told_after = re.compile(
            rf"\s*,?\s*(?:(?:dat|die|wat|that)\s+)?(?:{you}\s+(?:{fill}\s+)?{are}|{are}\s+{you})(?!\w)"
        )
        self._called = _shapes(
            rf"(?<!\w){you}\s+{are}\s+{loosely}$",
            rf"(?<!\w){are}\s+{you}\s+{loosely}$",
            rf"(?<!\w){lists['call']}\s+{decorated}$",
        )
        self._called_after = re.compile(rf"\s*,?\s*{lists['you_strong']}(?!\w)")
        self._spoken_of = _shapes(rf"(?<!\w){lists['person']}\s+{be}\s+{trimmings}$")
        self._subject = re.compile(
            rf"(?:(?P<before>{WORD})\s+)?(?P<subject>{WORD})\s+{be}\s+(?:{WORD}\s+){{0,2}}?{lists['article']}\s+{decorated}$"
        )
        self._pointed = _shapes(
            rf"(?<!\w){lists['that']}\s+{decorated}$", rf"(?<!\w){lists['what']}\s+{decorated}$", rf"(?<!\w){bad}\s+$"
        )
        self._opener = re.compile(rf"^(?:(?:{lists['opener']}|{bad}|{fill}|@\S+)(?!\w)[^\w@]*)*$")
        self._closer = re.compile(rf"^(?:\W|(?<!\w){lists['closer']}(?!\w))*$")
        self._address = re.compile(rf"(?<!\w)(?:{you}|{lists['imperative']})(?!\w)")
        self._commands = re.compile(rf"^(?:{lists['opener']}[\s,]+)*{lists['imperative']}(?!\w)")
        self._persons = re.compile(lists["person"])
        self._articles = re.compile(lists["thing_article"])

    def read(self, place: Surroundings, *, aimed: bool) -> Aim:
        """Return whom a match is aimed at; ``aimed``: the platform itself says so (a mention, a reply)."""
        if place.kind == "phrase" or self._is_told(place):
            return Aim.SOMEBODY
        if place.kind == "name":
            return self._name(place, aimed=aimed)
        if place.kind == "double" and self._is_called(place):
            return Aim.SOMEBODY
        return Aim.ABSENT if _found(self._spoken_of, place.left) else Aim.NOBODY

    def addresses(self, text: str) -> bool:
        """Tell whether a text speaks to somebody."""
        return bool(self._address.search(text))

    def _is_told(self, place: Surroundings) -> bool:
        return _found(self._told, place.left) or bool(self._told_after.match(place.right))

    def _is_called(self, place: Surroundings) -> bool:
        """Tell whether a word with another meaning is called at somebody: "jij hond", "hond!"."""
        if re.search(rf"(?<!\w)(?:{WORD}\s+){{0,1}}$", place.left) and self._called[2].search(place.left):
            return True
        alone = self._opener.match(place.left) and self._closer.match(place.right)
        return bool(alone) and bool(place.left.strip() or place.right.strip()) and len(place.text.split()) <= SHORT_CALL

    def _name(self, place: Surroundings, *, aimed: bool) -> Aim:
        """Tell a name that is called at somebody ("ga weg sukkel", "jij sukkel") from one that is said of somebody."""
        if _found(self._called, place.left):
            return Aim.SOMEBODY
        opens, closes = bool(self._opener.match(place.left)), bool(self._closer.match(place.right))
        if opens and (closes or self._called_after.match(place.right) or self._address.search(place.right)):
            return Aim.SOMEBODY
        if closes and (self._commands.search(place.left.strip()) or self._address.search(place.left)):
            return Aim.SOMEBODY
        if aimed and len(place.text.split()) <= SHORT_MESSAGE:
            return Aim.SOMEBODY
        absent = _found(self._spoken_of, place.left) or _found(self._pointed, place.left) or self._of_person(place.left)
        return Aim.ABSENT if absent else Aim.NOBODY

    def _of_person(self, left: str) -> bool:
        """Tell whether "X is een ..." has a person as X: a name without an article, or a word for a person."""
        found = self._subject.search(left)
        if found is None:
            return False
        before = found.group("before") or ""
        return bool(self._persons.fullmatch(found.group("subject"))) or not self._articles.fullmatch(before)


def _shapes(*written: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in written)


def _found(shapes: tuple[re.Pattern[str], ...], text: str) -> bool:
    return any(shape.search(text) for shape in shapes)
