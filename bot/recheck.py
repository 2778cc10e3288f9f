"""When the model is late or broken the words judge; the model looks again when it is back. Timer kind ``recheck``.

Only the ids of such messages are kept; the text is fetched anew. The staff channel hears once that the model is late,
and once that it is back.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from sqlalchemy import Row, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import Outbox
from bot.clock import Clock
from bot.ports import ChatMessage, History, Receiver
from bot.school import School, Schools
from bot.storage.engine import Database
from bot.storage.tables import fact, recheck
from bot.timers import Timers

WORDS_ENGINES = frozenset({"words", "none"})
RECHECK = "recheck"
PAUSE = timedelta(minutes=1)
AT_A_TIME = 50
LATE = "alerts.notice.model_late"
BACK = "alerts.notice.model_back"

LookAgain = Callable[[School, ChatMessage], Awaitable[bool]]
"""Judges a message once more; False when still only the words could."""


class Recheck:
    """Keeps what must be looked at again."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        outbox: Outbox,
        timers: Timers,
        schools: Callable[[], Schools],
        history: History,
    ) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._timers = timers
        self._schools = schools
        self._history = history

    async def remember(self, connection: AsyncConnection, message: ChatMessage) -> None:
        """Keep a message's id inside the caller's transaction; the first one is told in the staff channel."""
        school, now = message.school, self._clock.now()
        if message.id.isdigit():
            same = (recheck.c.school == school) & (recheck.c.message == message.id)
            await connection.execute(delete(recheck).where(same))
            row = {"school": school, "message": message.id, "channel": message.channel, "at": now}
            await connection.execute(recheck.insert().values(**row))
        if await connection.scalar(select(fact.c.value).where(fact.c.name == _name(school))) is None:
            await connection.execute(fact.insert().values(name=_name(school), value=now.isoformat()))
            await self._notice(connection, school, LATE)
        if await self._timers.planned(connection, school, RECHECK, 0) is None:
            await self._timers.plan(connection, school, RECHECK, 0, now + PAUSE)

    async def due(self, school: str, look_again: LookAgain) -> None:
        """Look again at what waits, oldest first, as long as the model is there."""
        facts = self._schools().get(school)
        while facts is not None and (rows := await self._oldest(school)):
            for row in rows:
                message = await self._history.one(row.channel, row.message)
                if message is not None and not await look_again(facts, message):
                    await self._plan_again(school)
                    return
                async with self._database.write() as connection:
                    same = (recheck.c.school == school) & (recheck.c.message == row.message)
                    await connection.execute(delete(recheck).where(same))
        await self._end(school)

    async def count(self) -> int:
        """Return how many messages wait for the model."""
        async with self._database.read() as connection:
            return await connection.scalar(select(func.count()).select_from(recheck)) or 0

    async def _oldest(self, school: str) -> Sequence[Row[tuple[object, ...]]]:
        asked = select(recheck).where(recheck.c.school == school).order_by(recheck.c.at, recheck.c.message)
        async with self._database.read() as connection:
            return (await connection.execute(asked.limit(AT_A_TIME))).all()

    async def _plan_again(self, school: str) -> None:
        async with self._database.write() as connection:
            await self._timers.plan(connection, school, RECHECK, 0, self._clock.now() + PAUSE)

    async def _end(self, school: str) -> None:
        async with self._database.write() as connection:
            done = await connection.execute(delete(fact).where(fact.c.name == _name(school)))
            if done.rowcount:
                await self._notice(connection, school, BACK)

    async def _notice(self, connection: AsyncConnection, school: str, text: str) -> None:
        facts = self._schools().get(school)
        if facts is not None:
            receiver = Receiver("channel", facts.staff_channel)
            await self._outbox.enqueue(connection, school, "notice", 0, receiver, values={"text": text})


def _name(school: str) -> str:
    return f"model_late/{school}"
