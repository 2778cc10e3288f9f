"""Coming back: which channels and threads are read back, also those that were archived meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from bot.readback import ChannelNow, Read
from cogs.practice.world.payloads import guild_create_payload
from cogs.practice.world.records import PRIVATE_THREAD, PUBLIC_THREAD
from cogs.practice.world.threads import open_thread
from tests.cogs.conftest import Room, until
from tests.cogs.stand_ins import CLASS, DAAN


def archived(room: Room, name: str, minutes_ago: int, kind: int = PUBLIC_THREAD) -> str:
    """A thread in the class channel that was archived some minutes ago."""
    world = room.stage.world
    thread = open_thread(world, world.channels[int(CLASS)], world.members[int(DAAN)].user, name, kind=kind)
    assert thread.thread
    thread.thread.archived = True
    thread.thread.archived_at = world.clock.now() - timedelta(minutes=minutes_ago)
    return str(thread.id)


async def read_back(room: Room) -> list[str]:
    """Let the server appear again, as after a lost session; return the threads that were read."""
    room.stage.world.dispatch("GUILD_CREATE", guild_create_payload(room.stage.world, everybody=False))
    await until(lambda: len(room.core.readback.ran) > 1)
    return sorted(channel.id for channel in room.core.readback.ran[-1] if channel.parent)


async def test_threads_that_were_archived_meanwhile_are_read_back_page_by_page_and_older_ones_are_not(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cogs.wire.ARCHIVED_PAGE", 2)
    late = [archived(room, f"laat {number}", number) for number in range(5)]
    late.append(archived(room, "geheim", 5, PRIVATE_THREAD))
    archived(room, "lang geleden", 600)
    room.core.readback.until = room.stage.world.clock.now() - timedelta(minutes=30)
    assert await read_back(room) == sorted(late)


async def test_on_the_very_first_start_no_archived_thread_is_asked_for(room: Room) -> None:
    archived(room, "van vroeger", 5)
    assert await read_back(room) == []


async def test_a_server_that_lists_no_archived_threads_holds_up_nothing(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_channel: str, _since: object) -> list[object]:
        raise KeyError

    monkeypatch.setattr("cogs.returning.ARCHIVED_PAUSES_S", (0.0, 0.0))
    room.client.wire.archived_threads = broken  # type: ignore[method-assign,assignment]
    room.core.readback.until = room.stage.world.clock.now()
    assert await read_back(room) == []


@pytest.mark.parametrize("broken", [aiohttp.ServerDisconnectedError(), OSError(), TimeoutError(), AttributeError()])
async def test_whatever_goes_wrong_while_reading_back_is_no_end_of_it(
    room: Room, monkeypatch: pytest.MonkeyPatch, broken: Exception
) -> None:
    monkeypatch.setattr("cogs.returning.AGAIN_S", 0.0)
    run, failures = room.core.readback.run, [broken]

    async def failing(school: str, channels: list[ChannelNow]) -> Read:
        if failures:
            raise failures.pop()
        return await run(school, channels)

    room.core.readback.run = failing  # type: ignore[method-assign]
    await read_back(room)
    async with asyncio.timeout(3):
        await room.client.returning.caught_up.wait()
