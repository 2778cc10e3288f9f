from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.school.loading import load_school
from cogs.practice.server.app import PracticeServer
from cogs.practice.world.clock import DEFAULT_START, Clock
from cogs.practice.world.seeding import build
from cogs.practice.world.state import World
from tests.practice.helpers import Rest


@pytest.fixture
def world() -> World:
    return build(load_school(DEFAULT_SCHOOL), Clock(DEFAULT_START))


@pytest_asyncio.fixture
async def server(world: World) -> AsyncIterator[PracticeServer]:
    server = PracticeServer(world)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def rest(server: PracticeServer) -> AsyncIterator[Rest]:
    async with aiohttp.ClientSession() as session:
        yield Rest(server, session)
