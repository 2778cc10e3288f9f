"""The shipped thresholds, and one child process for all tests of a module that need one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.media.config import MediaConfig, read_media_config
from bot.media.inspector import MediaInspector

DATA = Path(__file__).parents[2] / "data" / "media"


@pytest.fixture(scope="session")
def config() -> MediaConfig:
    return read_media_config(DATA / "media.toml")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def inspector() -> AsyncIterator[MediaInspector]:
    async with MediaInspector(DATA / "media.toml", DATA) as started:
        yield started
