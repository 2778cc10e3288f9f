"""The watchdog's pages: counts and times on loopback, nothing of anybody, and a bad request hurts nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from bot.errors import SetupError
from bot.monitor import HOST, Monitor
from tests.builders import PUPIL, TARGET, Core, a_core
from tests.privacy.planting import WORDS, planted

LINE = re.compile(r'(# TYPE klaswacht_\w+ gauge|klaswacht_\w+(\{state="\w+"\})? [0-9.e+-]+)')


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        await planted(made)
        yield made


def a_monitor(core: Core, port: int = 0, **more: object) -> Monitor:
    return Monitor(database=core.database, clock=core.clock, port=port, **more)  # type: ignore[arg-type]


async def asked(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(request)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


async def test_metrics_are_counts_and_times_only(core: Core) -> None:
    code, text = await a_monitor(core, extra=lambda: {"queue": 3}).page("/metrics")
    lines = text.splitlines()
    assert [code, [line for line in lines if not LINE.fullmatch(line)]] == [200, []]
    assert {'klaswacht_findings{state="dismissed"} 2', "klaswacht_queue 3"} <= set(lines)
    assert [mark for mark in (PUPIL, TARGET, WORDS) if mark in text] == []


async def test_health_is_ok_and_says_so_when_the_loop_hangs(core: Core) -> None:
    now = [0.0]
    monitor = a_monitor(core, monotonic=lambda: now[0])
    assert await monitor.page("/healthz") == (200, "ok\n")
    now[0] = 60.0
    assert await monitor.page("/healthz") == (503, "stalled\n")


async def test_a_database_that_fails_is_unhealthy_in_a_code(core: Core) -> None:
    monitor = a_monitor(core)
    await core.database.close()
    (core.state / "klaswacht.db").write_bytes(b"no database at all, only text" * 100)
    code, text = await monitor.page("/healthz")
    assert [code, text.startswith("error.storage.")] == [503, True]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", b"200"),
        (b"GET /healthz?x=1 HTTP/1.1\r\n\r\n", b"200"),
        (b"GET /../../etc/passwd HTTP/1.1\r\n\r\n", b"404"),
        (b"POST /metrics HTTP/1.1\r\n\r\n", b"405"),
        (b"\xff\xfe\r\n\r\n", b"405"),
        (b"GET /metrics HTTP/1.1\r\n", b""),
        (b"a" * 20_000, b""),
    ],
)
async def test_any_request_gets_an_answer_or_a_closed_door(core: Core, request_: bytes, code: bytes) -> None:
    async with await a_monitor(core).start() as server:
        port = server.sockets[0].getsockname()[1]
        try:
            answer = await asked(port, request_)
        except ConnectionError:
            answer = b""
        assert answer[9:12] == code
        assert (await asked(port, b"GET /healthz HTTP/1.1\r\n\r\n"))[9:12] == b"200"


async def test_it_listens_on_loopback_only(core: Core) -> None:
    async with await a_monitor(core).start() as server:
        assert {socket.getsockname()[0] for socket in server.sockets} == {"127.0.0.1"}


async def test_switched_off_it_returns_at_once(core: Core) -> None:
    await asyncio.wait_for(a_monitor(core).run(), 1)


async def test_a_taken_port_is_said_in_words(core: Core) -> None:
    async with await a_monitor(core).start() as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SetupError) as caught:
            await a_monitor(core, port).start()
    assert caught.value.key == "error.keeping.port"
