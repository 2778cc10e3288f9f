"""What pupils and teachers say, and which of it is above the threshold: screening judges each text in advance."""

import random
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.ports import ChatMessage
from cogs.practice.places import DATA
from cogs.practice.school.facts import PUPIL, School, SchoolClass
from cogs.practice.world.clock import DEFAULT_START, Clock
from cogs.practice.world.message_payloads import message_payload
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.seeding import build
from cogs.translate import Spot, message_from

SAID = DATA / "said.toml"
MATES = 7  # a name is a part of the text and moves its scores a little
Flagged = Callable[[ChatMessage], Awaitable[bool]]
"""Whether a person should look at a message."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text with a place for a classmate's name, and whether it is above the threshold."""

    text: str
    bad: bool

    def to(self, person: int) -> str:
        """Return the text, said to somebody."""
        return self.text.format(to=f"<@{person}>")


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All that is said. Bad and quiet lines are sorted by screening's own verdict; ``threats`` are among the bad."""

    bad: tuple[Line, ...]
    threats: tuple[Line, ...]
    quiet: tuple[Line, ...]
    reports: tuple[str, ...]
    notes: tuple[str, ...]

    def line(self, dice: random.Random, share: float) -> Line:
        """Return something to say; ``share``: how much of it is bad."""
        return dice.choice(self.bad if dice.random() < share else self.quiet)


def said(name: str) -> tuple[str, ...]:
    """Return a list of ``data/practice/said.toml``."""
    return tuple(map(str, tomllib.loads(SAID.read_text(encoding="utf-8"))[name]))


async def phrasebook(school: School, flagged: Flagged) -> Phrasebook:
    """Judge every text as the bot will meet it: in each class, said to several people.

    One whose verdict is not the same everywhere is left out: it lies too near to the threshold to count by.
    """
    met = _Met(school)

    async def sorted_out(name: str, *, bad: bool) -> tuple[Line, ...]:
        lines = [Line(text, bad) for text in said(name)]
        return tuple([line for line in lines if {await flagged(one) for one in met.messages(line)} == {bad}])

    threats, quiet = await sorted_out("threats", bad=True), await sorted_out("quiet", bad=False)
    return Phrasebook((*await sorted_out("bad", bad=True), *threats), threats, quiet, said("reports"), said("notes"))


class _Met:
    """The messages that a bot would get of a text."""

    def __init__(self, school: School) -> None:
        self._school = school
        self._world = build(school, Clock(DEFAULT_START))

    def messages(self, line: Line) -> list[ChatMessage]:
        """Return a text said by the first pupil of each class to some of the others."""
        return [self._message(line, room, mate) for room in self._school.classes for mate in self._mates(room)[1:MATES]]

    def _mates(self, room: SchoolClass) -> list[int]:
        return [one.id for one in self._school.people if PUPIL in one.roles and room.name in one.classes]

    def _message(self, line: Line, room: SchoolClass, mate: int) -> ChatMessage:
        channel = self._world.channels[room.channels[0]]
        author = self._world.members[self._mates(room)[0]].user
        message = send(self._world, channel, author, Draft(content=line.to(mate)))
        return message_from(message_payload(self._world, message), Spot(str(self._school.guild), str(channel.id)))
