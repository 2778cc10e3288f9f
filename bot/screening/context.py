"""Looks around a bad word for its aim and its excuse.

The words it looks for stand in the ``[context]`` table of each word list; the shapes of sentences in ``aim`` and
``excuse``.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.screening.aim import Aim, AimReader
from bot.screening.around import Lists, around
from bot.screening.excuse import Excuse, ExcuseReader
from bot.screening.lexicon import Lexicon, Match


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands around one match."""

    aim: Aim
    excuse: Excuse | None


class Context:
    """Reads the surroundings of a match."""

    def __init__(self, lexicon: Lexicon) -> None:
        lists = Lists(lexicon)
        self._aim = AimReader(lists)
        self._excuse = ExcuseReader(lists, self._aim)

    def read(self, match: Match, text: str, *, aimed: bool) -> Reading:
        """Return whom a match is aimed at and its excuse; ``aimed``: a mention or reply says that it has a target."""
        place = around(match, text)
        return Reading(self._aim.read(place, aimed=aimed), self._excuse.read(place))


__all__ = ["Aim", "Context", "Excuse", "Reading"]
