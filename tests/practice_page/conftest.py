"""One practice room with the real bot, and one browser, for all tests of the page; most tests share a tab as well."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.play import PlayRoom
from cogs.practice.school.loading import load_school
from cogs.practice.screen import WIDE, Screen, open_browser
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.world.clock import DEFAULT_START


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("room")
    stage = make_stage(load_school(DEFAULT_SCHOOL), DEFAULT_START, folder / "state")
    await open_stage(stage, PlayRoom(stage, folder / "uploads").routes())
    await stage.start_bot()
    yield stage
    await stage.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as browser:
        yield browser


async def new_screen(stage: Stage, browser: Browser) -> Screen:
    width, height = WIDE
    context = await browser.new_context(viewport={"width": width, "height": height}, locale="nl-NL")
    screen = Screen(await context.new_page())
    await screen.come_in(address(stage))
    return screen


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def tab(stage: Stage, browser: Browser) -> AsyncIterator[Screen]:
    screen = await new_screen(stage, browser)
    yield screen
    await screen.page.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def screen(tab: Screen) -> AsyncIterator[Screen]:
    """The one tab that most tests share; a test must leave it without errors in its console."""
    yield tab
    assert tab.wrong == []


@pytest_asyncio.fixture(loop_scope="session")
async def fresh(stage: Stage, browser: Browser) -> AsyncIterator[Screen]:
    """A tab of its own, for a test that reloads it, changes its language or spoils it."""
    screen = await new_screen(stage, browser)
    yield screen
    await screen.page.context.close()
    assert screen.wrong == []


def address(stage: Stage) -> str:
    return f"{stage.server.base}/?key={stage.server.key}"
