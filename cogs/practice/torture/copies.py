"""Backups, an erasure and restores in the torture run: commands as a person types them, beside the bot."""

import asyncio
import contextlib
import random
import shutil
import time
from asyncio.subprocess import Process
from pathlib import Path

from cogs.practice.school.facts import PUPIL
from cogs.practice.stage.stage import Stage
from cogs.practice.torture.facts import Copied, Record

LONGEST_S, KILLED_SHARE = 120.0, 0.4
USUAL_S = 2.0  # how long a backup takes, until one was measured


class Copies:
    """Makes copies; some are killed on the way."""

    def __init__(self, stage: Stage, record: Record, state: Path, dice: random.Random) -> None:
        self._stage = stage
        self._record = record
        self._state = state
        self._dice = dice
        self._usual = USUAL_S
        self._count = 0

    async def back_up(self) -> None:
        """Make a backup, or kill it somewhere on the way; what then stands under its name must be whole."""
        self._count += 1
        file, promised = self._state.parent / f"backup-{self._count}.zip", tuple(self._record.promised)
        began = time.monotonic()
        process = await self._stage.process.command("backup", str(file))
        if self._dice.random() < KILLED_SHARE:
            await self._killed(process)
        elif await self._ended("backup", process):
            self._usual = time.monotonic() - began
        if await asyncio.to_thread(file.exists):
            self._record.copies.append(Copied(file, promised))

    async def erase(self) -> None:
        """Erase the pupil who leaves."""
        person = [one.id for one in self._stage.world.school.people if PUPIL in one.roles][-1]
        process = await self._stage.process.command("privacy", "erase", str(person), "--yes")
        self._record.erased = await self._ended("erase", process)

    async def restore(self, copied: Copied) -> Path | None:
        """Put a copy in a folder of its own and return that; the list of erasures lies beside it, as at a school."""
        folder = copied.file.with_suffix("")
        await asyncio.to_thread(_make_ready, folder, self._state)
        process = await self._stage.process.command("restore", str(copied.file), KLASWACHT_STATE=str(folder))
        return folder if await self._ended("restore", process) else None

    async def _killed(self, process: Process) -> None:
        await asyncio.sleep(self._dice.uniform(0, self._usual))
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
        self._record.moments["backup_itself"] += 1

    async def _ended(self, name: str, process: Process) -> bool:
        async with asyncio.timeout(LONGEST_S):
            _, told = await process.communicate()
        if process.returncode:
            self._record.ended.append(f"{name} {process.returncode}: {told.decode(errors='replace')[-400:]}")
        return process.returncode == 0


def _make_ready(folder: Path, state: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    for path in state.iterdir():
        if path.suffix in {".key", ".jsonl"}:
            shutil.copy(path, folder / path.name)
