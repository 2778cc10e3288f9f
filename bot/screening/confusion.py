"""Which category is taken for which: what screening says of messages whose category is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.screening.evaluate import Row

QUIET: Final = "quiet"
HARMLESS: Final = "harmless"
UNNAMED: Final = "unnamed"


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of one category were taken for another. ``quiet``: not flagged; ``unnamed``: no category is known."""

    category: str
    said: str
    count: int


def confusion(rows: Iterable[Row]) -> list[Taken]:
    """Return what was taken for something else, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        said = next((str(signal.signal) for signal in row.verdict.signals if signal.severity.flagged), QUIET)
        for category in _meant(row):
            if said not in {category, *row.message.categories} and (category, said) != (HARMLESS, QUIET):
                counts[category, said] += 1
    return [Taken(category, said, count) for (category, said), count in counts.most_common()]


def _meant(row: Row) -> tuple[str, ...]:
    if not row.message.label:
        return (HARMLESS,)
    return row.message.categories or (UNNAMED,)
