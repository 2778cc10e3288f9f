"""A machine without time: the child process gets no processor, and does later."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.school.loading import load_school
from cogs.practice.stage.acting import perform
from cogs.practice.stage.script import read_act
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.world.clock import DEFAULT_START
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.records import Upload

pytestmark = pytest.mark.asyncio
SEM, CLASS = 1100000000000000605, 1100000000000000502
PATIENCE_S = 60.0  # a machine that does something else too
DRAWING = Path(__file__).parents[3] / "data" / "practice" / "media" / "tekening.png"


@pytest_asyncio.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    made = make_stage(load_school(DEFAULT_SCHOOL), DEFAULT_START, tmp_path)
    await open_stage(made)
    await made.start_bot()
    await settle(made, limit=PATIENCE_S)
    yield made
    await made.close()


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


async def acts(stage: Stage, **fields: object) -> None:
    await perform(stage, read_act(fields, 1, stage.world.school, Path()))


async def test_a_drawing_is_held_as_not_looked_at_yet_and_comes_back_by_itself(stage: Stage) -> None:
    channel, child = stage.world.channels[CLASS], eyes(stage)
    os.kill(child, signal.SIGSTOP)
    upload = Upload("tekening.png", DRAWING.read_bytes(), "image/png")
    message = send(stage.world, channel, stage.member(SEM).user, Draft(content="mijn huis", uploads=[upload]))
    deadline = time.monotonic() + PATIENCE_S
    while message.id in channel.messages and time.monotonic() < deadline:
        await stage.world.changed.wait(1.0)
    assert message.id not in channel.messages
    await acts(stage, act="expect", **{"as": str(SEM)}, where="dm", sees="heeft het nog niet bekeken", within_s=20)
    os.kill(child, signal.SIGCONT)
    await settle(stage, limit=PATIENCE_S)
    await acts(stage, act="advance", hours=0.05)
    await acts(stage, act="expect", **{"as": str(SEM)}, where="dm", sees="heeft je bestand nu bekeken", within_s=90)
    back = [one for one in channel.messages.values() if one.content == "mijn huis"]
    assert [one.author_name for one in back] == ["Sem de Wit (via Klaswacht)"]
