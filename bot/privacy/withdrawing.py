"""Takes back the cards of things that were erased: they name a pupil and stand in a chat."""

from __future__ import annotations

from sqlalchemy import delete, select

from bot.errors import DeliveryFailedError, DeliveryRefusedError
from bot.ports import Messenger
from bot.privacy.removal import WITHDRAW
from bot.storage.engine import Database
from bot.storage.tables import outbox

REASON = "Klaswacht"


class Withdrawing:
    """Deletes the bot's own messages whose rows wait for it."""

    def __init__(self, *, database: Database, messenger: Messenger) -> None:
        self._database = database
        self._messenger = messenger

    async def run(self, school: str) -> int:
        """Take back what waits in a school; what can't be reached now waits on. Returns how many rows went."""
        asked = select(outbox).where(outbox.c.school == school, outbox.c.state == WITHDRAW).order_by(outbox.c.id)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).all()
        done = [row.id for row in rows if await self._gone(row.sent_channel, row.sent_message)]
        async with self._database.write() as connection:
            await connection.execute(delete(outbox).where(outbox.c.id.in_(done)))
        return len(done)

    async def _gone(self, channel: str, message: str) -> bool:
        try:
            await self._messenger.remove(channel, message, REASON)
        except DeliveryRefusedError:
            return True
        except DeliveryFailedError:
            return False
        return True
