"""Who could read a picture, as the teacher reads it: in the channel, and in a private thread."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.media import samples
from bot.media.portrait import portrait
from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.school.loading import load_school
from cogs.practice.stage.acting import perform
from cogs.practice.stage.script import read_act
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.world.clock import DEFAULT_START
from cogs.practice.world.members import leave
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.reading import message_texts
from cogs.practice.world.records import PRIVATE_THREAD, Channel, Upload
from cogs.practice.world.sight import newest_first
from cogs.practice.world.threads import open_thread, set_membership

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEM, EMILY, TEACHER, CLASS = 1100000000000000605, 1100000000000000606, 1100000000000000305, 1100000000000000502
PATIENCE_S = 40.0  # a machine that does something else too
PHOTO = samples.encoded(portrait(320, 240), "JPEG")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    made = make_stage(load_school(DEFAULT_SCHOOL), DEFAULT_START, tmp_path_factory.mktemp("state"))
    await open_stage(made)
    await made.start_bot()
    await settle(made, limit=PATIENCE_S)
    yield made
    await made.close()


async def held(stage: Stage, channel: Channel, *, leaves: int = 0) -> str:
    """Sem posts a photo, somebody leaves at once; return what the teacher sees behind "Toon"."""
    draft = Draft(content="kijk", uploads=[Upload("a.jpg", PHOTO, "image/jpeg")])
    message = send(stage.world, channel, stage.member(SEM).user, draft)
    if leaves:
        leave(stage.world, stage.member(leaves))
    deadline = time.monotonic() + PATIENCE_S
    while message.id in channel.messages and time.monotonic() < deadline:
        await stage.world.changed.wait(1.0)
    await settle(stage, limit=PATIENCE_S)
    click = {"as": str(TEACHER), "act": "click", "action": "show"}
    await perform(stage, read_act(click, 1, stage.world.school, Path()))
    await settle(stage, limit=PATIENCE_S)
    return "\n".join(message_texts(newest_first(stage.world, TEACHER)[0]))


async def test_in_a_private_thread_its_members_and_who_manages_threads_are_counted(stage: Stage) -> None:
    above = stage.world.channels[CLASS]
    thread = open_thread(stage.world, above, stage.member(SEM).user, "onder ons", kind=PRIVATE_THREAD)
    set_membership(stage.world, thread, stage.world.bot.id, inside=True)
    told = await held(stage, thread)
    assert told.count("Kon lezen") == 1
    assert "wie in dit besloten draadje zit" in told
    assert (f"<@{SEM}>" in told, f"<@{EMILY}>" in told) == (True, False)


async def test_who_left_while_it_was_looked_at_is_counted(stage: Stage) -> None:
    told = await held(stage, stage.world.channels[CLASS], leaves=EMILY)
    assert told.count("Kon lezen") == 1
    assert "iedereen die het kanaal mag lezen" in told
    assert (f"<@{EMILY}>" in told, "onvolledig" in told) == (True, False)
