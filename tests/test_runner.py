"""The runner: what is due is done, in order, and nothing that goes wrong ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.alerts.outbox import Priority
from bot.errors import StorageError
from bot.ports import Receiver
from bot.storage.tables import outbox, timer
from tests.builders import SCHOOL, STAFF_CHANNEL, TEACHER, TUESDAY_10, Core, a_core

STAFF = Receiver("channel", STAFF_CHANNEL)
DM = Receiver("user", TEACHER)


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


async def enqueue(core: Core, kind: str, receiver: Receiver = STAFF, **more: object) -> int:
    async with core.database.write() as connection:
        return await core.outbox.enqueue(connection, SCHOOL, kind, 1, receiver, **more)  # type: ignore[arg-type]


async def test_a_row_is_sent_once_with_its_id_as_nonce(core: Core) -> None:
    row = await enqueue(core, "alert", values={"why": "key"})
    await core.runner.drain()
    await core.runner.drain()
    assert [(d.id, d.values, d.language) for d in core.messenger.sent] == [(row, {"why": "key"}, "nl")]
    assert await core.runner.settled()


async def test_urgent_rows_overtake_and_a_receiver_gets_them_in_order(core: Core) -> None:
    for kind in ("first", "second", "third"):
        await enqueue(core, kind)
    await enqueue(core, "urgent", priority=Priority.URGENT)
    await core.runner.drain()
    assert core.messenger.kinds() == ["urgent", "first", "second", "third"]


async def test_a_failed_row_is_tried_again_later_and_never_lost(core: Core) -> None:
    await enqueue(core, "alert")
    core.messenger.failing = 12
    await core.runner.drain()
    assert core.messenger.sent == []
    await core.advance(hours=3)
    assert core.messenger.kinds() == ["alert"]


async def test_an_unknown_mistake_of_the_adapter_loses_no_row(core: Core) -> None:
    def wrong(_: object) -> None:
        raise RuntimeError

    core.messenger.before = wrong
    await enqueue(core, "alert")
    await core.runner.drain()
    core.messenger.before = None
    await core.advance(minutes=1)
    assert core.messenger.kinds() == ["alert"]


async def test_a_row_for_later_waits_for_its_moment(core: Core) -> None:
    await enqueue(core, "alert", due_at=TUESDAY_10 + timedelta(hours=2))
    await core.advance(hours=1, minutes=59)
    assert core.messenger.sent == []
    await core.advance(minutes=2)
    assert core.messenger.kinds() == ["alert"]


async def test_what_changed_is_shown_again_once(core: Core) -> None:
    await enqueue(core, "alert")
    await core.runner.drain()
    async with core.database.write() as connection:
        await core.outbox.show_again(connection, SCHOOL, ["alert"], 1)
        await core.outbox.show_again(connection, SCHOOL, ["alert"], 1)
    await core.runner.drain()
    assert [len(core.messenger.sent), len(core.messenger.refreshed)] == [1, 1]


async def test_what_changed_while_it_was_under_way_is_shown_again(core: Core) -> None:
    await enqueue(core, "alert")
    changed: list[asyncio.Task[None]] = []

    async def change() -> None:
        async with core.database.write() as connection:
            await core.outbox.show_again(connection, SCHOOL, ["alert"], 1)

    deliver = core.messenger.deliver

    async def slowly(delivery: object) -> object:
        await change()
        return await deliver(delivery)  # type: ignore[arg-type]

    core.messenger.deliver = slowly  # type: ignore[method-assign,assignment]
    await core.runner.drain()
    assert [len(core.messenger.sent), len(core.messenger.refreshed), changed] == [1, 1, []]


async def test_a_crash_between_send_and_mark_sends_once_more_with_the_same_nonce(core: Core) -> None:
    row = await enqueue(core, "alert")
    await core.runner.drain()
    async with core.database.write() as connection:
        await connection.execute(outbox.update().values(state="waiting"))
    await core.runner.drain()
    assert [d.id for d in core.messenger.sent] == [row, row]


async def test_a_timer_is_done_once_at_its_moment(core: Core) -> None:
    done: list[tuple[int, str]] = []

    async def handler(subject: int, school: str) -> None:
        done.append((subject, school))

    core.runner.on("followup", handler)
    async with core.database.write() as connection:
        for _ in range(2):
            await core.timers.plan(connection, SCHOOL, "followup", 7, TUESDAY_10 + timedelta(days=7))
    await core.advance(days=6)
    assert done == []
    await core.advance(days=2)
    assert done == [(7, SCHOOL)]


async def test_a_timer_that_fails_is_tried_again_and_holds_up_no_other(core: Core) -> None:
    tries: list[int] = []

    async def handler(subject: int, _school: str) -> None:
        tries.append(subject)
        if subject == 1 and tries.count(1) < 3:
            raise RuntimeError

    core.runner.on("followup", handler)
    async with core.database.write() as connection:
        await core.timers.plan(connection, SCHOOL, "followup", 1, TUESDAY_10)
        await core.timers.plan(connection, SCHOOL, "followup", 2, TUESDAY_10)
    await core.advance(hours=1)
    assert tries == [1, 2, 1, 1]
    assert [row["done_at"] is not None for row in await core.rows(timer)] == [True, True]


async def test_the_loop_wakes_for_a_new_row_and_outlives_a_storage_error(core: Core) -> None:
    sent = asyncio.Event()
    core.messenger.before = lambda delivery: sent.set() if delivery.kind == "alert" else None
    task = asyncio.create_task(core.runner.run())
    await asyncio.sleep(0)
    await enqueue(core, "alert")
    await asyncio.wait_for(sent.wait(), 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert core.messenger.kinds() == ["alert"]


async def test_steps_of_the_clock_do_rows_in_order_of_time(core: Core) -> None:
    for hours in (3, 1, 2):
        await enqueue(core, f"h{hours}", due_at=TUESDAY_10 + timedelta(hours=hours))
    moments: list[int] = []
    core.messenger.before = lambda _: moments.append(int((core.clock.now() - TUESDAY_10).total_seconds() // 3600))
    await core.advance(hours=9)
    assert [core.messenger.kinds(), moments] == [["h1", "h2", "h3"], [1, 2, 3]]


async def test_a_refused_dm_goes_to_the_staff_channel_and_the_coordinator_is_told_once_a_day(core: Core) -> None:
    core.messenger.closed = {TEACHER}
    await enqueue(core, "alert", DM)
    await enqueue(core, "alert", DM)
    await core.runner.drain()
    staff = [(d.kind, d.values) for d in core.messenger.to(STAFF_CHANNEL)]
    reminder = ("alert_reminder", {"ping": TEACHER, "why": "alerts.why.dm_closed"})
    assert staff == [reminder, reminder]
    assert core.messenger.kinds().count("notice") == 1


async def test_a_refused_private_row_shows_nothing_in_the_staff_channel(core: Core) -> None:
    core.messenger.closed = {TEACHER}
    await enqueue(core, "crisis", DM, values={"private": "yes"})
    await core.runner.drain()
    assert [(d.kind, d.values["bare"]) for d in core.messenger.to(STAFF_CHANNEL)] == [("crisis", "yes")]


async def test_what_a_pupil_refuses_stays_for_them_alone(core: Core) -> None:
    core.messenger.closed = {TEACHER}
    await enqueue(core, "report_answer", DM)
    await core.runner.drain()
    assert [core.messenger.sent, [row["state"] for row in await core.rows(outbox)]] == [[], ["refused"]]


async def test_a_storage_error_is_told_once_and_its_end_too(core: Core) -> None:
    outage = core.outage
    await outage.tell(StorageError("error.storage.full"))
    await outage.tell(StorageError("error.storage.full"))
    outage.committed()
    await outage.follow_up()
    await outage.follow_up()
    texts = [d.values["text"] for d in core.messenger.to(STAFF_CHANNEL)]
    assert texts == ["error.storage.full", "alerts.notice.storage_back"]


async def test_a_clock_that_is_put_back_delays_nothing(core: Core) -> None:
    await enqueue(core, "alert")
    core.clock.forward(hours=-2)
    await core.runner.drain()
    assert core.messenger.kinds() == ["alert"]
