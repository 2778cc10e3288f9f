"""Time and identifiers, passed in from the composition root so that tests and the practice room control them."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

ID_TIME_SHIFT = 20  # low bits left for randomness: a million ids a millisecond, still below 2**63 until the year 2248
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What tells the time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return datetime.now(UTC)


class SteeredClock:
    """A clock that runs at real speed from a moment that somebody else sets (practice room, tests)."""

    def __init__(self, start: datetime, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._zero = start
        self._at = monotonic()

    def now(self) -> datetime:
        """Return the steered moment, in UTC."""
        return (self._zero + timedelta(seconds=self._monotonic() - self._at)).astimezone(UTC)

    def set(self, moment: datetime) -> None:
        """Go on from this moment."""
        self._zero, self._at = moment, self._monotonic()


class Ids:
    """Makes identifiers: positive 63-bit integers that grow with time and can't be guessed from each other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> int:
        """Return a fresh identifier, greater than all this object made before."""
        milliseconds = int((self._clock.now() - EPOCH).total_seconds() * 1000)
        fresh = (max(milliseconds, 0) << ID_TIME_SHIFT) | secrets.randbits(ID_TIME_SHIFT)
        self._last = fresh if fresh > self._last else self._last + 1 + secrets.randbelow(1000)
        return self._last


class Busy:
    """Counts work under way, so that the practice room knows when everything has settled."""

    def __init__(self) -> None:
        self.count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def __enter__(self) -> None:
        self.count += 1
        self._idle.clear()

    def __exit__(self, *_: object) -> None:
        self.count -= 1
        if self.count == 0:
            self._idle.set()

    async def wait_idle(self) -> None:
        """Return when no work is under way."""
        await self._idle.wait()
