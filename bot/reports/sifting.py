"""What becomes of a file that somebody sends: it is looked at first, and what may be nudity is not kept.

Facts and the port; ``bot.media.sent`` looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.media.facts import MediaFacts
from bot.media.unreadable import Reason, reason_of
from bot.reports.facts import Fate, KeptFile


@dataclass(frozen=True, slots=True)
class Sifted:
    """A file that was looked at. ``copy``: the hold of a removed picture that it shows again."""

    file: KeptFile
    facts: MediaFacts
    fate: Fate
    copy: int | None = None

    @property
    def unread(self) -> Reason | None:
        """Why it could not be looked at."""
        return reason_of(self.facts.error)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a file came with: a report or draft (its maker is not named here), or a case, to which staff add it."""

    report: int | None = None
    case: int | None = None
    by: str | None = None
    left_out: tuple[str, ...] = ()


class Sieve(Protocol):
    """Looks at files before anything of them is kept."""

    async def look(self, school: str, files: Sequence[KeptFile]) -> tuple[Sifted, ...]:
        """Return what becomes of each file."""
        ...

    async def withhold(self, connection: AsyncConnection, school: str, files: Sequence[Sifted], sent: Sent) -> None:
        """Keep hash and facts of what may be nudity, and tell the coordinators alone; inside the transaction."""
        ...

    async def case_of(self, connection: AsyncConnection, school: str, hold: int) -> int | None:
        """Return the case that a removed picture belongs to."""
        ...
