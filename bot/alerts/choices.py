"""Whether a member of staff wants alerts by private message: their own choice, else what the school file says."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.people import Actor, Verb, require
from bot.school import School
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.tables import dm_choice


async def wants_dm(connection: AsyncConnection, school: School, user: str, class_name: str | None) -> bool:
    """Tell whether somebody takes alerts about a class by private message."""
    same = (dm_choice.c.school == school.guild) & (dm_choice.c.user == user)
    chosen = await connection.scalar(select(dm_choice.c.on).where(same))
    if chosen is not None:
        return bool(chosen)
    room = school.class_named(class_name) if class_name else None
    return room is not None and room.dm and user in room.teacher_ids


class DmChoices:
    """Writes down what somebody chose with "Stuur mij DM's"."""

    def __init__(self, *, database: Database, clock: Clock, audit: Audit) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit

    async def choose(self, actor: Actor, *, on: bool) -> None:
        """Turn private messages on or off for the person who acts. Raises ``NotAllowedError``."""
        require(actor, Verb.DM_CHOICE)
        school = actor.school.guild
        async with self._database.write() as connection:
            same = (dm_choice.c.school == school) & (dm_choice.c.user == actor.id)
            await connection.execute(delete(dm_choice).where(same))
            row = {"school": school, "user": actor.id, "on": on, "changed_at": self._clock.now()}
            await connection.execute(dm_choice.insert().values(**row))
            await self._audit.note(connection, school, actor.id, Verb.DM_CHOICE, "on" if on else "off")
