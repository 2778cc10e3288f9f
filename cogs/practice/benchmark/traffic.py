"""Writes messages at a steady pace: pupils of all classes, every pair only once, a share of it above the threshold."""

import asyncio
import itertools
import random
import time
from collections.abc import Iterator

from cogs.practice.benchmark.facts import Phase, Plan, Seen
from cogs.practice.school.facts import PUPIL, School
from cogs.practice.stage.stage import Stage
from cogs.practice.torture.phrasebook import Line, Phrasebook
from cogs.practice.world.messages import Draft, send

TURN_S = 0.01


class Traffic:
    """The messages of a plan. ``school``: with its people (the stage's own has none, to spare the server work)."""

    def __init__(self, stage: Stage, school: School, plan: Plan, book: Phrasebook, seen: Seen) -> None:
        self._stage = stage
        self._plan = plan
        self._seen = seen
        self._dice = random.Random(plan.seed)  # noqa: S311 - who writes what, no secret
        self._pairs = itertools.cycle(self._shuffled(school))
        self._threats = book.threats
        self._bad = [line for line in book.bad if line not in book.threats]
        self._quiet = [line for line in book.quiet if "{to}" not in line.text]
        self._count = 0

    async def phase(self, phase: Phase, quiet: asyncio.Event) -> None:
        """Write at the pace of a phase; a server that is late catches up."""
        began, written = time.monotonic(), 0
        while (passed := time.monotonic() - began) < phase.seconds:
            if phase.until_quiet and quiet.is_set():
                return
            while written < passed * phase.per_second:
                self._write()
                written += 1
            await asyncio.sleep(TURN_S)

    def _shuffled(self, school: School) -> list[tuple[int, int, int]]:
        """Return channel, writer and classmate of all pairs, in an order that repeats no writer soon."""
        pairs = [pair for room in school.classes for pair in _pairs(school, room.name, room.channels[0])]
        self._dice.shuffle(pairs)
        return pairs

    def _write(self) -> None:
        channel, author, mate = next(self._pairs)
        kind, line = self._line()
        world, draft = self._stage.world, Draft(content=line.to(mate))
        message = send(world, world.channels[channel], world.members[author].user, draft)
        if kind == "quiet":
            self._seen.quiet += 1
        else:
            self._seen.bad.add(message.id)
        if kind == "threat":
            self._seen.threats.add(message.id)

    def _line(self) -> tuple[str, Line]:
        """Return the kind and the words of the next message: threats and other bad ones are spread evenly."""
        self._count += 1
        if not _falls(self._count, self._plan.bad):
            return "quiet", self._dice.choice(self._quiet)
        if _falls(int(self._count * self._plan.bad), self._plan.threats / self._plan.bad):
            return "threat", self._dice.choice(self._threats)
        return "bad", self._dice.choice(self._bad)


def _falls(count: int, share: float) -> bool:
    return int(count * share) > int((count - 1) * share)


def _pairs(school: School, room: str, channel: int) -> Iterator[tuple[int, int, int]]:
    people = [one.id for one in school.people if room in one.classes and PUPIL in one.roles]
    return ((channel, first, second) for first, second in itertools.permutations(people, 2))
