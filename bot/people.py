"""Who somebody is at a school now, and whether the table of ``bot.rights`` lets them do a thing.

A right is asked for at the moment of the click, with the member as the platform tells it then (at most two seconds
old), never as they were when a card was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import NotAllowedError, NotFoundError
from bot.ports import Member, Roster
from bot.rights import STAFF, Role, Thing, Verb, rights_of, who
from bot.school import ClassRoom, School, Schools
from bot.texts import language_of

__all__ = ["Actor", "People", "Role", "Verb", "admit", "may", "require"]
_MODERATES = frozenset({Role.MODERATOR, Role.OTHER_MODERATOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts at a school, as they are now."""

    school: School
    member: Member

    @property
    def id(self) -> str:
        """The platform's user id."""
        return self.member.id

    @property
    def language(self) -> str:
        """The language to answer in."""
        return language_of(self.member.locale, self.school.language)

    def holds(self, holders: tuple[str, ...]) -> bool:
        """Whether one of ``user:ID`` or ``role:ID`` is this person."""
        mine = {f"user:{self.id}", *(f"role:{role}" for role in self.member.roles)}
        return not mine.isdisjoint(holders)

    @property
    def staff(self) -> bool:
        """Whether this person works at the school; a pupil of the class list who only moderates does not."""
        held = self.roles() & STAFF
        return bool(held - _MODERATES if self.school.pupil(self.id) else held)

    def roles(self, class_name: str | None = None, *, owner: str | None = None) -> frozenset[Role]:
        """Return this person's roles towards a class (or the school) and a thing led by ``owner``."""
        school = self.school
        supervisor = (school.supervisor or school.coordinators[0],)
        tests = {
            Role.COORDINATOR: self.holds(school.coordinators),
            Role.CRISIS: self.holds(school.crisis or school.coordinators),
            Role.SUPERVISOR: self.holds(supervisor),
            Role.ICT: self.holds(school.ict),
        }
        found = {role for role, true in tests.items() if true}
        if taught := school.classes_of_teacher(self.id):
            found.add(_teaches(taught, class_name, self.id))
        if moderates := self._moderates(class_name):
            found.add(moderates)
        if found and owner == self.id:  # who lost their roles owns nothing any more
            found.add(Role.OWNER)
        return frozenset(found or {Role.PUPIL})

    def possible(self) -> frozenset[Role]:
        """Return every role that this person could have towards some thing at this school."""
        rooms = (self.roles(room.name) for room in self.school.classes)
        return self.roles(owner=self.id).union(*rooms, {Role.REPORTER, Role.FLAGGED})

    def _moderates(self, class_name: str | None) -> Role | None:
        """Return what a moderator is towards a class. A pupil never moderates the class they are in themselves."""
        school, listed = self.school, self.school.pupil(self.id)
        room = school.class_named(class_name) if class_name else None
        everywhere = self.holds(school.moderators)
        if not everywhere and not any(self.holds(one.moderators) for one in school.classes):
            return None
        own = listed is not None and (room is None or room.name == listed.class_name)
        here = everywhere or (room is not None and self.holds(room.moderators))
        return Role.MODERATOR if here and not own else Role.OTHER_MODERATOR


def _teaches(taught: tuple[ClassRoom, ...], class_name: str | None, user: str) -> Role:
    room = next((room for room in taught if room.name == class_name), None)
    if room is None:
        return Role.OTHER_TEACHER
    return Role.TEACHER if room.teacher_ids[0] == user else Role.SECOND


class People:
    """Answers who somebody is, and refuses in words."""

    def __init__(self, schools: Callable[[], Schools], roster: Roster) -> None:
        self._schools = schools
        self._roster = roster

    async def actor(self, school: str, user: str) -> Actor:
        """Return somebody at a school. Raises ``NotFoundError``: no such school; ``NotAllowedError``: no member."""
        facts = self._schools().get(school)
        if facts is None:
            raise NotFoundError("error.school.unknown")
        member = await self._roster.member(school, user)
        if member is None:
            raise NotAllowedError("error.rights.outsider")
        return Actor(facts, member)


def may(roles: frozenset[Role], verb: Verb) -> bool:
    """Tell whether these roles allow a thing. Whom the thing at hand is about never decides about it."""
    allowed = who(verb)
    if Role.FLAGGED in roles and Role.FLAGGED not in allowed:
        return False
    return not roles.isdisjoint(allowed)


def require(
    actor: Actor,
    verb: Verb,
    class_name: str | None = None,
    *,
    owner: str | None = None,
    extra: frozenset[Role] = frozenset(),
) -> None:
    """Go on only when this person may do this. Raises ``NotAllowedError`` with a sentence that says who may."""
    if not may(actor.roles(class_name, owner=owner) | extra, verb):
        raise NotAllowedError(f"error.rights.{verb.value}")


def admit(actor: Actor, thing: Thing) -> None:
    """Go on only when this person may do this with something at the school; the core asks again about the very one.

    Raises
    ------
    NotAllowedError: says who may; NotFoundError: the thing is not in the table, so it is for nobody.
    """
    asked = rights_of(thing)
    if not asked:
        raise NotFoundError("error.discord.button")
    if all(right.who.isdisjoint(actor.possible()) for right in asked):
        raise NotAllowedError(f"error.rights.{asked[0].verb.value}")
