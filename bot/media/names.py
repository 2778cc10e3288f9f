"""Names of the class list in a caption or a file name (T8); capital letters alone never make a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.school import Pupil

SHORTEST = 2  # letters; a single letter is no name


def pupils_named(text: str, pupils: Iterable[Pupil]) -> frozenset[str]:
    """Return the accounts of the pupils whose first or whole name stands in a text as a word of its own."""
    return frozenset(pupil.account for pupil in pupils if _stands(pupil, text))


def _stands(pupil: Pupil, text: str) -> bool:
    name = pupil.first_name.strip()
    if len(name) < SHORTEST:
        return False
    # digits, underscores and hyphens end a word here: "noor_en_daan2.jpg"
    return re.search(rf"(?<![^\W\d_]){re.escape(name)}(?:'?s)?(?![^\W\d_])", text, re.IGNORECASE) is not None
