"""The practice room's end of the control channel: sets the bot's clock, asks what it is doing."""

import asyncio
import contextlib
import itertools
import json
from datetime import datetime

from aiohttp import WSMsgType, web

from cogs.practice.jsontypes import Json
from cogs.practice.world.clock import Clock


class ControlLostError(Exception):
    """The line to the bot broke while an answer was awaited."""


class ControlDesk:
    """One line, to one bot process."""

    def __init__(self, clock: Clock) -> None:
        self.ready = asyncio.Event()
        self._clock = clock
        self._socket: web.WebSocketResponse | None = None
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Json]] = {}

    @property
    def connected(self) -> bool:
        """Whether the bot is on the line."""
        return self._socket is not None

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """Serve the bot's line."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._socket = socket
        await self._tell_time()
        async for frame in socket:
            if frame.type is WSMsgType.TEXT:
                self._receive(json.loads(frame.data))
        if self._socket is socket:
            self._hang_up()
        return socket

    def forget(self) -> None:
        """Forget the process that is gone, and wait for a new one."""
        self._hang_up()

    def _hang_up(self) -> None:
        self._socket = None
        self.ready.clear()
        for future in self._asked.values():
            if not future.done():
                future.set_exception(ControlLostError())
        self._asked.clear()

    def _receive(self, message: Json) -> None:
        if message.get("op") == "ready":
            self.ready.set()
        future = self._asked.pop(message.get("id", 0), None)
        if future is not None and not future.done():
            future.set_result(message)

    async def status(self) -> Json:
        """Ask what the bot is doing."""
        return await self._ask({"op": "status"})

    async def advance(self, moment: datetime) -> Json:
        """Let the bot's clock go to ``moment``."""
        answer = await self._ask({"op": "advance", "to": moment.isoformat()})
        await self._tell_time()
        return answer

    async def _tell_time(self) -> None:
        """Set the bot's clock to the room's: also after an advance, which took real time by itself."""
        if self._socket is not None:
            with contextlib.suppress(ConnectionError):
                await self._socket.send_json({"op": "hello", "now": self._clock.now().isoformat()})

    async def _ask(self, message: Json) -> Json:
        if self._socket is None:
            raise ControlLostError
        number = next(self._numbers)
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        try:
            await self._socket.send_json({**message, "id": number})
        except ConnectionError as error:
            self._asked.pop(number, None)
            raise ControlLostError from error
        return await future
