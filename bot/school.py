"""The school file: one school, its classes and its people, as facts; read at every start.

The format stands in the README ("School file"). Tables that belong to the practice room (``[[person]]``,
``[[channel]]``) are left to it. A wrong file is refused with the line and the reason, all mistakes at once.
"""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from bot.errors import SchoolFileError

Snowflake = Annotated[str, StringConstraints(pattern=r"^\d{1,20}$")]
Holder = Annotated[str, StringConstraints(pattern=r"^(user|role):\d{1,20}$")]
UserRef = Annotated[str, StringConstraints(pattern=r"^user:\d{1,20}$")]
HOURS = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$")


class AgeGroup(StrEnum):
    """Which thresholds and words fit a class."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class Pupil:
    """A line of the class list: names that never count as a bad word and that letters use."""

    account: str
    first_name: str
    last_name: str
    class_name: str


class ClassRoom(BaseModel):
    """One class: its channels, its teachers (the second is the next rung of the ladder), who moderates only here."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
    age_group: AgeGroup = AgeGroup.SECONDARY
    channels: tuple[Snowflake, ...] = Field(min_length=1)
    teachers: tuple[UserRef, ...] = Field(min_length=1)
    moderators: tuple[Holder, ...] = ()
    dm: bool = False

    @property
    def teacher_ids(self) -> tuple[str, ...]:
        """The teachers' user ids, in the order of the ladder."""
        return tuple(teacher.removeprefix("user:") for teacher in self.teachers)


class School(BaseModel):
    """One school, as its file says."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    guild: Snowflake
    language: Literal["nl", "en"] = "nl"
    timezone: str = "Europe/Amsterdam"
    staff_channel: Snowflake
    coordinators: tuple[Holder, ...] = Field(min_length=1)
    moderators: tuple[Holder, ...] = ()
    crisis: tuple[Holder, ...] = ()
    supervisor: Holder | None = None
    ict: tuple[Holder, ...] = ()
    hours: str = "08:15-15:30"
    holidays: tuple[str, ...] = ()
    roster: str | None = None
    classes: tuple[ClassRoom, ...] = ()
    pupils: tuple[Pupil, ...] = ()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {value!r}") from error
        return value

    @field_validator("hours")
    @classmethod
    def _in_order(cls, value: str) -> str:
        if not HOURS.match(value) or value[:5] >= value[6:]:
            raise ValueError("write it as 08:15-15:30")
        return value

    @field_validator("holidays")
    @classmethod
    def _periods(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for period in value:
            _period(period)
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def opens(self) -> time:
        """When a school day begins, local time."""
        return time.fromisoformat(self.hours[:5])

    @property
    def closes(self) -> time:
        """When a school day ends, local time."""
        return time.fromisoformat(self.hours[6:])

    def is_school_day(self, day: date) -> bool:
        """Tell whether there is school on this day: Monday to Friday, no holiday."""
        return day.weekday() < 5 and not any(a <= day <= b for a, b in map(_period, self.holidays))  # noqa: PLR2004 - Saturday is 5

    @property
    def channels(self) -> frozenset[str]:
        """Every channel that the school file names."""
        return frozenset((self.staff_channel, *(channel for room in self.classes for channel in room.channels)))

    def class_of_channel(self, channel: str) -> ClassRoom | None:
        """Return the class whose channel this is."""
        return next((room for room in self.classes if channel in room.channels), None)

    def class_named(self, name: str) -> ClassRoom | None:
        """Return the class of this name."""
        return next((room for room in self.classes if room.name == name), None)

    def classes_of_teacher(self, user: str) -> tuple[ClassRoom, ...]:
        """Return the classes that somebody teaches."""
        return tuple(room for room in self.classes if user in room.teacher_ids)

    def pupil(self, account: str) -> Pupil | None:
        """Return the class list's line of an account."""
        return next((pupil for pupil in self.pupils if pupil.account == account), None)


@dataclass(frozen=True, slots=True)
class Schools:
    """All schools that this bot serves; they are strangers to each other."""

    all: dict[str, School] = field(default_factory=dict)

    def get(self, guild: str) -> School | None:
        """Return the school of a guild."""
        return self.all.get(guild)

    def with_school(self, school: School) -> Schools:
        """Return these schools with one added or replaced."""
        return Schools({**self.all, school.guild: school})


def read_school(path: Path) -> School:
    """Read a school file and its class list.

    Raises
    ------
    SchoolFileError: unreadable, no TOML, unknown or missing keys, wrong values; names line and reason.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        raise SchoolFileError("error.school_file.unreadable", file=path.name, reason=reason) from error
    try:
        raw = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise SchoolFileError("error.school_file.wrong", file=path.name, problems=str(error)) from error
    table = raw.get("school")
    unknown = raw.keys() - {"school", "class", "person", "channel"}
    if not isinstance(table, dict) or unknown:
        problem = f"unknown: {', '.join(sorted(unknown))}" if unknown else "[school] is missing"
        raise SchoolFileError("error.school_file.wrong", file=path.name, problems=problem)
    try:
        school = School.model_validate({**table, "classes": raw.get("class", [])})
    except ValidationError as error:
        raise SchoolFileError("error.school_file.wrong", file=path.name, problems=_told(error, source)) from error
    _no_doubles(school, path, source)
    return school.model_copy(update={"pupils": _class_list(school, path)})


def _period(period: str) -> tuple[date, date]:
    first, _, last = period.partition("/")
    start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    if end < start or end - start > timedelta(days=366):
        raise ValueError(f"{period!r} is no period")
    return start, end


def _told(error: ValidationError, source: str) -> str:
    lines = source.splitlines()
    told = []
    for problem in error.errors():
        where = [part for part in problem["loc"] if part != "classes"]
        name = next((str(part) for part in where if isinstance(part, str)), "school")
        nth = next((part for part in where if isinstance(part, int)), 0) if "classes" in problem["loc"] else 0
        told.append(f"{_line(lines, name, nth, in_class='classes' in problem['loc'])}{name}: {problem['msg']}")
    return "; ".join(told)


def _line(lines: list[str], name: str, nth: int, *, in_class: bool) -> str:
    table = 0
    for number, line in enumerate(lines, 1):
        table += line.strip() == "[[class]]"
        if re.match(rf"\s*{re.escape(name)}\s*=", line) and (not in_class or table == nth + 1):
            return f"line {number}: "
    return ""


def _no_doubles(school: School, path: Path, source: str) -> None:
    seen: dict[str, str] = {}
    for room in school.classes:
        for channel in room.channels:
            if channel in seen or channel == school.staff_channel:
                number = next((n for n, text in enumerate(source.splitlines(), 1) if channel in text), 0)
                problem = f"line {number}: channel {channel} stands twice"
                raise SchoolFileError("error.school_file.wrong", file=path.name, problems=problem)
            seen[channel] = room.name
    names = [room.name for room in school.classes]
    if len(set(names)) != len(names):
        problem = "two classes have the same name"
        raise SchoolFileError("error.school_file.wrong", file=path.name, problems=problem)


ROSTER_COLUMNS = (
    ("account", "account"),
    ("first name", "voornaam"),
    ("last name", "achternaam"),
    ("class", "klas"),
)


def _class_list(school: School, path: Path) -> tuple[Pupil, ...]:
    if not school.roster:
        return ()
    file = path.parent / school.roster
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SchoolFileError("error.school_file.roster", file=file.name, reason="unreadable") from error
    dialect = csv.Sniffer().sniff(text.splitlines()[0] if text else ",", delimiters=",;\t") if text else csv.excel
    rows = list(csv.reader(text.splitlines(), dialect))
    if not rows:
        return ()
    head = [cell.strip().lower().replace("_", " ") for cell in rows[0]]
    places = [next((head.index(name) for name in names if name in head), None) for names in ROSTER_COLUMNS]
    if places[0] is None or places[1] is None:
        raise SchoolFileError("error.school_file.roster", file=file.name, reason="account, first name")
    return tuple(_pupil(row, places) for row in rows[1:] if any(cell.strip() for cell in row))


def _pupil(row: list[str], places: list[int | None]) -> Pupil:
    cells = [row[place].strip() if place is not None and place < len(row) else "" for place in places]
    return Pupil(*cells)
