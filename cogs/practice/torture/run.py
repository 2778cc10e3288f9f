"""The rounds of a torture run: start the bot, make trouble, kill it; at the end let everything settle and count."""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cogs.practice.errors import ActError
from cogs.practice.school.loading import load_school
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.torture.answers import Say
from cogs.practice.torture.births import Births, MakeOlder
from cogs.practice.torture.copies import Copies
from cogs.practice.torture.facts import Copied, Kept, Plan, Record, Result
from cogs.practice.torture.judging import judged
from cogs.practice.torture.moments import Moments
from cogs.practice.torture.phrasebook import Flagged, phrasebook
from cogs.practice.torture.pupils import Pupils
from cogs.practice.torture.teachers import Teachers
from cogs.practice.torture.troubles import Troubles
from cogs.practice.world.clock import DEFAULT_START

KILLED_WHILE_STARTING, AIMED = 0.35, 0.6
LIFE_S, AWAY_S, MOST_TROUBLES = 3.0, 0.5, 3
READY_S, SETTLE_S = 300.0, 300.0
CATCH_UP = timedelta(minutes=15)  # longer than the longest pause before something is tried again
BACKUP_SHARE, BACKUPS_CHECKED = 0.15, 3
ERASED_AT = 0.6  # of all kills: late enough that a copy from before it is there
PUPILS_AT_ONCE, TEACHERS_AT_ONCE = 4, 3
Tell = Callable[[int, int], None]
"""Told after every kill: how many, of how many."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What the core lends: ``kept`` reads a state folder, ``make_older`` makes one of an earlier version."""

    flagged: Flagged
    say: Say
    kept: Callable[[Path, datetime], Awaitable[Kept]]
    revisions: Sequence[str]
    make_older: MakeOlder


class Torture:
    """One run."""

    def __init__(self, stage: Stage, plan: Plan, hands: Hands, tell: Tell) -> None:
        self.record = Record()
        self.quiet_at = stage.world.clock.now()
        self._stage = stage
        self._plan = plan
        self._hands = hands
        self._tell = tell
        self._dice = random.Random(plan.seed)  # noqa: S311 - what happens when, no secret
        self._troubles = Troubles(stage, self.record, self._dice)
        self._moments = Moments(stage, self.record, self._dice)
        self._copying: asyncio.Task[None] | None = None
        self.copies = Copies(stage, self.record, plan.state, self._dice)
        self._began = time.monotonic()

    async def run(self) -> None:
        """Do all rounds and let everything settle; before the first start nothing is said: it would never be judged."""
        book = await phrasebook(self._stage.world.school, self._hands.flagged)
        parts = (self._stage, self.record, book, self._dice, self._hands.say)
        pupils, teachers = Pupils(*parts), Teachers(*parts)
        lives = [pupils.live() for _ in range(PUPILS_AT_ONCE)] + [teachers.live() for _ in range(TEACHERS_AT_ONCE)]
        births = Births(self._stage, self.record, self._plan.state, self._dice)
        await births.all(self._hands.revisions, self._hands.make_older, self._plan.kills // 3)
        await self._started()
        people = [asyncio.create_task(life) for life in lives]
        try:
            await self._troubled()
            while not self._enough():
                await self._round()
                await self._erase_once()
                _raise_mistakes(people)
        finally:
            for task in people:
                task.cancel()
            await asyncio.gather(*people, return_exceptions=True)
        await self._settle()

    def _enough(self) -> bool:
        late = self._plan.seconds is not None and time.monotonic() - self._began > self._plan.seconds
        return late or self.record.kills >= self._plan.kills

    async def _round(self) -> None:
        """Start the bot, and kill it while it starts or some time later."""
        dice, usual = self._dice, self.record.start_seconds[-1]
        if dice.random() < KILLED_WHILE_STARTING:
            await self._start()
            if dice.random() < AIMED:
                self._moments.aim("reading_back")
            await self._live(dice.uniform(0, usual))
            await self._kill("starting")
        elif await self._started():
            await self._troubled()

    async def _troubled(self) -> None:
        """Let the bot work in trouble for some time, and kill it."""
        dice = self._dice
        for _ in range(dice.randrange(MOST_TROUBLES + 1)):
            await self._live(dice.uniform(0, LIFE_S / 2))
            self._troubles.make_one()
        if dice.random() < BACKUP_SHARE and self._copying is None:
            self._copying = asyncio.create_task(self.copies.back_up())
        if dice.random() < AIMED:
            self._moments.aim()
        await self._live(dice.uniform(0, LIFE_S))
        await self._kill("any")
        await self._copied()

    async def _start(self) -> None:
        self.record.starts += 1
        await self._stage.process.start()

    async def _started(self) -> bool:
        """Start the bot and wait until it has caught up; whether it did."""
        began = time.monotonic()
        await self._start()
        ready = asyncio.create_task(self._stage.server.control.ready.wait())
        ended = asyncio.create_task(self._stage.process.ended())
        await asyncio.wait((ready, ended), timeout=READY_S, return_when=asyncio.FIRST_COMPLETED)
        for task in (ready, ended):
            task.cancel()
        if not self._stage.server.control.ready.is_set():
            self._ended()
            await self._stage.kill_bot()
            return False
        self.record.start_seconds.append(time.monotonic() - began)
        return True

    async def _live(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stage.process.ended(), seconds)
            if not self._stage.process.struck:
                self._ended()

    def _ended(self) -> None:
        code = self._stage.process.exit_code
        self.record.ended.append(f"{code if code is not None else '-'}: {self._stage.process.tail()[-400:]}")

    async def _kill(self, moment: str) -> None:
        """Kill the bot, unless the moment that was aimed at came; a backup under way goes on without it."""
        self._moments.died("backup_under_way" if self._copying and not self._copying.done() else moment)
        await self._stage.kill_bot()
        self._stage.world.showings.clear()
        self._stage.unanswered.clear()
        self.record.kills += 1
        self._tell(self.record.kills, self._plan.kills)
        await asyncio.sleep(self._dice.uniform(0, AWAY_S))

    async def _copied(self) -> None:
        if self._copying is not None:
            await self._copying
            self._copying = None

    async def _erase_once(self) -> None:
        """Erase the pupil who leaves, once there is a copy in which that pupil stands."""
        known = {promised.key for copied in self.record.copies for promised in copied.promised}
        late = self.record.kills >= self._plan.kills * ERASED_AT
        if late and not self.record.erased and known & set(self.record.leaver):
            await self.copies.erase()

    async def _settle(self) -> None:
        """Start once more with everything in order, and let all that waits be done."""
        self._troubles.end()
        if not await self._started():
            return
        self._stage.expects_bot = True
        for _ in range(2):
            await settle(self._stage, limit=SETTLE_S)
            await self._stage.advance(self._stage.world.clock.now() + CATCH_UP)
        await settle(self._stage, limit=SETTLE_S)
        self.quiet_at = self._stage.world.clock.now()
        await self._stage.kill_bot()


async def torture(plan: Plan, hands: Hands, tell: Tell) -> Result:
    """Run, and return what was found. Raises ``ActError`` when the bot never gets quiet."""
    stage = make_stage(load_school(plan.school), DEFAULT_START, plan.state)
    try:
        await open_stage(stage)
        run = Torture(stage, plan, hands, tell)
        try:
            await run.run()
            quiet = None
        except ActError as error:
            quiet = stage.phrases.explain(plan.language, error)
    finally:
        await stage.close()
    kept, copies = await hands.kept(plan.state, run.quiet_at), []
    for copied in _checked(run.record):
        folder = await run.copies.restore(copied)
        if folder is not None:
            copies.append((copied, await hands.kept(folder, run.quiet_at)))
    return judged(stage, run.record, kept, copies, quiet)


def _checked(record: Record) -> list[Copied]:
    """Return the copies that are put back: the newest, and one from before the erasure."""
    before = [one for one in record.copies if {promised.key for promised in one.promised} & set(record.leaver)]
    return list({one.file: one for one in [*before[:1], *record.copies[-BACKUPS_CHECKED:]]}.values())


def _raise_mistakes(people: list[asyncio.Task[None]]) -> None:
    for task in people:
        if task.done():
            task.result()
