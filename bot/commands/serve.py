"""``run`` and ``practice``: settings -> database -> core -> Discord. Core and adapter are joined here."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import Busy, Clock, SteeredClock, SystemClock
from bot.commands.base import say
from bot.compose import build
from bot.core import Core, Ports
from bot.errors import SetupError
from bot.logs import start_logging
from bot.monitor import Monitor
from bot.pulse import Pulse, memory_mb
from bot.schoolbook import SchoolBook
from bot.schoolfiles import texts_of
from bot.settings import Settings, read_settings
from bot.storage.opening import open_storage
from bot.sweep import Sweep, set_aside

STATE_RIGHTS = 0o700  # only the bot's own user may look into the folder with children's data


def run() -> int:
    """Run the bot until it is stopped; return the exit code. Raises ``SetupError`` and ``StorageError``."""
    settings = read_settings()
    token = settings.token()
    start_logging(settings.klaswacht_log_level)
    return asyncio.run(_serve(settings, token))


def practice(
    scenario: Path | None,
    school: Path | None,
    transcript: Path | None,
    start: str | None,
    port: int,
    *,
    open_browser: bool,
) -> int:
    """Open the practice room or play a scenario; return the exit code. Raises ``SetupError``: it is not there."""
    try:
        from cogs.practice.cli import practice as play
    except ModuleNotFoundError as error:
        raise SetupError("error.practice.missing", package=error.name) from error
    return play(scenario, school, transcript, start, port, open_browser=open_browser)


def state_folder(settings: Settings) -> Path:
    """Make the state folder, readable for its owner only. Raises ``SetupError``."""
    folder = settings.klaswacht_state
    try:
        folder.mkdir(mode=STATE_RIGHTS, parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError("error.settings.state", folder=folder, reason=error.strerror) from error
    return folder


async def _serve(settings: Settings, token: str) -> int:
    from cogs.client import KlaswachtClient, message_id_at, point_at

    point_at(settings.discord_api_base, settings.discord_gateway_url, settings.discord_cdn_base)
    texts = texts_of(settings)
    room = _Room(settings.klaswacht_control)
    book = SchoolBook()
    async with contextlib.AsyncExitStack() as stack:
        clock = await room.clock(stack)
        storage = await open_storage(settings, state_folder(settings), clock)
        stack.push_async_callback(storage.database.close)
        client = KlaswachtClient(texts=texts, book=book, busy=room.busy)
        ports = Ports(client.messenger, client.roster, client.history, client.gateway, message_id_at)
        core = await build(settings, storage, texts=texts, book=book, ports=ports, busy=room.busy)
        stack.push_async_callback(core.close)
        client.attach(core)
        room.join(core, client)
        set_aside()
        if core.model_trouble:
            say(core.model_trouble.key, **core.model_trouble.values)
        if not book.current().all:
            say("error.school_file.none")
        monitor = Monitor(
            database=storage.database, clock=clock, port=settings.klaswacht_monitor_port, extra=lambda: _gauges(core)
        )
        watched = asyncio.create_task(monitor.run())
        stack.callback(watched.cancel)
        await _until_stopped(core, client, token, room)
    return 0


async def _until_stopped(core: Core, client: Any, token: str, room: _Room) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    tasks = [
        asyncio.create_task(client.start(token)),
        asyncio.create_task(core.runner.run()),
        asyncio.create_task(core.watch.run()),
        asyncio.create_task(core.readback.run_left()),
        asyncio.create_task(Sweep(core.busy).run()),
        asyncio.create_task(stopped.wait()),
    ]
    ready = asyncio.create_task(_when_ready(core, client, room))
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await client.close()
        for task in (*tasks, ready):
            task.cancel()
        await asyncio.gather(*tasks, ready, return_exceptions=True)


async def _when_ready(core: Core, client: Any, room: _Room) -> None:
    """Say that the bot is there; only then start what looks at files, so that the start itself is not held up."""
    await room.when_ready(client)
    await core.entrance.warm()


def _gauges(core: Core) -> dict[str, float]:
    return {"messages_waiting": core.watch.waiting, "tasks": core.busy.count, "memory_megabytes": memory_mb()[0]}


def _end_this_process() -> None:
    signal.raise_signal(signal.SIGTERM)


class _Room:
    """The practice room's hold on this process: its clock, and word of what is under way. Nothing without one."""

    def __init__(self, url: str | None) -> None:
        self.busy = Busy()
        self._url = url
        self._agent: Any = None
        self._steered = SteeredClock(datetime.now().astimezone())
        self._core: Core | None = None
        self._client: Any = None
        self._pulse = Pulse()

    async def clock(self, stack: contextlib.AsyncExitStack) -> Clock:
        """Return the machine's clock, or the practice room's once it has said what time it is."""
        if not self._url:
            return SystemClock()
        from cogs.practice.agent import ControlAgent

        self._agent = ControlAgent(
            self._url,
            set_now=self._steered.set,
            advance_to=self._advance,
            status=self._status,
            on_lost=_end_this_process,
        )
        for work in (self._agent.run(), self._pulse.run()):
            stack.callback(asyncio.create_task(work).cancel)
        await self._agent.greeted.wait()
        return self._steered

    def join(self, core: Core, client: Any) -> None:
        """Take the core and the connection into view."""
        self._core, self._client = core, client

    async def when_ready(self, client: Any) -> None:
        """Tell the practice room when the bot is connected and has caught up."""
        await client.caught_up()
        if self._agent:
            self._agent.mark_ready()

    async def _advance(self, moment: datetime) -> None:
        if self._core:
            await self._core.runner.advance_to(moment, self._steered)

    async def _status(self) -> dict[str, Any]:
        if self._core is None:
            return {"seq": 0, "busy": 1, "due": 0, "now": self._steered.now().isoformat()}
        memory, most = memory_mb()
        return {
            "seq": self._client.settled_sequence(),
            "busy": self.busy.count,
            "due": await self._core.runner.due_count(),
            "now": self._steered.now().isoformat(),
            **asdict(self._pulse.take()),
            "memory_mb": memory,
            "memory_most_mb": most,
        }
