"""A file server or a machine without time, and a school that waits a second for a look, not twelve."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.records import Channel, Message, Upload
from cogs.practice.world.sight import message_search_text, newest_first
from tests.journeys.media.room import DATA, PATIENCE_S, act, gone, own_data, running

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEM, TEACHER, CLASS = 1100000000000000605, 1100000000000000305, 1100000000000000502
DRAWING = (DATA / "practice" / "media" / "tekening.png").read_bytes()
SHIPPED, OWN = "late_seconds = 12.0 ", "late_seconds = 1.0 "
A_LOOK_LATER = timedelta(seconds=40)  # of the school's clock: the next look at a file that waits


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    own = own_data(tmp_path_factory.mktemp("data"), SHIPPED, OWN)
    async with running(tmp_path_factory.mktemp("state"), KLASWACHT_DATA=own) as made:
        yield made


def eyes(stage: Stage) -> int:
    """Return the process that looks at files."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if b"bot.media.child" in words and parent == stage.process.pid:
            return int(folder.name)
    raise AssertionError


def post(stage: Stage, text: str) -> tuple[Channel, Message]:
    channel, upload = stage.world.channels[CLASS], Upload("tekening.png", DRAWING, "image/png")
    return channel, send(stage.world, channel, stage.member(SEM).user, Draft(content=text, uploads=[upload]))


def reads(stage: Stage, user: int, text: str) -> bool:
    mine = (one for one in newest_first(stage.world, user) if one.channel_id == stage.world.dms.get(user))
    return any(text in message_search_text(stage.world, one) for one in mine)


def shown(channel: Channel, text: str) -> list[str]:
    return [one.author_name or one.author.display for one in channel.messages.values() if one.content == text]


async def until_read(stage: Stage, user: int, text: str) -> None:
    """Let the school's clock go on, look by look, until somebody reads something."""
    deadline, pause = time.monotonic() + PATIENCE_S, 0.1
    while not reads(stage, user, text):
        assert time.monotonic() < deadline
        await stage.world.changed.wait(pause)
        await stage.advance(stage.world.clock.now() + A_LOOK_LATER)
        await settle(stage, limit=PATIENCE_S)
        pause = min(2 * pause, 5.0)


async def test_a_file_server_that_keeps_silent_holds_nobody_up(stage: Stage) -> None:
    await act(stage, act="fault", kind="file_slow")
    await gone(stage, *post(stage, "traag"))
    for text in ("een bestand dat niet bekeken kon worden", "kon niet worden opgehaald", "Uit het kanaal gehaald"):
        assert reads(stage, TEACHER, text)


async def test_a_drawing_is_held_as_not_looked_at_yet_and_comes_back_by_itself(stage: Stage) -> None:
    child = eyes(stage)
    os.kill(child, signal.SIGSTOP)
    channel, message = post(stage, "mijn huis")
    await gone(stage, channel, message)
    assert reads(stage, SEM, "heeft het nog niet bekeken")
    os.kill(child, signal.SIGCONT)
    await until_read(stage, SEM, "heeft je bestand nu bekeken")
    assert shown(channel, "mijn huis") == ["Sem de Wit (via Klaswacht)"]
