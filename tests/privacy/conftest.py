"""A core with one row or more in every table."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.builders import a_core
from tests.privacy.planting import Privacy, planted


@pytest.fixture
async def privacy() -> AsyncIterator[Privacy]:
    async with a_core() as core:
        yield await planted(core)
