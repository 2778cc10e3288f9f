"""Looks at the bot every second while traffic runs, and at two yardsticks: a bare request and an idle loop."""

import asyncio
import contextlib
import sys
import time

import aiohttp

from cogs.practice.benchmark.facts import Look, Seen
from cogs.practice.jsontypes import Json
from cogs.practice.places import ROOT
from cogs.practice.server.control import ControlLostError
from cogs.practice.stage.stage import Stage

LOOK_S, BARE_S = 1.0, 0.25
FIGURES = ("stall_ms", "stall_own_ms", "loop_cpu_s", "memory_mb", "memory_most_mb")
BEHIND_BUSY, BEHIND_DUE = 40, 4  # more than this under way: the bot is behind


class Watcher:
    """Fills ``seen`` until cancelled; ``caught_up`` rings when the bot is not behind."""

    def __init__(self, stage: Stage, seen: Seen) -> None:
        self.caught_up = asyncio.Event()
        self._stage = stage
        self._seen = seen
        self._began = time.monotonic()

    async def run(self) -> None:
        """Look at everything."""
        await asyncio.gather(self._bot(), self._bare(), self._idle())

    async def _bot(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            with contextlib.suppress(ControlLostError):
                self._note(await self._stage.server.control.status())

    def _note(self, status: Json) -> None:
        busy, due = int(status.get("busy", 0)), int(status.get("due", 0))
        figures = {name: float(status.get(name, 0)) for name in FIGURES}
        self._seen.looks.append(Look(at=round(time.monotonic() - self._began, 2), busy=busy, due=due, **figures))
        if busy <= BEHIND_BUSY and due <= BEHIND_DUE:
            self.caught_up.set()
        else:
            self.caught_up.clear()

    async def _bare(self) -> None:
        """Ask the same server for something simple, as the bot does: what a request costs on this machine just now."""
        url = f"{self._stage.server.base}/api/v10/gateway"
        async with aiohttp.ClientSession() as session:
            while True:
                await asyncio.sleep(BARE_S)
                began = time.monotonic()
                async with session.get(url) as answer:
                    await answer.read()
                self._seen.bare_ms.append((time.monotonic() - began) * 1000)

    async def _idle(self) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cogs.practice.benchmark.idle", cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        try:
            while process.stdout and (line := await process.stdout.readline()):
                self._seen.idle_ms.append(float(line))
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
