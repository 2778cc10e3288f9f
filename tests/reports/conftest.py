from collections.abc import AsyncIterator

import pytest

from tests.desks import Desks, the_desks


@pytest.fixture
async def desks() -> AsyncIterator[Desks]:
    async with the_desks() as made:
        yield made
