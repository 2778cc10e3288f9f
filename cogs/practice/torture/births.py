"""First starts in the torture run: on nothing, and on what each earlier version left; killed while tables change."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from cogs.practice.stage.stage import Stage
from cogs.practice.torture.facts import Record

KILLS_EACH, REMADE_EVERY = 3, 2
LOOK_S, WITHIN_S, LONGEST_S = 0.002, 0.08, 60.0
MakeOlder = Callable[[Path, str], Awaitable[int]]
"""Makes a state folder as an earlier version left it, empty for none; returns how many facts are in it."""


class Births:
    """Kills the bot while it makes or changes its tables."""

    def __init__(self, stage: Stage, record: Record, state: Path, dice: random.Random) -> None:
        self._stage = stage
        self._record = record
        self._state = state
        self._dice = dice

    async def all(self, revisions: Sequence[str], make_older: MakeOlder, most: int) -> None:
        """Begin on nothing and on every earlier version, at most so many kills; the last folder is gone on with."""
        each = min(KILLS_EACH, most // (len(revisions) + 1))
        for revision in ("", *revisions):
            for number in range(each):
                if number % REMADE_EVERY == 0:
                    self._record.older = await make_older(self._state, revision)
                await self._killed()

    async def _killed(self) -> None:
        changed = await asyncio.to_thread(self._tables)
        await self._stage.process.start()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._begun(changed), LONGEST_S)
        await asyncio.sleep(self._dice.uniform(0, WITHIN_S))
        await self._stage.kill_bot()
        self._record.kills += 1
        self._record.moments["migrating"] += 1

    async def _begun(self, before: tuple[int, ...]) -> None:
        while self._tables() == before:  # noqa: ASYNC110 - no event tells of a file
            await asyncio.sleep(LOOK_S)

    def _tables(self) -> tuple[int, ...]:
        """Return what shows that tables are being made or changed: the database's log, the copy made before."""
        copies = [path.stat().st_mtime_ns for path in self._state.glob("backups/*")]
        logs = [path.stat().st_mtime_ns for path in self._state.glob("klaswacht.db-wal")]
        return (*copies, *logs)
