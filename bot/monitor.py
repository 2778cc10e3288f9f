"""``/healthz`` and ``/metrics`` on this machine's loopback address: counts and timings, never contents or names.

Off unless KLASWACHT_MONITOR_PORT is set. It answers GET only, one request a connection, and has no other pages.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from datetime import datetime

from bot.clock import Clock
from bot.errors import KlaswachtError, SetupError
from bot.status import Status, status
from bot.storage.engine import Database

LOG = logging.getLogger(__name__)
HOST = "127.0.0.1"
LONGEST_REQUEST = 4096  # bytes; a scraper sends a few hundred
PATIENCE_S = 5.0
TICK_S = 1.0
STALLED_S = 30.0  # the loop did not come round for so long: not healthy
Extra = Callable[[], Mapping[str, float]]


class Monitor:
    """A tiny server for a watchdog and Prometheus. ``extra``: further gauges by name, e.g. of screening's queue."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        port: int,
        extra: Extra = dict,
        monotonic: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._clock = clock
        self._port = port
        self._extra = extra
        self._monotonic = monotonic
        self._pause = pause
        self._began = monotonic()
        self._ticked = self._began
        self._longest_stall = 0.0

    async def run(self) -> None:
        """Answer until cancelled; nothing when it is switched off. Raises ``SetupError``: the port is taken."""
        if self._port:
            server = await self.start()
            async with server:
                await self._watch_loop()

    async def start(self) -> asyncio.Server:
        """Listen. Raises ``SetupError``: the port is taken."""
        try:
            return await asyncio.start_server(self._answer, HOST, self._port, limit=LONGEST_REQUEST)
        except OSError as error:
            raise SetupError("error.keeping.port", port=self._port, reason=error.strerror or "") from error

    async def page(self, path: str) -> tuple[int, str]:
        """Return status code and text of a page."""
        if path == "/healthz":
            return await self._health()
        if path == "/metrics":
            return 200, await self._metrics()
        return 404, "not found\n"

    async def _watch_loop(self) -> None:
        while True:
            self._ticked = before = self._monotonic()
            await self._pause(TICK_S)
            self._longest_stall = max(self._longest_stall, self._monotonic() - before - TICK_S)

    async def _health(self) -> tuple[int, str]:
        try:
            await status(self._database, self._clock.now())
        except KlaswachtError as error:
            return 503, f"{error.key}\n"
        return (200, "ok\n") if self._monotonic() - self._ticked < STALLED_S else (503, "stalled\n")

    async def _metrics(self) -> str:
        now = self._clock.now()
        lines = _counts(await status(self._database, now), now)
        lines += _gauge("klaswacht_uptime_seconds", self._monotonic() - self._began)
        lines += _gauge("klaswacht_loop_longest_stall_seconds", self._longest_stall)
        for name, value in sorted(self._extra().items()):
            lines += _gauge(f"klaswacht_{name}", value)
        self._longest_stall = 0.0
        return "\n".join(lines) + "\n"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                code, text = await self._reply(await reader.readuntil(b"\r\n\r\n"))
                writer.write(_response(code, text))
                await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            LOG.debug("a monitoring request was dropped")
        except KlaswachtError as error:
            LOG.warning("monitoring failed", extra={"code": error.key})
        finally:
            writer.close()

    async def _reply(self, request: bytes) -> tuple[int, str]:
        method, _, rest = request.partition(b"\r\n")[0].decode("latin-1").partition(" ")
        path, _, _ = rest.partition(" ")
        if method != "GET":
            return 405, "only GET\n"
        return await self.page(path.partition("?")[0])


def _counts(found: Status, now: datetime) -> list[str]:
    lines: list[str] = []
    for field in fields(found):
        value = getattr(found, field.name)
        name = f"klaswacht_{field.name}"
        if isinstance(value, dict):
            lines.append(f"# TYPE {name} gauge")
            lines += [f'{name}{{state="{_label(state)}"}} {count}' for state, count in sorted(value.items())]
        elif isinstance(value, int):
            lines += _gauge(name, value)
    waits = (now - found.oldest_waiting).total_seconds() if found.oldest_waiting else 0.0
    return lines + _gauge("klaswacht_oldest_waiting_seconds", max(0.0, waits))


def _gauge(name: str, value: float) -> list[str]:
    return [f"# TYPE {name} gauge", f"{name} {value:.6g}"]


def _label(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())


def _response(code: int, text: str) -> bytes:
    reasons = {200: "OK", 404: "Not Found", 405: "Method Not Allowed", 503: "Service Unavailable"}
    body = text.encode()
    head = (
        f"HTTP/1.1 {code} {reasons[code]}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
