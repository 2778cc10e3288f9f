"""How many messages are judged at a time. When more come, those that may be urgent go first, the others in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from itertools import count

Waiter = tuple[int, int, "asyncio.Future[None]"]


class Gate:
    """Places for so many at a time."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._numbers = count()
        self._waiting: list[Waiter] = []

    @asynccontextmanager
    async def turn(self, rank: Callable[[], int]) -> AsyncIterator[None]:
        """Hold a place inside the block. ``rank``: asked only when there is none; the lowest goes first."""
        if self._free > 0:
            self._free -= 1
        else:
            await self._wait(rank())
        try:
            yield
        finally:
            self._give_on()

    async def _wait(self, rank: int) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (rank, next(self._numbers), mine))
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._give_on()
            raise

    def _give_on(self) -> None:
        """Give a place to the first that still waits, else keep it free."""
        while self._waiting:
            _, _, first = heappop(self._waiting)
            if not first.done():
                first.set_result(None)
                return
        self._free += 1
