"""The facts of the consent register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ConsentKind(StrEnum):
    """For what."""

    PHOTO = "photo"
    FILM = "film"
    SOUND = "sound"


class ConsentPlace(StrEnum):
    """Where. Consent for the whole school's channels holds in the class's too."""

    CLASS = "class"
    SCHOOL = "school"


class GivenBy(StrEnum):
    """Who gave it: a parent or guardian, or a pupil of 16 and older."""

    GUARDIAN = "guardian"
    PUPIL = "pupil"


@dataclass(frozen=True, slots=True)
class Grant:
    """A consent to record. ``until``: the last day; None: the end of the school year. ``proof``: where it lies."""

    pupil: str
    kind: ConsentKind
    place: ConsentPlace
    given_by: GivenBy
    name: str = ""
    until: date | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent as the coordinator sees it."""

    id: int
    pupil: str
    kind: ConsentKind
    place: ConsentPlace
    given_by: GivenBy
    name: str
    until: date
    proof: str
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None

    def holds(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.withdrawn_at is None and day <= self.until


@dataclass(frozen=True, slots=True)
class Posted:
    """Something that was posted under a consent."""

    channel: str
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of an imported file that can't be used. ``reason``: key of a text."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: nothing at all when there are problems."""

    added: int
    known: int
    problems: tuple[Problem, ...]
