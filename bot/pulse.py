"""How the process is doing: how long its event loop stands still, and how much memory it holds. For benchmarks."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

EVERY_S = 0.005
MEGABYTE = 1024 * 1024
STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Beat:
    """What was seen since the last look.

    ``stall_ms``: the longest time for which the loop answered to nothing. ``stall_own_ms``: the longest time in which
    it worked itself without a pause; the rest of a stall is waiting for a processor or for another thread.
    ``loop_cpu_s``: processor time of the loop's thread since the start.
    """

    stall_ms: float
    stall_own_ms: float
    loop_cpu_s: float


class Pulse:
    """Asks the loop for a turn every few milliseconds and sees how late it comes."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, worked: Callable[[], float] = time.thread_time
    ) -> None:
        self._now = now
        self._worked = worked
        self._late = self._own = 0.0

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            began, worked = self._now(), self._worked()
            await asyncio.sleep(EVERY_S)
            self._late = max(self._late, self._now() - began - EVERY_S)
            self._own = max(self._own, self._worked() - worked)

    def take(self) -> Beat:
        """Return what was seen since the last call."""
        beat = Beat(round(self._late * 1000, 1), round(self._own * 1000, 1), round(self._worked(), 3))
        self._late = self._own = 0.0
        return beat


def memory_mb() -> tuple[float, float]:
    """Return the memory that this process holds now, and the most that it held, in megabytes (0: not known here)."""
    try:
        lines = STATUS.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0, _peak_mb()
    found = {name: value for name, _, value in (line.partition(":") for line in lines)}
    now, most = (round(int(found.get(name, "0").split()[0]) / 1024, 1) for name in ("VmRSS", "VmHWM"))
    return now, most


def _peak_mb() -> float:
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ModuleNotFoundError:
        return 0.0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (MEGABYTE if sys.platform == "darwin" else 1024), 1)
