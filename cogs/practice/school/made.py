"""Makes a school file of any size, for the torture run and the benchmark: many pupils, so that pairs seldom repeat."""

from dataclasses import dataclass
from pathlib import Path

BASE = 1_100_000_000_000_000_000
GUILD, STAFF_CHANNEL, COORDINATOR, OWNER, MODERATOR = BASE + 1, BASE + 201, BASE + 301, BASE + 302, BASE + 303
FIRST_CHANNEL, FIRST_TEACHER, FIRST_PUPIL = BASE + 10_001, BASE + 20_001, BASE + 30_001
APART = 1_000_000
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


def write_school(path: Path, size: Size, place: int = 0) -> Path:
    """Write the school file and return its path. ``place``: which of several schools; each has ids of its own."""
    path.write_text(_Maker(size, place * APART).text(), encoding="utf-8")
    return path


class _Maker:
    """Makes the text; half of the classes have teachers who take private messages."""

    def __init__(self, size: Size, base: int) -> None:
        self._size = size
        self._base = base

    def text(self) -> str:
        size, base = self._size, self._base
        ids = {"staff": STAFF_CHANNEL + base, "coordinator": COORDINATOR + base, "moderator": MODERATOR + base}
        parts = [HEAD.format(guild=GUILD + base, **ids)]
        parts += [self._class(number) for number in range(size.classes)]
        parts.append(CHANNEL.format(id=ids["staff"], name="team", kind="staff"))
        parts += [self._channel(number) for number in range(size.classes)]
        parts.append(_person(ids["coordinator"], "Marleen Visser", "coordinator"))
        parts.append(_person(OWNER + base, "Karim Haddad", "other", owner=True))
        parts.append(_person(ids["moderator"], "Ilse Mulder", "moderator"))
        parts += [self._teacher(number) for number in range(size.teachers)]
        parts += [self._pupil(number) for number in range(size.classes * size.pupils)]
        return "".join(parts)

    def _class(self, number: int) -> str:
        first, second = (FIRST_TEACHER + self._base + (number + step) % self._size.teachers for step in (0, 1))
        age, dm = ("primary", "true") if number % 2 == 0 else ("secondary", "false")
        channel = FIRST_CHANNEL + self._base + number
        return CLASS.format(name=_name(number), age=age, channel=channel, first=first, second=second, dm=dm)

    def _channel(self, number: int) -> str:
        return CHANNEL.format(id=FIRST_CHANNEL + self._base + number, name=f"klas-{number + 1}", kind="class")

    def _teacher(self, number: int) -> str:
        size = self._size
        taught = [
            _name(room) for room in range(size.classes) if number in {room % size.teachers, (room + 1) % size.teachers}
        ]
        return _person(FIRST_TEACHER + self._base + number, f"Docent {number + 1}", "teacher", *taught)

    def _pupil(self, number: int) -> str:
        room = _name(number // self._size.pupils)
        return _person(FIRST_PUPIL + self._base + number, f"Leerling {number + 1}", "pupil", room)


def _person(number: int, name: str, role: str, *classes: str, owner: bool = False) -> str:
    listed = "[" + ", ".join(f'"{room}"' for room in classes) + "]"
    return PERSON.format(id=number, name=name, role=role, classes=listed, owner=str(owner).lower())


def _name(number: int) -> str:
    return f"Klas {number + 1}"
