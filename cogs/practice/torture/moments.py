"""Moments at which the bot dies on purpose: between a commit, a sending and its mark, at a click, while reading back.

A moment is aimed at, and either comes within the bot's short life or the bot dies at any other.
"""

import asyncio
import random
from collections.abc import Coroutine

from cogs.practice.server.faults import CUT, CUT_AFTER, Fault
from cogs.practice.stage.stage import Stage
from cogs.practice.torture.facts import Record

AFTER_POST_S, AFTER_ANSWER_S, LOOK_S = 0.15, 0.02, 0.005
SEND, CALLBACK, ORIGINAL, PAGE = (
    "POST /channels/{id}/messages",
    "POST /interactions/{id}/{token}/callback",
    "PATCH /webhooks/{id}/{token}/messages/@original",
    "GET /channels/{id}/messages",
)
AIMS = {
    "before_sending": (CUT, SEND, False),
    "before_the_mark": (CUT, SEND, True),
    "after_sending": (CUT_AFTER, SEND, True),
    "at_a_click": (CUT, CALLBACK, True),
    "unheard_click": (CUT, CALLBACK, False),
    "after_an_answer": (CUT_AFTER, ORIGINAL, True),
    "reading_back": (CUT_AFTER, PAGE, True),
}
BEFORE_THE_COMMIT = "before_the_commit"


class Moments:
    """Aims, and counts what was hit."""

    def __init__(self, stage: Stage, record: Record, dice: random.Random) -> None:
        self._stage = stage
        self._record = record
        self._dice = dice
        self._aim = ""
        self._tasks: set[asyncio.Task[None]] = set()
        stage.server.api.on_cut = self._hit

    def aim(self, name: str = "") -> None:
        """Aim at a moment: any of them, or this one."""
        self._aim = name or self._dice.choice([*AIMS, BEFORE_THE_COMMIT])
        if self._aim == BEFORE_THE_COMMIT:
            self._spawn(self._after_the_next_post())
            return
        kind, route, performed = AIMS[self._aim]
        self._stage.server.api.faults.add(Fault(kind, route, None, 1, performed=performed))

    def died(self, otherwise: str) -> None:
        """Count a death: of the moment that was aimed at, when it came."""
        self._record.moments[self._aim if self._stage.process.struck else otherwise] += 1
        if self._aim in AIMS:
            kind, route, _ = AIMS[self._aim]
            self._stage.server.api.faults.add(Fault(kind, route, None, 0))
        self._aim = ""
        for task in self._tasks:
            task.cancel()

    def _hit(self) -> None:
        if self._aim and AIMS[self._aim][0] == CUT_AFTER:
            self._spawn(self._strike_in(self._dice.uniform(0, AFTER_ANSWER_S)))
        else:
            self._stage.process.strike()

    async def _after_the_next_post(self) -> None:
        count = len(self._record.posts)
        while len(self._record.posts) == count:  # noqa: ASYNC110 - nobody tells of a post
            await asyncio.sleep(LOOK_S)
        await self._strike_in(self._dice.uniform(0, AFTER_POST_S))

    async def _strike_in(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._stage.process.strike()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
