"""The model is late or dead in the running bot: words judge, staff hear it, the model looks again when it is back."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.commands.base import load_texts
from bot.storage.engine import database_url, open_database
from bot.storage.tables import finding, recheck
from cogs.practice.places import DEFAULT_SCHOOL
from cogs.practice.school.loading import load_school
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage, make_stage, open_stage
from cogs.practice.world.clock import DEFAULT_START
from cogs.practice.world.messages import Draft, send
from tests.practice.helpers import CLASS_CHANNEL, DAAN, NOOR, STAFF_CHANNEL

LATE_BOT = (sys.executable, str(Path(__file__).with_name("late_bot.py")), "run")
SETTLE_S = 120.0
BAD = (f"<@{NOOR}> jij bent echt een kankerhoer", f"<@{NOOR}> ik maak je kapot na school")


@asynccontextmanager
async def bot_at_work(state: Path) -> AsyncIterator[Stage]:
    stage = make_stage(load_school(DEFAULT_SCHOOL), DEFAULT_START, state, command=LATE_BOT)
    stage.start_s = SETTLE_S
    try:
        await open_stage(stage)
        await stage.start_bot()
        await settle(stage, limit=SETTLE_S)
        yield stage
    finally:
        await stage.close()


async def said(stage: Stage, *texts: str) -> None:
    for text in texts:
        send(stage.world, stage.world.channels[CLASS_CHANNEL], stage.world.members[DAAN].user, Draft(content=text))
    await settle(stage, limit=SETTLE_S)


def shown_to_staff(stage: Stage) -> str:
    messages = stage.world.channels[STAFF_CHANNEL].messages.values()
    return "\n".join(f"{one.content} {one.embeds}" for one in messages)


async def kept(state: Path) -> tuple[list[str], int]:
    """Who judged each finding, and how many messages wait for the model."""
    database = open_database(database_url(None, state))
    async with database.read() as connection:
        engines = (await connection.execute(select(finding.c.engine).order_by(finding.c.id))).scalars().all()
        waiting = await connection.scalar(select(func.count()).select_from(recheck))
    await database.close()
    return [str(engine) for engine in engines], waiting or 0


@pytest.mark.parametrize("trouble", ["slow", "dead"])
async def test_the_words_judge_staff_are_told_and_the_model_looks_again(tmp_path: Path, trouble: str) -> None:
    late, back = (load_texts().get(f"alerts.notice.model_{which}", "nl") for which in ("late", "back"))
    async with bot_at_work(tmp_path) as stage:
        (tmp_path / trouble).touch()
        await said(stage, *BAD, *(f"tot morgen in lokaal {number}" for number in range(10)))
        assert await kept(tmp_path) == (["words", "words"], 12)
        assert [late in shown_to_staff(stage), back in shown_to_staff(stage)] == [True, False]
        (tmp_path / trouble).unlink()
        await stage.advance(stage.world.clock.now() + timedelta(minutes=5))
        await settle(stage, limit=SETTLE_S)
        assert await kept(tmp_path) == (["model", "model"], 0)
        assert back in shown_to_staff(stage)
