"""Sends one row of the outbox through the messenger and writes down how it ended.

queued -> sent, or refused (another road is taken, see ``refusals``), or later: a failure waits longer each time, up to
a bound, and is never given up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from bot.alerts.due import OutboxRow, mark_later, mark_refused, mark_sent
from bot.alerts.refusals import Refusals
from bot.clock import Clock
from bot.errors import DeliveryFailedError, DeliveryRefusedError
from bot.ports import Delivery, MessageRef, Messenger
from bot.school import Schools
from bot.storage.engine import Database
from bot.texts import DEFAULT_LANGUAGE

LOG = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=10)
DOUBLINGS = 16  # past this the longest pause holds anyway


class Sender:
    """Delivers rows, one call a row."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        schools: Callable[[], Schools],
        messenger: Messenger,
        refusals: Refusals,
    ) -> None:
        self._database = database
        self._clock = clock
        self._schools = schools
        self._messenger = messenger
        self._refusals = refusals
        self._unmarked: dict[int, MessageRef] = {}

    async def send(self, row: OutboxRow) -> None:
        """Deliver a row or show it again. Raises ``StorageError`` when the end can't be written down."""
        try:
            ref = self._unmarked.get(row.id) or await self._show(row)
        except DeliveryRefusedError:
            await self._refused(row)
        except Exception as error:  # noqa: BLE001 - whatever an adapter raises, the row must not be lost
            if not isinstance(error, DeliveryFailedError):
                LOG.error("delivery of %s failed: %s", row.kind, type(error).__name__)  # noqa: TRY400 - no contents
            await self._later(row)
        else:
            self._unmarked[row.id] = ref
            async with self._database.write() as connection:
                await mark_sent(connection, row, ref, self._clock.now())
            del self._unmarked[row.id]

    async def _show(self, row: OutboxRow) -> MessageRef:
        school = self._schools().get(row.school)
        language = school.language if school else DEFAULT_LANGUAGE
        about = (row.id, row.school, row.kind, row.subject, row.receiver)
        delivery = Delivery(*about, language=language, values=row.values)
        if row.ref is None:
            return await self._messenger.deliver(delivery)
        await self._messenger.refresh(delivery, row.ref)
        return row.ref

    async def _refused(self, row: OutboxRow) -> None:
        async with self._database.write() as connection:
            if row.ref is not None:  # it arrived earlier; that it can't be changed any more harms nobody
                await mark_sent(connection, row, row.ref, self._clock.now())
            elif await self._refusals.take_over(connection, row):
                await mark_refused(connection, row)
            else:
                await mark_later(connection, row, self._clock.now() + LONGEST_PAUSE)

    async def _later(self, row: OutboxRow) -> None:
        pause = min(FIRST_PAUSE * 2 ** min(row.attempts, DOUBLINGS), LONGEST_PAUSE)
        async with self._database.write() as connection:
            await mark_later(connection, row, self._clock.now() + pause)
