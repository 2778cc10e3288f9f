"""Which words mattered to the model: leave each out in turn and see how far the score falls. Never logged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.screening.model import Scores

MOST_WORDS: Final = 12
MOST_SHOWN: Final = 4
LEAST_FALL: Final = 0.1


def without_each(text: str) -> tuple[list[str], list[str]]:
    """Return up to twelve words, and the text without each of them; neighbours go together in a long text."""
    words = text.split()
    step = max(1, -(-len(words) // MOST_WORDS))
    groups = [words[start : start + step] for start in range(0, len(words), step)]
    rests = [" ".join(words[: n * step] + words[(n + 1) * step :]) for n in range(len(groups))]
    return [" ".join(group) for group in groups], rests


def mattered(words: Sequence[str], whole: float, rests: Sequence[Scores], name: str) -> tuple[str, ...]:
    """Return the words whose absence lowers a score most, in the order in which they stand."""
    falls = [(whole - scores.get(name, whole), place) for place, scores in enumerate(rests)]
    chosen = sorted(falls, reverse=True)[:MOST_SHOWN]
    places = sorted(place for fall, place in chosen if fall >= LEAST_FALL)
    return tuple(re.sub(r"^\W+|\W+$", "", words[place]) or words[place] for place in places)
