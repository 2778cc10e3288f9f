"""The facts of a practice school: who is there, in which class, and which channels exist."""

from dataclasses import dataclass
from pathlib import Path

PUPIL, TEACHER, MODERATOR, COORDINATOR, OTHER = "pupil", "teacher", "moderator", "coordinator", "other"
PERSON_ROLES = (PUPIL, TEACHER, MODERATOR, COORDINATOR, OTHER)
STAFF_ROLES = frozenset({TEACHER, MODERATOR, COORDINATOR})
CHANNEL_KINDS = ("class", "staff", "other")
CHANNEL_FORMS = {"text": 0, "voice": 2, "announcement": 5, "forum": 15}


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference in the school file: ``user:ID`` or ``role:ID``."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the practice school."""

    id: int
    name: str
    roles: frozenset[str]
    classes: tuple[str, ...]
    locale: str
    owner: bool


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """A class: its channels and its teachers."""

    name: str
    channels: tuple[int, ...]
    teachers: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class SchoolChannel:
    """A channel of the school's server."""

    id: int
    name: str
    kind: str
    form: str
    topic: str


@dataclass(frozen=True, slots=True)
class School:
    """The school file, checked."""

    name: str
    guild: int
    language: str
    timezone: str
    staff_channel: int
    coordinators: tuple[Ref, ...]
    moderators: tuple[Ref, ...]
    designated: tuple[Ref, ...]
    classes: tuple[SchoolClass, ...]
    people: tuple[Person, ...]
    channels: tuple[SchoolChannel, ...]
    source: Path

    def person(self, person_id: int) -> Person | None:
        """Return the person with this id, if there is one."""
        return next((person for person in self.people if person.id == person_id), None)

    def class_of_channel(self, channel_id: int) -> SchoolClass | None:
        """Return the class that this channel belongs to, if any."""
        return next((group for group in self.classes if channel_id in group.channels), None)

    def is_staff(self, person: Person) -> bool:
        """Return whether this person may see the staff channels."""
        named = {ref.id for ref in self._staff_refs() if ref.kind == "user"}
        return bool(person.roles & STAFF_ROLES) or person.owner or person.id in named

    def _staff_refs(self) -> list[Ref]:
        teachers = [ref for group in self.classes for ref in group.teachers]
        return [*self.coordinators, *self.moderators, *self.designated, *teachers]
