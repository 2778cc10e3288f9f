"""How fast the bot asks for what nobody waits for: below the platform's limit, so that alerts and answers have room.

Discord allows 50 requests a second: https://discord.com/developers/docs/topics/rate-limits#global-rate-limit
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

PER_SECOND = 40


class Pace:
    """Lets so many through a second, in the order in which they came."""

    def __init__(
        self,
        per_second: float = PER_SECOND,
        *,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._apart = 1 / per_second
        self._now = now
        self._pause = pause
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for a turn."""
        now = self._now()
        mine = max(self._next, now)
        self._next = mine + self._apart
        if mine > now:
            await self._pause(mine - now)
