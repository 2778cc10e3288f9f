"""Who may do what: one table, read by the code and by the tests.

A right is asked for at the moment of the click, with the member as the platform tells it then (at most two seconds
old), never as they were when a card was sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import NotAllowedError, NotFoundError
from bot.ports import Member, Roster
from bot.school import ClassRoom, School, Schools
from bot.texts import language_of


class Role(StrEnum):
    """What somebody is to the thing at hand."""

    REPORTER = "reporter"  # made this report
    FLAGGED = "flagged"  # wrote the message at hand; never decides about it, whatever else they are
    PUPIL = "pupil"
    TEACHER = "teacher"  # first teacher of the class at hand
    SECOND = "second"  # another teacher of the class at hand
    OTHER_TEACHER = "other_teacher"  # teaches another class of this school
    OWNER = "owner"  # took the alert or leads the case at hand
    MODERATOR = "moderator"
    COORDINATOR = "coordinator"
    CRISIS = "crisis"  # is told when a pupil is in distress
    SUPERVISOR = "supervisor"
    ICT = "ict"
    OUTSIDER = "outsider"  # no member of this school


class Verb(StrEnum):
    """Everything that can be done."""

    REPORT = "report"
    MY_MESSAGES = "my_messages"
    RULES = "rules"
    PRIVACY = "privacy"
    REPLY_OWN = "reply_own"
    QUEUE = "queue"
    SHOW = "show"
    TAKE = "take"
    DISMISS = "dismiss"
    OPEN_CASE = "open_case"
    JOIN_CASE = "join_case"
    REMOVE = "remove"
    TIME_OUT = "timeout"
    PASS_ON = "pass_on"  # noqa: S105 - no password: pass it on
    REPLY = "reply"
    CLOSE_REPORT = "close_report"
    OPEN_SEAL = "open_seal"
    CASE = "case"
    CASE_STEP = "case_step"
    LETTER = "letter"
    DOSSIER = "dossier"
    POLICE_FILE = "police_file"
    DM_CHOICE = "dm_choice"
    SETUP = "setup"
    AUDIT = "audit"
    CONSENT = "consent"
    DECIDE_MEDIA = "decide_media"
    THRESHOLDS = "thresholds"
    CRISIS_CARD = "crisis_card"
    STAFF_CARD = "staff_card"


_EVERYONE = frozenset(Role) - {Role.OUTSIDER}
_STAFF = frozenset(
    {
        Role.TEACHER,
        Role.SECOND,
        Role.OTHER_TEACHER,
        Role.OWNER,
        Role.MODERATOR,
        Role.COORDINATOR,
        Role.CRISIS,
        Role.SUPERVISOR,
        Role.ICT,
    }
)
_CLASS = frozenset({Role.TEACHER, Role.SECOND, Role.OWNER, Role.COORDINATOR})
_REVIEW = _CLASS | {Role.MODERATOR}

RIGHTS: dict[Verb, frozenset[Role]] = {
    Verb.REPORT: _EVERYONE,
    Verb.MY_MESSAGES: _EVERYONE,
    Verb.RULES: _EVERYONE,
    Verb.PRIVACY: _EVERYONE,
    Verb.REPLY_OWN: frozenset({Role.REPORTER}),
    Verb.QUEUE: _STAFF - {Role.ICT, Role.SUPERVISOR},
    Verb.SHOW: _REVIEW,
    Verb.TAKE: _REVIEW,
    Verb.DISMISS: _REVIEW,
    Verb.OPEN_CASE: _REVIEW,
    Verb.JOIN_CASE: _REVIEW,
    Verb.REMOVE: _REVIEW,
    Verb.TIME_OUT: frozenset({Role.MODERATOR, Role.COORDINATOR}),
    Verb.PASS_ON: _REVIEW,
    Verb.REPLY: _CLASS,
    Verb.CLOSE_REPORT: _CLASS,
    Verb.OPEN_SEAL: frozenset({Role.COORDINATOR}),
    Verb.CASE: _CLASS,
    Verb.CASE_STEP: _CLASS,
    Verb.LETTER: _CLASS,
    Verb.DOSSIER: _CLASS,
    Verb.POLICE_FILE: _CLASS,
    Verb.DM_CHOICE: _STAFF,
    Verb.SETUP: frozenset({Role.ICT, Role.COORDINATOR}),
    Verb.AUDIT: frozenset({Role.COORDINATOR}),
    Verb.CONSENT: frozenset({Role.COORDINATOR}),
    Verb.DECIDE_MEDIA: _CLASS,
    Verb.THRESHOLDS: frozenset({Role.COORDINATOR, Role.ICT}),
    Verb.CRISIS_CARD: frozenset({Role.CRISIS, Role.COORDINATOR}),
    Verb.STAFF_CARD: frozenset({Role.SUPERVISOR, Role.COORDINATOR}),
}
"""Which roles may do a thing. A person has several roles at once; one that is listed is enough."""


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
        """Whether this person works at the school."""
        return not self.roles().isdisjoint(_STAFF)

    def roles(self, class_name: str | None = None, *, owner: str | None = None) -> frozenset[Role]:
        """Return this person's roles towards a class (or the school) and a thing led by ``owner``."""
        school = self.school
        supervisor = (school.supervisor or school.coordinators[0],)
        tests = {
            Role.MODERATOR: self.holds(school.moderators),
            Role.COORDINATOR: self.holds(school.coordinators),
            Role.CRISIS: self.holds(school.crisis or school.coordinators),
            Role.SUPERVISOR: self.holds(supervisor),
            Role.ICT: self.holds(school.ict),
        }
        found = {role for role, true in tests.items() if true}
        if taught := school.classes_of_teacher(self.id):
            found.add(_teaches(taught, class_name, self.id))
        if found and owner == self.id:  # who lost their roles owns nothing any more
            found.add(Role.OWNER)
        return frozenset(found or {Role.PUPIL})


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
    """Tell whether these roles allow a thing. Who wrote the message at hand never decides about it."""
    if Role.FLAGGED in roles and verb not in {Verb.REPORT, Verb.MY_MESSAGES, Verb.RULES, Verb.PRIVACY}:
        return False
    return not roles.isdisjoint(RIGHTS[verb])


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
