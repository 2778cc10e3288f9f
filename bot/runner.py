"""One loop that does what is due: timers and rows of the outbox, in order of time, the urgent first.

Every row is done outside a transaction and marked afterwards. A crash in between does it once more, with the same
nonce. Nothing that goes wrong in one row ends the loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.alerts.due import OutboxRow, count_due, due_rows, next_row
from bot.alerts.outage import Outage
from bot.alerts.sending import Sender
from bot.clock import Busy, Clock, SteeredClock
from bot.errors import KlaswachtError
from bot.storage.engine import Database
from bot.timers import TimerRow, count_timers, due_timers, mark_done, next_timer, postpone

LOG = logging.getLogger(__name__)
Handler = Callable[[int, str], Awaitable[None]]
Key = tuple[str, str]

AT_ONCE = (
    4  # deliveries under way together: the platform allows 50 requests a second, one slow receiver holds one place
)
LONGEST_WAIT_S = 5.0  # another process (the command line) may have planned work, and a laptop may have slept
STORAGE_PAUSE_S = 2.0
HANDLER_FIRST_PAUSE = timedelta(seconds=2)
HANDLER_LONGEST_PAUSE = timedelta(minutes=10)


class Runner:
    """Does due timers and sends due rows."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        sender: Sender,
        outage: Outage,
        busy: Busy | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._outage = outage
        self._busy = busy or Busy()
        self._pause = pause
        self._handlers: dict[str, Handler] = {}
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._failed: dict[int, int] = {}
        self._starting = asyncio.Lock()
        self._woken = asyncio.Event()
        database.listen(self.wake)
        database.listen(outage.committed)

    def on(self, kind: str, handler: Handler) -> None:
        """Let ``handler(subject, school)`` do timers of a kind; it may be called twice for one timer."""
        self._handlers[kind] = handler

    def wake(self) -> None:
        """Look again now; called after every committed transaction."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                await self._once()
        finally:
            for task in tuple(self._tasks.values()):
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def drain(self) -> None:
        """Do everything that is due now and return when it is done."""
        while not await self._start_due():
            if self._tasks:
                await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)

    async def advance_to(self, moment: datetime, clock: SteeredClock) -> None:
        """Step the clock to every moment at which something is due, do it, and end at ``moment``."""
        await self.drain()
        while (due := await self.next_due()) and due <= moment:
            clock.set(max(due, clock.now()))
            await self.drain()
        clock.set(max(moment, clock.now()))
        await self.drain()

    async def due_count(self) -> int:
        """Return how many timers and rows are due now, those under way included."""
        now = self._clock.now()
        async with self._database.read() as connection:
            timers = await count_timers(connection, now, frozenset(self._handlers))
            return timers + await count_due(connection, now)

    async def settled(self) -> bool:
        """Whether nothing is due and nothing under way."""
        return not self._tasks and await self.due_count() == 0

    async def next_due(self) -> datetime | None:
        """Return when the next timer or row that is not under way becomes due."""
        kinds, receivers = self._free_kinds(), self._busy_receivers()
        async with self._database.read() as connection:
            timer = await next_timer(connection, kinds)
            row = await next_row(connection, receivers)
        moments = [due for due in (timer, row) if due]
        return min(moments, default=None)

    async def _once(self) -> None:
        self._woken.clear()
        try:
            await self._start_due()
            pause = 0.0 if self._woken.is_set() else await self._until_due()
            await self._outage.follow_up()
        except KlaswachtError as error:
            await self._outage.tell(error)
            pause = STORAGE_PAUSE_S
        except Exception as error:  # noqa: BLE001 - the loop outlives whatever one look at the tables does
            LOG.error("runner could not look: %s", type(error).__name__)  # noqa: TRY400 - a trace may print contents
            pause = STORAGE_PAUSE_S
        await self._wait(min(max(pause, 0.0), LONGEST_WAIT_S))

    async def _until_due(self) -> float:
        due = await self.next_due()
        return (due - self._clock.now()).total_seconds() if due else LONGEST_WAIT_S

    async def _wait(self, seconds: float) -> None:
        woken = asyncio.create_task(self._woken.wait())
        await asyncio.wait({woken, *self._tasks.values()}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        woken.cancel()

    async def _start_due(self) -> bool:
        """Start what is due and free to start; return whether nothing was due or under way."""
        async with self._starting:
            now, working = self._clock.now(), bool(self._tasks)
            sending = self._busy_receivers()
            async with self._database.read() as connection:
                timers = await due_timers(connection, now, self._free_kinds())
                rows = await due_rows(connection, now, sending) if len(sending) < AT_ONCE else []
            for row in rows[: AT_ONCE - len(sending)]:
                self._start(("receiver", row.receiver.id), self._send(row))
            for timer in timers:
                self._start(("timer", timer.kind), self._do(timer))
            return not (working or rows or timers)

    def _start(self, key: Key, work: Awaitable[None]) -> None:
        async def watched() -> None:
            with self._busy:
                await work

        task = asyncio.ensure_future(watched())
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    def _busy_receivers(self) -> frozenset[str]:
        return frozenset(name for what, name in self._tasks if what == "receiver")

    def _free_kinds(self) -> frozenset[str]:
        return frozenset(self._handlers) - {name for what, name in self._tasks if what == "timer"}

    async def _send(self, row: OutboxRow) -> None:
        try:
            await self._sender.send(row)
        except Exception as error:  # noqa: BLE001 - the row stays due; the others go on
            await self._stumble(f"outbox {row.kind}", error)

    async def _do(self, timer: TimerRow) -> None:
        try:
            try:
                await self._handlers[timer.kind](timer.subject, timer.school)
            except Exception as error:  # noqa: BLE001 - one handler's mistake must not end the others' work
                LOG.error("timer %s failed: %s", timer.kind, type(error).__name__)  # noqa: TRY400 - as above
                await self._later(timer)
            else:
                await mark_done(self._database, timer.id, self._clock.now())
                self._failed.pop(timer.id, None)
        except Exception as error:  # noqa: BLE001 - as above
            await self._stumble(f"timer {timer.kind}", error)

    async def _later(self, timer: TimerRow) -> None:
        attempts = self._failed[timer.id] = self._failed.get(timer.id, 0) + 1
        pause = min(HANDLER_FIRST_PAUSE * 2 ** min(attempts, 20), HANDLER_LONGEST_PAUSE)
        await postpone(self._database, timer.id, self._clock.now() + pause)

    async def _stumble(self, what: str, error: Exception) -> None:
        LOG.error("%s could not be kept: %s", what, type(error).__name__)
        if isinstance(error, KlaswachtError):
            await self._outage.tell(error)
        await self._pause(STORAGE_PAUSE_S)
