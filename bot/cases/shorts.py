"""Cases as lines of a list, read with three statements however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.facts import CaseState, Side
from bot.people import Actor, Role, Verb, may
from bot.rights import who
from bot.storage.tables import case_, case_pupil, finding, followup

LIST_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Short:
    """A case with what a line of a list needs."""

    row: RowMapping
    hurt: tuple[str, ...]
    did: tuple[str, ...]
    next_look: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: those of a school on which somebody may do something."""

    condition: ColumnElement[bool]

    @classmethod
    def of(cls, actor: Actor, verb: Verb, *, open_only: bool = False) -> Wanted:
        """Return the cases on which a person may do this, by class and by who leads them."""
        found = [case_.c.school == actor.school.guild]
        found += [case_.c.state == CaseState.OPEN] if open_only else []
        found += _not_about(actor)
        if not may(actor.roles(), verb):
            rooms = [room.name for room in actor.school.classes if may(actor.roles(room.name), verb)]
            own = case_.c.owner == actor.id if Role.OWNER in who(verb) else case_.c.owner.is_(None)
            found.append(or_(case_.c.class_name.in_(rooms), own))
        return cls(and_(*found))


async def shorts(connection: AsyncConnection, wanted: Wanted) -> list[Short]:
    """Return cases, open ones first, then the newest."""
    ordered = select(case_).where(wanted.condition).order_by(case_.c.state.desc(), case_.c.number.desc())
    rows = (await connection.execute(ordered.limit(LIST_LENGTH))).mappings().all()
    ids = [row["id"] for row in rows]
    named = select(case_pupil).where(case_pupil.c["case"].in_(ids)).order_by(case_pupil.c.id)
    pupils = (await connection.execute(named)).mappings().all()
    due = select(followup.c["case"], func.min(followup.c.due_at).label("due_at")).group_by(followup.c["case"])
    due = due.where(followup.c["case"].in_(ids), followup.c.state.in_(("planned", "due")))
    looks = {row["case"]: row["due_at"] for row in (await connection.execute(due)).mappings()}
    return [
        Short(row, _side(pupils, row, Side.HURT), _side(pupils, row, Side.DID), looks.get(row["id"])) for row in rows
    ]


def _not_about(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return what leaves out the cases that somebody is in: named, or as the writer of a message."""
    named = exists().where(case_pupil.c["case"] == case_.c.id, case_pupil.c.user == actor.id)
    wrote = select(finding.c["case"]).where(finding.c.school == actor.school.guild, finding.c.author == actor.id)
    return ~named, case_.c.id.not_in(wrote.where(finding.c["case"].is_not(None)))


def _side(pupils: Sequence[RowMapping], row: RowMapping, side: Side) -> tuple[str, ...]:
    return tuple(one["user"] for one in pupils if one["case"] == row["id"] and one["role"] == side)
