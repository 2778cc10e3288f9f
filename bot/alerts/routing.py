"""Who is told of an alert, in which order: the rungs of the ladder.

A person is written as in the school file: ``user:ID`` or ``role:ID``. Whom it is about is never told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.school import School

Holders = tuple[str, ...]
USER = "user:"
ROLE = "role:"


@dataclass(frozen=True, slots=True)
class Route:
    """The facts of an alert that decide who is told. ``receivers``: when not empty, only these, privately."""

    kind: str
    class_name: str | None = None
    receivers: Holders = ()
    left_out: frozenset[str] = frozenset()

    @property
    def private(self) -> bool:
        """Whether only the named people are told, by private message."""
        return bool(self.receivers)


def rungs(school: School, route: Route) -> tuple[Holders, ...]:
    """Return who is told first, and who next while nobody takes it up."""
    room = school.class_named(route.class_name) if route.class_name else None
    teachers: list[Iterable[str]] = [(teacher,) for teacher in room.teachers] if room else []
    asked = [route.receivers, school.coordinators] if route.private else [*teachers, school.coordinators]
    told: set[str] = {f"{USER}{user}" for user in route.left_out}
    found: list[Holders] = []
    for holders in asked:
        fresh = tuple(holder for holder in holders if holder not in told)
        told.update(fresh)
        if fresh:
            found.append(fresh)
    return tuple(found)


def crisis_receivers(school: School, author: str = "") -> Holders:
    """Return who is told when somebody may be in distress; never the writer, and never nobody."""
    asked = school.crisis or school.coordinators
    others = tuple(holder for holder in asked if holder != f"{USER}{author}")
    return others or staff_receivers(school, author)


def staff_receivers(school: School, author: str) -> Holders:
    """Return who is told of a message by a member of staff: the supervisor, else the first who is somebody else."""
    asked = (*((school.supervisor,) if school.supervisor else ()), *school.coordinators)
    others = tuple(holder for holder in asked if holder != f"{USER}{author}")
    return others[:1] or asked[:1]
