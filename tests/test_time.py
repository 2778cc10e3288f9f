"""Clocks that jump, nights in which the hour changes, a laptop that slept: no reminder comes twice, none is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.alerts.opening import LADDER
from bot.cases.looking import opening_on
from bot.daily import DAILY, Daily
from bot.school import School
from bot.storage.tables import timer
from tests.builders import SCHOOL, SECOND, STAFF_CHANNEL, TEACHER, Core, a_core, a_school, a_verdict

BAD = a_verdict()


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


def reminders(core: Core, receiver: str) -> int:
    return len([sent for sent in core.messenger.to(receiver) if sent.kind == "alert_reminder"])


async def test_a_clock_that_is_put_back_between_a_look_at_the_timers_and_their_work_loses_no_reminder(
    core: Core,
) -> None:
    async def put_back(subject: int, school: str) -> None:
        core.runner.on(LADDER, core.ladder.due)
        core.clock.forward(minutes=-10)
        await core.ladder.due(subject, school)

    core.runner.on(LADDER, put_back)
    await core.say("stom", BAD)
    core.clock.forward(minutes=30)
    await core.runner.drain()
    assert reminders(core, SECOND) == 0
    await core.advance(minutes=10)
    assert reminders(core, SECOND) == 1


async def test_a_clock_that_is_put_back_after_a_reminder_brings_none_twice_and_the_next_one_once(core: Core) -> None:
    await core.say("stom", BAD)
    await core.advance(minutes=31)
    core.clock.forward(hours=-1)
    await core.advance(minutes=61)
    assert [reminders(core, SECOND), reminders(core, STAFF_CHANNEL)] == [1, 0]
    await core.advance(minutes=30)
    assert [reminders(core, SECOND), reminders(core, STAFF_CHANNEL)] == [1, 1]


async def test_a_laptop_that_slept_over_the_weekend_reminds_once_of_each_alert(core: Core) -> None:
    core.clock.set(datetime(2026, 11, 27, 14, 0, tzinfo=UTC))  # Friday 15:00 in Amsterdam
    await core.say("stom", BAD)
    core.clock.forward(days=3)
    await core.runner.drain()
    await core.runner.drain()
    assert [reminders(core, SECOND), reminders(core, TEACHER)] == [1, 0]


async def test_nights_that_were_slept_through_are_made_up_for_once(core: Core) -> None:
    nights: list[str] = []

    async def job(school: School) -> None:
        nights.append(school.guild)

    daily = Daily(database=core.database, clock=core.clock, timers=core.timers, schools=core.book.current, jobs=(job,))
    core.runner.on(DAILY, daily.due)
    await daily.begin()
    core.clock.forward(days=4)
    await core.runner.drain()
    await core.runner.drain()
    waits = [row["due_at"] for row in await core.rows(timer) if row["kind"] == DAILY and row["done_at"] is None]
    assert [nights, waits] == [[SCHOOL], [datetime(2026, 11, 29, 2, 30, tzinfo=UTC)]]


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 10, 23), "2026-10-23T06:15:00+00:00"),  # summer time
        (date(2026, 10, 25), "2026-10-26T07:15:00+00:00"),  # the Sunday on which the hour changes
        (date(2027, 3, 28), "2027-03-29T06:15:00+00:00"),
        (date(2026, 12, 24), "2027-01-04T07:15:00+00:00"),  # in the holidays
    ],
)
def test_a_look_comes_when_the_school_opens_by_its_own_clock(day: date, opens: str) -> None:
    assert opening_on(a_school(), day).isoformat() == opens


async def test_an_alert_on_the_friday_before_the_hour_changes_reminds_on_monday_by_the_schools_clock(
    core: Core,
) -> None:
    core.clock.set(datetime(2026, 10, 23, 13, 20, tzinfo=UTC))  # 15:20, ten minutes before school closes
    await core.say("stom", BAD)
    monday = datetime(2026, 10, 26, 7, 35, tzinfo=UTC)  # 08:35 by winter time: twenty minutes after it opens
    await core.advance(seconds=(monday - core.clock.now() - timedelta(seconds=1)).total_seconds())
    assert reminders(core, SECOND) == 0
    await core.advance(seconds=1)
    assert reminders(core, SECOND) == 1
