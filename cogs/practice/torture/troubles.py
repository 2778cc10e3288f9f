"""What goes wrong beside the kills: the connection, the platform's answers, closed DMs, a process that stands still."""

import asyncio
import os
import random
import signal
from collections.abc import Callable

from cogs.practice.server.faults import Fault
from cogs.practice.server.gateway import GatewayHub
from cogs.practice.stage.stage import Stage
from cogs.practice.torture.facts import Record

ROUTES = (
    "POST /channels/{id}/messages",
    "PATCH /channels/{id}/messages/{id}",
    "GET /channels/{id}/messages",
    "POST /users/@me/channels",
    "POST /interactions/{id}/{token}/callback",
    "GET /guilds/{id}/members/{id}",
)
FROZEN_S = (0.5, 3.0)
CRAWL_STOPPED_S, CRAWL_AWAKE_S, CRAWL_STEPS = 0.25, 0.03, (4, 16)
CLOSED_SHARE = 0.3  # of the people may have closed their DMs at the same time


class Troubles:
    """Makes trouble."""

    def __init__(self, stage: Stage, record: Record, dice: random.Random) -> None:
        self._stage = stage
        self._record = record
        self._dice = dice
        self._tasks: set[asyncio.Task[None]] = set()
        self._kinds: dict[str, Callable[[], None]] = {
            "drop_socket": lambda: stage.server.gateway.drop(dice.randint(1, 2)),
            "refused_resume": self._refuse_resume,
            "reconnect": stage.server.gateway.ask_to_reconnect,
            "rate_limited": lambda: self._fault("rate_limited", dice.randint(1, 3)),
            "server_error": lambda: self._fault("server_error", dice.randint(1, 3)),
            "timeout": lambda: self._fault("timeout", 1),
            "closed_dms": self._doors,
            "frozen": self._freeze,
            "crawling": self._crawl,
        }

    def make_one(self) -> None:
        """Let something go wrong now."""
        kind = self._dice.choice(list(self._kinds))
        self._record.troubles[kind] = self._record.troubles.get(kind, 0) + 1
        self._kinds[kind]()

    def end(self) -> None:
        """Let nothing go wrong any more; doors that are closed stay so."""
        self._gateway.drops = self._gateway.refuse_resume = 0
        self._stage.server.api.faults.clear()

    @property
    def _gateway(self) -> GatewayHub:
        return self._stage.server.gateway

    def _refuse_resume(self) -> None:
        self._gateway.refuse_resume = 1
        self._gateway.drop(1)

    def _fault(self, kind: str, times: int) -> None:
        fault = Fault(kind, self._dice.choice(ROUTES), None, times, performed=self._dice.choice((True, False)))
        self._stage.server.api.faults.add(fault)

    def _doors(self) -> None:
        world, dice = self._stage.world, self._dice
        world.closed_dms = {one.id for one in world.school.people if dice.random() < CLOSED_SHARE * dice.random()}

    def _freeze(self) -> None:
        self._stop([self._dice.uniform(*FROZEN_S)])

    def _crawl(self) -> None:
        """Let the process work now and then for a moment: the model is late, and so is everything else."""
        self._stop([CRAWL_STOPPED_S] * self._dice.randrange(*CRAWL_STEPS))

    def _stop(self, times: list[float]) -> None:
        pid = self._stage.process.pid
        if pid is not None and hasattr(signal, "SIGSTOP"):
            task = asyncio.create_task(self._stopped(pid, times))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _stopped(self, pid: int, times: list[float]) -> None:
        for seconds in times:
            if self._stage.process.pid == pid:
                await self._frozen(pid, seconds)
                await asyncio.sleep(CRAWL_AWAKE_S)

    async def _frozen(self, pid: int, seconds: float) -> None:
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            if self._stage.process.pid == pid:
                os.kill(pid, signal.SIGCONT)
