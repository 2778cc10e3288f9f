"""What pupils and teachers say, and which of it is above the threshold: screening judges each text in advance."""

import random
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.ports import ChatMessage
from cogs.practice.places import DATA
from cogs.practice.school.facts import PUPIL, School
from cogs.practice.world.clock import DEFAULT_START, Clock
from cogs.practice.world.message_payloads import message_payload
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.seeding import build
from cogs.translate import Spot, message_from

SAID = DATA / "said.toml"
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
    """All that is said. ``bad`` and ``quiet`` are sorted by screening's own verdict."""

    bad: tuple[Line, ...]
    quiet: tuple[Line, ...]
    reports: tuple[str, ...]
    notes: tuple[str, ...]

    def line(self, dice: random.Random, share: float) -> Line:
        """Return something to say; ``share``: how much of it is bad."""
        return dice.choice(self.bad if dice.random() < share else self.quiet)


def said(*names: str) -> list[str]:
    """Return lists of ``data/practice/said.toml``, joined."""
    table = tomllib.loads(SAID.read_text(encoding="utf-8"))
    return [str(text) for name in names for text in table[name]]


async def phrasebook(school: School, flagged: Flagged) -> Phrasebook:
    """Judge every text as the bot will meet it, in each kind of class; one whose verdict differs is left out."""
    bad: list[Line] = []
    quiet: list[Line] = []
    for text in said("bad", "threats", "quiet"):
        verdicts = {await flagged(message) for message in _as_met(school, text)}
        if len(verdicts) == 1:
            line = Line(text, bad=verdicts.pop())
            (bad if line.bad else quiet).append(line)
    return Phrasebook(tuple(bad), tuple(quiet), tuple(said("reports")), tuple(said("notes")))


def _as_met(school: School, text: str) -> list[ChatMessage]:
    """Return the messages that a bot would get of this text, one for each class."""
    world, found = build(school, Clock(DEFAULT_START)), []
    for room in school.classes:
        people = [one.id for one in school.people if PUPIL in one.roles and room.name in one.classes]
        channel = world.channels[room.channels[0]]
        message = send(
            world, channel, world.members[people[0]].user, Draft(content=Line(text, bad=False).to(people[1]))
        )
        spot = Spot(str(school.guild), str(channel.id))
        found.append(message_from(message_payload(world, message), spot))
    return found
