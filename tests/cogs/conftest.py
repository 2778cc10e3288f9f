"""A school server on this machine with the bot's client connected to it; the core's services are stand-ins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.clock import Busy
from bot.people import People
from cogs.client import KlaswachtClient, point_at
from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.school.loading import load_school
from cogs.practice.stage.acting import perform
from cogs.practice.stage.script import read_act
from cogs.practice.stage.stage import Stage, make_stage
from cogs.practice.world.clock import DEFAULT_START
from tests.cogs.stand_ins import TEXTS, CoreStandIn, a_book


async def until(true: Callable[[], bool]) -> None:
    """Wait for something that another task does; three seconds at most."""
    async with asyncio.timeout(3):
        while not true():  # noqa: ASYNC110 - see below
            await asyncio.sleep(0.01)  # there is no event to wait for: the server tells nobody


@dataclass
class Room:
    """The server, the connected client and the core behind it."""

    stage: Stage
    client: KlaswachtClient
    core: CoreStandIn
    folder: Path

    async def act(self, kind: str, person: str = "", /, **fields: Any) -> None:
        """Let a person do something."""
        data = {"act": kind, **({"as": person} if person else {}), **fields}
        await perform(self.stage, read_act(data, 1, self.stage.world.school, self.folder))

    async def sees(self, person: str, *texts: str, where: str = "") -> None:
        """Expect that a person sees these texts within three seconds."""
        place = {"where": where} if where else {}
        await self.act("expect", person, sees=list(texts), within_s=3, **place)

    async def handled(self, count: int = 1) -> None:
        """Wait until the watch got this many messages."""
        async with asyncio.timeout(3):
            await self.core.watch.got(count)


@pytest_asyncio.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    stage = make_stage(load_school(DEFAULT_SCHOOL), DEFAULT_START, tmp_path)
    await stage.server.start()
    around = stage.server.environment()
    point_at(around["DISCORD_API_BASE"], around["DISCORD_GATEWAY_URL"], around["DISCORD_CDN_BASE"])
    book, busy = a_book(), Busy()
    client = KlaswachtClient(texts=TEXTS, book=book, busy=busy)
    core = CoreStandIn(People(book.current, client.roster), book, busy)
    client.attach(core)
    running = asyncio.create_task(client.start(stage.server.token))
    async with asyncio.timeout(10):
        await client.caught_up()
    yield Room(stage, client, core, tmp_path)
    await client.close()
    await asyncio.gather(running, return_exceptions=True)
    assert stage.server.referee.breaches == []
    await stage.server.stop()
