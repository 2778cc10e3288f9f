"""F5: a nickname that imitates another member's by look-alike letters, spaces or signs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.ports import Person
from bot.screening.letters import has_invisible, partner, safe, unmasked

_LEAST: Final = 3
_DIGITS: Final = str.maketrans("013457|", "oieastl")


def imitated(person: Person, others: Iterable[Person]) -> Person | None:
    """Return whom a person's name imitates: the same to the eye, yet written differently; None for nobody.

    Equal names are no imitation: two pupils may both be called Sem.
    """
    shape = skeleton(person.name)
    if len(shape) < _LEAST:
        return None
    for other in others:
        if other.id != person.id and other.name.strip() != person.name.strip() and skeleton(other.name) == shape:
            return other if _tricked(person.name, other.name) else None
    return None


def skeleton(name: str) -> str:
    """Return what a name looks like: small Latin letters only."""
    latin = "".join(partner(char) or char if char.isalpha() else char for char in unmasked(safe(name)))
    return (
        re.sub(r"[\W_]", "", latin.lower().translate(_DIGITS)).replace("rn", "m").replace("vv", "w").replace("l", "i")
    )


def _tricked(name: str, other: str) -> bool:
    """Whether the difference is more than capitals, spaces, signs and emoji: two pupils may both be called Lisa."""
    return has_invisible(name) or _letters(name) != _letters(other)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()
