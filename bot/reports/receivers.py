"""Who receives a report: the class teacher by default; a pupil may choose, because it may be about staff.

Staff who are named under "who" are left out: by mention, by full name, or by title and name ("meester Jan").
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.people import Actor
from bot.ports import Roster
from bot.reports.facts import ReceiverLine, ReceiverRole
from bot.school import ClassRoom, School

COORDINATOR = "coordinator"
SUPERVISOR = "supervisor"
TITLES = (
    "juf|juffrouw|meester|mevrouw|mevr|mw|meneer|mijnheer|dhr|mr|mrs|ms|miss|sir|leraar|lerares|docent|mentor|coach"
)
_MENTION = re.compile(r"<@!?(\d{1,20})>")
_WORD = re.compile(r"\w+")
_TITLE = re.compile(rf"\b(?:{TITLES})\b\.?")
NAMES_LAST = timedelta(hours=1)
SHORTEST_NAME = 2  # letters; initials alone name nobody


class Receivers:
    """Answers who can receive a pupil's report."""

    def __init__(self, roster: Roster, clock: Clock) -> None:
        self._roster = roster
        self._clock = clock
        self._names: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def of(self, actor: Actor, rooms: Iterable[ClassRoom]) -> tuple[ReceiverLine, ...]:
        """Return whom a pupil can choose, the default first: the teachers of the classes, then the coordinators."""
        lines = [line for room in rooms for line in await self._teachers(actor.school, room)]
        unique = {line.key: line for line in reversed(lines)}
        ordered = [line for line in lines if unique.pop(line.key, None)]
        return (*ordered, await self._coordinator(actor.school))

    async def accused(self, school: School, who: str, extra: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the user ids of staff who are named, and of those ``extra`` people who are staff."""
        staff = _staff(school)
        mentioned = {user for user in (*_MENTION.findall(who), *extra) if user in staff}
        if not _MENTION.sub("", who).strip():
            return tuple(sorted(mentioned))
        names = await asyncio.gather(*(self._name(school, user) for user in staff))
        pupils = _pupil_names(school)
        named = {user for user, name in zip(staff, names, strict=True) if names_adult(who, name, pupils)}
        return tuple(sorted(mentioned | named))

    async def _teachers(self, school: School, room: ClassRoom) -> list[ReceiverLine]:
        lines = []
        for index, user in enumerate(room.teacher_ids):
            role = ReceiverRole.SECOND if index else ReceiverRole.TEACHER
            lines.append(ReceiverLine(user, role, user, await self._name(school, user), room.name))
        return lines

    async def _coordinator(self, school: School) -> ReceiverLine:
        users = [holder.removeprefix("user:") for holder in school.coordinators if holder.startswith("user:")]
        user = users[0] if len(users) == 1 == len(school.coordinators) else None
        name = ", ".join(filter(None, [await self._name(school, one) for one in users]))
        return ReceiverLine(COORDINATOR, ReceiverRole.COORDINATOR, user, name)

    async def _name(self, school: School, user: str) -> str:
        """Return an adult's name; asked again after an hour, because a large school has many."""
        now, key = self._clock.now(), (school.guild, user)
        name, asked = self._names.get(key, ("", now - 2 * NAMES_LAST))
        if now - asked >= NAMES_LAST or now < asked:
            member = await self._roster.member(school.guild, user)
            name = member.name if member else ""
            self._names[key] = (name, now)
        return name


def _staff(school: School) -> tuple[str, ...]:
    holders = (*school.coordinators, *school.moderators, *school.crisis, *school.ict, school.supervisor or "")
    users = {holder.removeprefix("user:") for holder in holders if holder.startswith("user:")}
    return tuple(sorted(users | {user for room in school.classes for user in room.teacher_ids}))


def classes_of(actor: Actor) -> tuple[ClassRoom, ...]:
    """Return the classes somebody belongs to: those of the class list, else those whose channel they can read."""
    school, pupil = actor.school, actor.school.pupil(actor.id)
    listed = school.class_named(pupil.class_name) if pupil else None
    readable = tuple(room for room in school.classes if actor.member.channels.intersection(room.channels))
    return (listed, *(room for room in readable if room != listed)) if listed else readable


def names_adult(text: str, name: str, pupils: frozenset[str]) -> bool:
    """Tell whether a text names an adult: the full name, or a part of it after a title or where no pupil has it."""
    words, said = _WORD.findall(_TITLE.sub(" ", _plain(name))), _plain(text)
    if not words:
        return False
    whole = r"\W+".join(map(re.escape, words))
    if re.search(rf"\b{whole}\b", said) and (len(words) > 1 or words[0] not in pupils):
        return True
    parts = [word for word in words if len(word) >= SHORTEST_NAME and word not in _PARTICLES]
    after_title = (rf"\b(?:{TITLES})\b\.?\s+(?:\w+\s+){{0,2}}?{re.escape(part)}\b" for part in parts)
    return any(re.search(pattern, said) for pattern in after_title) or _alone(said, words, pupils)


_PARTICLES = frozenset({"de", "van", "der", "den", "het", "ten", "ter", "el", "al", "le", "la", "in"})


def _alone(said: str, words: list[str], pupils: frozenset[str]) -> bool:
    """Whether "who" is nothing but the adult's first name, which no pupil of the class list has."""
    return words[0] not in pupils and said.strip(" .,!?") == words[0]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _pupil_names(school: School) -> frozenset[str]:
    return frozenset(_plain(pupil.first_name) for pupil in school.pupils)


def without(lines: Iterable[ReceiverLine], left_out: Iterable[str]) -> tuple[ReceiverLine, ...]:
    """Return the receivers without those who are left out."""
    out = set(left_out)
    return tuple(line for line in lines if line.user is None or line.user not in out)


def by_key(lines: Iterable[ReceiverLine]) -> Mapping[str, ReceiverLine]:
    """Return the receivers by what a pupil chooses."""
    return {line.key: line for line in lines}
