"""Stopped dead at any moment: after the next start every bad message has one finding, and its alert arrived."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from aiosqlite import Connection
from sqlalchemy import event

from bot.ports import ChatMessage
from bot.readback import ChannelNow
from bot.storage.engine import open_database
from bot.storage.tables import alert, evidence, finding, outbox
from tests.builders import CLASS_CHANNEL, SCHOOL, Core, a_core, a_message, a_person, a_school, a_verdict, restarted

HERE = [ChannelNow(CLASS_CHANNEL)]
BAD = a_verdict()


def said(first: int, count: int) -> list[ChatMessage]:
    """Messages of different pupils, every third a bad one."""
    numbers = range(first, first + count)
    return [a_message("stom" if number % 3 == 0 else "hoi", author=a_person(str(number))) for number in numbers]


async def live(core: Core, messages: list[ChatMessage]) -> None:
    """The bot at work: messages come in, rows go out, marks are written."""
    work = [asyncio.create_task(core.runner.run()), asyncio.create_task(core.watch.run())]
    await core.readback.run(SCHOOL, HERE)
    for message in messages:
        core.history.add(message)
        work.append(asyncio.create_task(core.watch.handle(message)))
        await asyncio.sleep(0)
    await asyncio.gather(*work)


def connections_of(core: Core) -> list[Connection]:
    """The connections that the bot opens from now on: the system closes those of a dead process."""
    opened: list[Connection] = []

    @event.listens_for(core.database.engine.sync_engine, "connect")
    def note(connection: Any, _record: object) -> None:
        opened.append(connection.driver_connection)

    return opened


async def killed(core: Core, messages: list[ChatMessage], steps: int) -> None:
    """Let the bot work for some steps of the loop, then stop everything at once."""
    await core.database.close()
    opened = connections_of(core)
    working = asyncio.create_task(live(core, messages))
    for _ in range(steps):
        await asyncio.sleep(0)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(working, *others, return_exceptions=True)
    await asyncio.gather(*(one.close() for one in opened), return_exceptions=True)


async def next_start(core: Core) -> Core:
    """A fresh bot on the same database and the same platform."""
    database = open_database(core.database.engine.url)
    back = await restarted(database, core.state, core.clock, (a_school(),))
    back.history.channels, back.messenger.sent = core.history.channels, core.messenger.sent
    back.screening.teach("stom", BAD)
    return back


# stopping every task at once also stops those that close connections
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("seed", range(8))
async def test_after_kills_at_any_moment_every_bad_message_has_one_finding_and_its_alert_arrived(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - which moment, no secret
    async with a_core() as first:
        core, everything = first, list[ChatMessage]()
        core.screening.teach("stom", BAD)
        await core.readback.run(SCHOOL, HERE)
        for turn in range(4):
            messages = said(turn * 9, 9)
            everything += messages
            core.history.add(*messages[:4])  # said while the bot was away
            await killed(core, messages[4:], chance.randrange(5, 400))
            core.history.add(*messages)
            core = await next_start(core)
        await core.readback.run(SCHOOL, HERE)
        await core.runner.drain()
        await whole(core, sorted(message.id for message in everything if "stom" in message.text))
        await core.database.close()


async def whole(core: Core, bad: list[str]) -> None:
    assert sorted(row["message"] for row in await core.rows(finding)) == bad
    assert [len(await core.rows(table)) for table in (evidence, alert)] == [len(bad)] * 2
    delivered = {delivery.id: (delivery.subject, delivery.receiver) for delivery in core.messenger.sent}
    rows = {row["id"] for row in await core.rows(outbox) if row["kind"] == "alert"}
    assert rows <= set(delivered)
    shown = [delivered[row] for row in rows]  # one nonce for each alert and receiver: the platform shows it once
    assert len(shown) == len(set(shown))
