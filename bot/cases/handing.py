"""Handing a case to a colleague: who can lead it, the change itself, and who hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from bot.alerts.choices import wants_dm
from bot.alerts.outbox import Outbox, Priority
from bot.cases.store import CaseStore, Standing
from bot.cases.turn import Log, Turn, cleaned
from bot.errors import InputError, NotAllowedError
from bot.people import People, Verb, may
from bot.ports import Person, Receiver
from bot.school import School

HANDED = "case_handed"  # outbox kind
USER = "user:"


@dataclass(frozen=True, slots=True)
class Leaders:
    """Who else can lead a case. ``by_role``: coordinators are named by a role, so there may be more people."""

    people: tuple[Person, ...]
    by_role: bool


class Handing:
    """Hands cases over, inside the caller's transaction; what the platform must be asked is asked outside of it."""

    def __init__(self, *, store: CaseStore, log: Log, people: People, outbox: Outbox) -> None:
        self._store = store
        self._log = log
        self._people = people
        self._outbox = outbox

    async def leaders(self, school: School, standing: Standing) -> Leaders:
        """Return the teachers of the class and the coordinators, without who leads the case now."""
        users = [user for user in dict.fromkeys(_named(school, standing)) if user != standing.row["owner"]]
        found = await asyncio.gather(*(self._leader(school, standing, user) for user in users))
        by_role = any(not holder.startswith(USER) for holder in school.coordinators)
        return Leaders(tuple(person for person in found if person), by_role)

    async def require_leader(self, school: School, standing: Standing, owner: str) -> None:
        """Go on only when somebody may lead this case and does not yet. Raises ``InputError``."""
        if owner == standing.row["owner"]:
            raise InputError("error.case.same_owner", number=standing.row["number"])
        if await self._leader(school, standing, owner) is None:
            raise InputError("error.case.owner")

    async def hand_over(self, turn: Turn, owner: str, reason: str) -> None:
        """Give a case to somebody who may lead it. Who leads it now and who did before hear it, unless they did it."""
        self._log.step(turn)
        before = str(turn.standing.row["owner"])
        await self._store.move(turn.connection, turn.standing, owner=owner)
        await self._log.event(turn, "owner", detail=owner, text=cleaned(reason))
        await self._log.note(turn, "hand_over")
        for user, text in ((owner, "card.handed.yours"), (before, "card.handed.others")):
            if user != turn.actor.id:
                await self._tell(turn, user, {"text": text, "owner": owner})

    async def _leader(self, school: School, standing: Standing, user: str) -> Person | None:
        """Return somebody who may lead a case by what they are at the school, None for anybody else."""
        try:
            actor = await self._people.actor(school.guild, user)
        except NotAllowedError:
            return None
        leads = user not in standing.about and may(actor.roles(standing.row["class_name"]), Verb.CASE_STEP)
        return Person(user, actor.member.name) if leads else None

    async def _tell(self, turn: Turn, user: str, told: dict[str, str]) -> None:
        school, row = turn.actor.school, turn.standing.row
        private = await wants_dm(turn.connection, school, user, row["class_name"])
        receiver = Receiver("user", user) if private else Receiver("channel", school.staff_channel)
        values = {"number": str(row["number"]), "by": turn.actor.id, **told, **({} if private else {"ping": user})}
        about = (school.guild, HANDED, turn.standing.id, receiver)
        await self._outbox.enqueue(turn.connection, *about, values=values, priority=Priority.PUPIL)


def _named(school: School, standing: Standing) -> Iterator[str]:
    room = school.class_named(standing.row["class_name"]) if standing.row["class_name"] else None
    yield from room.teacher_ids if room else ()
    yield from (holder.removeprefix(USER) for holder in school.coordinators if holder.startswith(USER))
