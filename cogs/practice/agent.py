"""The bot's end of the control channel: the practice room sets the clock and asks what the bot is doing.

Runs inside the bot process, and only when KLASWACHT_CONTROL names an address. It knows no Discord and no database:
the composition root hands in what it needs.

    agent = ControlAgent(url, set_now=clock.set, advance_to=jobs.advance_to, status=road.status)
    task = asyncio.create_task(agent.run())
    await agent.greeted.wait()      # the clock is set; start the rest now
    ...
    agent.mark_ready()              # connected to the gateway, caught up

``on_lost`` is called once when the practice room was gone for a minute: a bot without it should end.
``status`` returns ``seq`` (the last gateway sequence that is completely handled), ``busy`` (handlers and jobs at
work), ``due`` (rows that are due now) and ``now``. ``advance_to`` fires what becomes due on the way, in order, and
returns when the clock stands at the new time. Both may be coroutines.
"""

import asyncio
import inspect
import json
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

import aiohttp

from cogs.practice.jsontypes import Json

RETRY_SECONDS, LOST_SECONDS = 0.2, 60.0


class ControlAgent:
    """Answers the practice room as long as the process lives; a broken line is picked up again."""

    def __init__(
        self,
        url: str,
        *,
        set_now: Callable[[datetime], None],
        advance_to: Callable[[datetime], Awaitable[None]],
        status: Callable[[], Json | Awaitable[Json]],
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        self.greeted = asyncio.Event()
        self._url = url
        self._set_now = set_now
        self._advance_to = advance_to
        self._status = status
        self._on_lost = on_lost
        self._heard = time.monotonic()
        self._ready = False
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve the line; come back after every break, until cancelled."""
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.ws_connect(self._url) as socket:
                        await self._serve(socket)
                    self._heard = time.monotonic()
                except (aiohttp.ClientError, ConnectionError):
                    pass
                if self._on_lost is not None and time.monotonic() - self._heard > LOST_SECONDS:
                    self._on_lost()
                    return
                await asyncio.sleep(RETRY_SECONDS)

    def mark_ready(self) -> None:
        """Say that the bot is connected to the gateway and has caught up."""
        self._ready = True
        self._spawn(self._send({"op": "ready"}))

    async def _serve(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        try:
            async for frame in socket:
                if frame.type is aiohttp.WSMsgType.TEXT:
                    await self._receive(json.loads(frame.data))
        finally:
            self._socket = None

    async def _receive(self, message: Json) -> None:
        operation = message.get("op")
        if operation == "hello":
            self._set_now(datetime.fromisoformat(message["now"]))
            self.greeted.set()
            if self._ready:
                await self._send({"op": "ready"})
        elif operation == "advance":
            self._spawn(self._advance(message))
        elif operation == "status":
            self._spawn(self._report(message))

    async def _advance(self, message: Json) -> None:
        error = None
        try:
            await self._advance_to(datetime.fromisoformat(message["to"]))
        except Exception as problem:  # noqa: BLE001 - the practice room must hear of it, whatever it is
            error = repr(problem)
        await self._send({"op": "advanced", "id": message["id"], "now": message["to"], "error": error})

    async def _report(self, message: Json) -> None:
        found = self._status()
        status = await found if inspect.isawaitable(found) else found
        await self._send({**status, "op": "status", "id": message["id"]})

    async def _send(self, message: Json) -> None:
        if self._socket is not None and not self._socket.closed:
            await self._socket.send_str(json.dumps(message))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
