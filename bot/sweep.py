"""When Python's collector goes through memory: while nobody waits. A full round holds up the event loop.

Measured: 90 ms for what a start leaves behind, 240 ms with a raid's messages waiting. What lives as long as the process
is therefore set aside once, and full rounds wait for a moment in which nothing is under way.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable

from bot.clock import Busy

YOUNG, MIDDLE, NEVER = 700, 10, 1_000_000_000  # Python's own thresholds for what is young; full rounds by ``run`` alone
LOOK_S, LATEST_S = 15.0, 600.0


class Sweep:
    """Decides when a full round is due."""

    def __init__(
        self,
        busy: Busy,
        *,
        collect: Callable[[], object] = gc.collect,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._busy = busy
        self._collect = collect
        self._now = now
        self._pause = pause

    async def run(self) -> None:
        """Go through memory whenever nothing is under way, and at the latest after some minutes; until cancelled."""
        last = self._now()
        while True:
            await self._pause(LOOK_S)
            if self._busy.count == 0 or self._now() - last > LATEST_S:
                self._collect()
                last = self._now()


def hold_off() -> None:
    """Let no round happen while the program starts: nothing that it makes then is ever given back."""
    gc.disable()


def set_aside() -> None:
    """Leave what is there now out of every round, and let full rounds come by ``Sweep`` alone."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, NEVER)
    gc.enable()
