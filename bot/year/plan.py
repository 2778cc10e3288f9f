"""How much there is of everything in a made year."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from bot.school import School

DAYS = 365
ALERTS_OF_FIVE = 4  # five findings are told by four alerts: the same pair within the hour is one
ALERTS_OF_A_CASE = 2
FIRST_ID = 1 << 40  # far below what the program makes itself
SNOWFLAKE = 1_400_000_000_000_000_000


@dataclass(frozen=True, slots=True)
class Size:
    """What was judged and what became of it. Of ``screened`` only marks are kept: quiet messages leave nothing."""

    screened: int = 2_000_000
    findings: int = 40_000
    cases: int = 4_000

    @property
    def alerts(self) -> int:
        """How many alerts told of the findings."""
        return self.findings * ALERTS_OF_FIVE // (ALERTS_OF_FIVE + 1)

    @property
    def reports(self) -> int:
        """How many pupils reported something: a quarter of the cases began with one."""
        return self.cases // 4


@dataclass(slots=True)
class Year:
    """A school's year that ends now. ``pupils`` and ``staff`` are user ids; the same seed makes the same year."""

    school: School
    now: datetime
    size: Size
    pupils: tuple[str, ...]
    staff: tuple[str, ...]
    dice: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - who and when, no secret
    _numbers: count[int] = field(default_factory=lambda: count(FIRST_ID))

    def number(self) -> int:
        """Return the id of a new row."""
        return next(self._numbers)

    def moment(self, share: float) -> datetime:
        """Return a moment of the year: 0 is its beginning, 1 its end."""
        return self.now - timedelta(days=DAYS) * (1 - share)

    def pair(self) -> tuple[str, str]:
        """Return two pupils of one class."""
        size = max(2, len(self.pupils) // max(1, len(self.school.classes)))
        start = self.dice.randrange(0, len(self.pupils) - size + 1, size)
        first, second = self.dice.sample(self.pupils[start : start + size], 2)
        return first, second
