"""Names of people are never a bad word: Emma Dik, meneer De Boer, and whoever stands on the class list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.school import Pupil
from bot.screening.lexicon import Lexicon, plain

NEUTRAL: Final = "Jansen"
_FORMAL: Final = (
    r"meneer|mijnheer|mevrouw|mevr|mvr|mw|mr|mrs|ms|miss|dhr|dr|dokter|familie|fam|professor|prof|notaris|burgemeester"
)
_FAMILIAR: Final = r"juf|juffrouw|meester|coach|trainer|oom|tante|opa|oma"
_SAID_OF: Final = re.compile(
    r"(?:^|\W)(?:bent|zijt|ben|is|zo|echt|een|te|heel|jij|gij|niet|are|ur|you|wat|vieze|vuile|lelijke|"
    r"domme|stomme|kk|kanker)\s+$"
)


class Names:
    """Puts an ordinary surname in the place of names that the word lists would take for something else."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: tuple[Sequence[Pupil], tuple[re.Pattern[str], ...]] = ((), ())
        surnames = "|".join(sorted(map(re.escape, lexicon.surnames), key=len, reverse=True)) or "(?!)"
        self._formal = re.compile(
            rf"(?<!\w)((?i:{_FORMAL})\.?\s+)(?i:(?:van |der |den |de |het |ten )*(?:{surnames}))(?!\w)"
        )
        self._capital = re.compile(
            rf"(?<!\w)((?:(?i:{_FAMILIAR})|[A-Z][a-zà-ÿ]+)\s+)"
            rf"(?:(?i:van |der |den |de |het |ten ))*(?=[A-Z])(?i:{surnames})(?!\w)"
        )

    def hidden(self, text: str, pupils: Sequence[Pupil] = ()) -> str:
        """Return the text with such names replaced."""
        text = self._capital.sub(rf"\1{NEUTRAL}", self._formal.sub(rf"\1{NEUTRAL}", text))
        for name in self._listed(pupils):
            text = name.sub(_Replace(text), text)
        return text

    def _listed(self, pupils: Sequence[Pupil]) -> tuple[re.Pattern[str], ...]:
        """Return patterns of the class list's risky names; a list is looked through once."""
        if pupils is not self._known[0]:
            risky = self._risky(pupils)
            shapes = tuple(re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE) for name in risky)
            self._known = (pupils, shapes)
        return self._known[1]

    def _risky(self, pupils: Iterable[Pupil]) -> list[str]:
        """Return the names on the class list of which a part stands in the word lists."""
        names = {
            name
            for pupil in pupils
            for name in (f"{pupil.first_name} {pupil.last_name}".strip(), pupil.first_name, pupil.last_name)
        }
        parts = {name for name in names if any(self._lexicon.knows(word) for word in plain(name).split())}
        return sorted(parts, key=len, reverse=True)


class _Replace:
    """Leaves a small-letter word that is said of somebody: "je bent dik" is no name."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self, found: re.Match[str]) -> str:
        said = found.group().islower() and _SAID_OF.search(self._text[: found.start()].lower())
        return found.group() if said else NEUTRAL
