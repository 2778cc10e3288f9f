"""Makes a school file of any size, for the torture run and the benchmark: many pupils, so that pairs seldom repeat."""

from dataclasses import dataclass
from pathlib import Path

BASE = 1_100_000_000_000_000_000
GUILD, STAFF_CHANNEL, COORDINATOR, OWNER, MODERATOR = BASE + 1, BASE + 201, BASE + 301, BASE + 302, BASE + 303
FIRST_CHANNEL, FIRST_TEACHER, FIRST_PUPIL = BASE + 10_001, BASE + 20_001, BASE + 30_001
HEAD = """[school]
name = "De Proefschool"
guild = "{guild}"
language = "nl"
timezone = "Europe/Amsterdam"
staff_channel = "{staff}"
coordinators = ["user:{coordinator}"]
moderators = ["user:{moderator}"]
hours = "08:15-15:30"
"""
CLASS = """
[[class]]
name = "{name}"
age_group = "{age}"
channels = ["{channel}"]
teachers = ["user:{first}", "user:{second}"]
dm = {dm}
"""
CHANNEL = """
[[channel]]
id = "{id}"
name = "{name}"
kind = "{kind}"
"""
PERSON = """
[[person]]
id = "{id}"
name = "{name}"
roles = ["{role}"]
classes = {classes}
owner = {owner}
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How large the school is. Every class has its own channel, its pupils and two of the teachers."""

    classes: int
    pupils: int
    teachers: int


def write_school(path: Path, size: Size) -> Path:
    """Write the school file and return its path. Half of the classes have teachers who take private messages."""
    parts = [HEAD.format(guild=GUILD, staff=STAFF_CHANNEL, coordinator=COORDINATOR, moderator=MODERATOR)]
    parts += [_class(number, size) for number in range(size.classes)]
    parts.append(CHANNEL.format(id=STAFF_CHANNEL, name="team", kind="staff"))
    parts += [
        CHANNEL.format(id=FIRST_CHANNEL + number, name=f"klas-{number + 1}", kind="class")
        for number in range(size.classes)
    ]
    parts.append(_person(COORDINATOR, "Marleen Visser", "coordinator"))
    parts.append(_person(OWNER, "Karim Haddad", "other", owner=True))
    parts.append(_person(MODERATOR, "Ilse Mulder", "moderator"))
    parts += [_teacher(number, size) for number in range(size.teachers)]
    parts += [_pupil(number, size) for number in range(size.classes * size.pupils)]
    path.write_text("".join(parts), encoding="utf-8")
    return path


def _class(number: int, size: Size) -> str:
    first, second = (FIRST_TEACHER + (number + step) % size.teachers for step in (0, 1))
    age, dm = ("primary", "true") if number % 2 == 0 else ("secondary", "false")
    channel = FIRST_CHANNEL + number
    return CLASS.format(name=_name(number), age=age, channel=channel, first=first, second=second, dm=dm)


def _teacher(number: int, size: Size) -> str:
    taught = [
        _name(room) for room in range(size.classes) if number in {room % size.teachers, (room + 1) % size.teachers}
    ]
    return _person(FIRST_TEACHER + number, f"Docent {number + 1}", "teacher", *taught)


def _pupil(number: int, size: Size) -> str:
    return _person(FIRST_PUPIL + number, f"Leerling {number + 1}", "pupil", _name(number // size.pupils))


def _person(number: int, name: str, role: str, *classes: str, owner: bool = False) -> str:
    listed = "[" + ", ".join(f'"{room}"' for room in classes) + "]"
    return PERSON.format(id=number, name=name, role=role, classes=listed, owner=str(owner).lower())


def _name(number: int) -> str:
    return f"Klas {number + 1}"
