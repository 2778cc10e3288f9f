"""Which version of a message was judged: a new message is known by its channel's mark, an edit by a row of its own."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.marks import Marks
from bot.ports import ChatMessage
from bot.storage.engine import Database
from bot.storage.tables import judged_edit


class Versions:
    """Knows the versions that were judged."""

    def __init__(self, *, database: Database, clock: Clock, marks: Marks) -> None:
        self._database = database
        self._clock = clock
        self._marks = marks

    async def judged(self, message: ChatMessage) -> bool:
        """Whether this version, or a later one, was judged."""
        if not tracked(message):
            return self._marks.is_judged(message)
        same = (judged_edit.c.school == message.school) & (judged_edit.c.message == message.id)
        async with self._database.read() as connection:
            revision = await connection.scalar(select(judged_edit.c.revision).where(same))
        return revision is not None and message.revision <= revision

    async def remember(self, connection: AsyncConnection, message: ChatMessage) -> None:
        """Write down, inside the caller's transaction, that this version was judged; only for a ``tracked`` one."""
        same = (judged_edit.c.school == message.school) & (judged_edit.c.message == message.id)
        values = {"revision": message.revision, "at": self._clock.now()}
        done = await connection.execute(update(judged_edit).where(same).values(**values))
        if not done.rowcount:
            await connection.execute(judged_edit.insert().values(school=message.school, message=message.id, **values))


def tracked(message: ChatMessage) -> bool:
    """Whether the judged version is written down: an edit, or a thing without a place in a channel's order."""
    return bool(message.revision) or not message.id.isdigit()
