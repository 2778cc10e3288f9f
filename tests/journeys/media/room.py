"""A bot that runs for several stories: one server and one process, and what the stories about files do with them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.school.loading import load_school
from cogs.practice.stage.acting import perform
from cogs.practice.stage.script import Script, read_act
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.world.clock import DEFAULT_START
from cogs.practice.world.records import Channel, Message

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "data"
PATIENCE_S = 60.0  # a machine that does something else too


@asynccontextmanager
async def running(state: Path, **environment: str) -> AsyncIterator[Stage]:
    """Yield a stage with a running bot; afterwards it must still run, and have asked nothing that Discord refuses."""
    made = make_stage(load_school(DEFAULT_SCHOOL), DEFAULT_START, state)
    made.start_s = PATIENCE_S
    try:
        await open_stage(made)
        made.process.extend_environment(environment)
        await made.start_bot()
        await settle(made, limit=PATIENCE_S)
        yield made
        assert made.process.running
        assert made.server.referee.breaches == []
    finally:
        await made.close()


def own_data(folder: Path, shipped: str, own: str) -> str:
    """Write a data folder whose ``media.toml`` differs in one place from the one that ships; return the folder."""
    text = (DATA / "media" / "media.toml").read_text(encoding="utf-8")
    assert text.count(shipped) == 1
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "media.toml").write_text(text.replace(shipped, own), encoding="utf-8")
    return str(folder)


async def act(stage: Stage, person: int = 0, /, **fields: object) -> None:
    """Let somebody do something, as a line of a scenario."""
    who = {"as": str(person)} if person else {}
    await perform(stage, read_act({**who, **fields}, 1, stage.world.school, HERE))


async def story(stage: Stage, name: str) -> None:
    """Play a scenario of this folder with the bot that runs."""
    for line in Script(HERE / f"{name}.jsonl", stage.world.school).acts:
        await perform(stage, line)
    await settle(stage, limit=PATIENCE_S)


async def gone(stage: Stage, channel: Channel, message: Message) -> None:
    """Wait until a message was taken out of its channel and all is quiet."""
    deadline = time.monotonic() + PATIENCE_S
    while message.id in channel.messages and time.monotonic() < deadline:
        await stage.world.changed.wait(1.0)
    assert message.id not in channel.messages
    await settle(stage, limit=PATIENCE_S)
