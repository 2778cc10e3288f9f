"""The moments at which the bot dies in the torture run: what the platform shows by then, and that it did die."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from cogs.practice.school.loading import load_school
from cogs.practice.school.made import STAFF_CHANNEL, Size, write_school
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.torture.facts import Post, Record
from cogs.practice.torture.moments import BEFORE_THE_COMMIT, Moments
from cogs.practice.world.clock import DEFAULT_START


@dataclass
class Dying:
    """A bot process of which only the death is of interest."""

    struck: bool = False
    died: asyncio.Event = field(default_factory=asyncio.Event)

    def strike(self) -> None:
        self.struck = True
        self.died.set()

    async def close(self) -> None:
        """Have nothing to end."""


class CountedPosts(dict[int, Post]):
    """Posts that tell when somebody has counted them for the third time: still waiting for the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.counted_again = asyncio.Event()
        self._counts = 0

    def __len__(self) -> int:
        self._counts += 1
        if self._counts == 3:
            self.counted_again.set()
        return super().__len__()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    school = load_school(write_school(tmp_path / "school.toml", Size(classes=2, pupils=3, teachers=2)))
    made = make_stage(school, DEFAULT_START, tmp_path / "state")
    await open_stage(made)
    made.process = Dying()  # type: ignore[assignment]
    yield made
    await made.close()


def aiming(stage: Stage) -> tuple[Record, Moments]:
    record = Record()
    return record, Moments(stage, record, random.Random(1))  # noqa: S311 - which moment, no secret


async def sent(stage: Stage) -> int:
    """Send a message as the bot does; return the status of the answer."""
    url = f"{stage.server.environment()['DISCORD_API_BASE']}/channels/{STAFF_CHANNEL}/messages"
    headers = {"Authorization": f"Bot {stage.server.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, json={"content": "kaart"}) as answer,
    ):
        return answer.status


@pytest.mark.parametrize(
    ("moment", "shown", "status"),
    [("before_sending", 0, 502), ("before_the_mark", 1, 502), ("after_sending", 1, 200)],
)
async def test_the_bot_dies_around_a_sending(stage: Stage, moment: str, shown: int, status: int) -> None:
    record, moments = aiming(stage)
    moments.aim(moment)
    assert await sent(stage) == status
    async with asyncio.timeout(5):
        await stage.process.died.wait()  # type: ignore[attr-defined]
    moments.died("any")
    assert [len(stage.world.channels[STAFF_CHANNEL].messages), dict(record.moments)] == [shown, {moment: 1}]


async def test_the_bot_dies_just_after_somebody_wrote(stage: Stage) -> None:
    record, moments = aiming(stage)
    record.posts = posts = CountedPosts()
    moments.aim(BEFORE_THE_COMMIT)
    async with asyncio.timeout(5):
        await posts.counted_again.wait()
    assert not stage.process.struck
    record.posts[1] = Post(1, bad=True)
    async with asyncio.timeout(5):
        await stage.process.died.wait()  # type: ignore[attr-defined]


async def test_a_moment_that_never_came_hurts_no_later_request(stage: Stage) -> None:
    record, moments = aiming(stage)
    moments.aim("before_sending")
    moments.died("any")
    assert [await sent(stage), stage.process.struck, dict(record.moments)] == [200, False, {"any": 1}]
