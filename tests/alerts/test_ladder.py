"""The ladder: who is told when, why, and when it stops."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.screening.verdict import Severity, SignalName
from bot.storage.tables import alert, outbox
from tests.builders import (
    COORDINATOR,
    MODERATOR,
    SECOND,
    STAFF_CHANNEL,
    TEACHER,
    TUESDAY_10,
    Core,
    a_core,
    a_school,
    a_verdict,
)

BAD = a_verdict()
URGENT = a_verdict(Severity.URGENT, SignalName.THREAT)
CRISIS = a_verdict(Severity.URGENT, SignalName.CRISIS)


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


def whys(core: Core, receiver: str) -> list[str | None]:
    return [delivery.values.get("why") for delivery in core.messenger.to(receiver)]


async def test_nobody_takes_it_up_so_the_second_teacher_and_then_the_coordinator_are_told(core: Core) -> None:
    await core.say("stom", BAD)
    await core.advance(minutes=29)
    assert whys(core, SECOND) == []
    await core.advance(minutes=2)
    assert [(d.kind, d.values) for d in core.messenger.to(SECOND)] == [
        ("alert_reminder", {"why": "alerts.why.unclaimed", "minutes": "30"})
    ]
    await core.advance(minutes=30)
    pinged = [d.values for d in core.messenger.to(STAFF_CHANNEL) if d.kind == "alert_reminder"]
    assert [values["ping"] for values in pinged] == [COORDINATOR]


async def test_reminders_stop_when_somebody_has_it(core: Core) -> None:
    await core.say("stom", BAD)
    (row,) = await core.rows(alert)
    await core.review.take(await core.actor(MODERATOR), row["id"])
    core.messenger.clear()
    await core.advance(days=10)
    assert core.messenger.sent == []


async def test_after_the_last_rung_it_comes_back_every_school_morning_and_then_no_more(core: Core) -> None:
    await core.say("stom", BAD)
    await core.advance(days=30)
    still = [values for values in whys(core, STAFF_CHANNEL) if values == "alerts.why.still"]
    assert len(still) == 5


async def test_outside_school_hours_an_alert_waits_for_the_morning_and_says_so() -> None:
    async with a_core(start=TUESDAY_10 + timedelta(hours=10)) as core:
        await core.say("stom", BAD)
        assert core.messenger.sent == []
        await core.advance(hours=12, minutes=14)
        assert core.messenger.sent == []
        await core.advance(minutes=2)
        assert [whys(core, TEACHER), core.messenger.kinds()] == [["alerts.why.held"], ["alert", "alert"]]
        await core.advance(minutes=31)
        assert whys(core, SECOND) == ["alerts.why.unclaimed"]


async def test_urgent_is_told_at_night_and_the_ladder_goes_on_in_real_time() -> None:
    async with a_core(start=TUESDAY_10 + timedelta(hours=13)) as core:
        await core.say("ik maak je dood", URGENT)
        assert core.messenger.kinds(TEACHER) == ["alert"]
        await core.advance(minutes=11)
        assert whys(core, SECOND) == ["alerts.why.unclaimed"]


async def test_an_alert_that_waits_for_the_morning_is_told_at_once_when_it_becomes_urgent() -> None:
    async with a_core(start=TUESDAY_10 + timedelta(hours=10)) as core:
        await core.say("stom", BAD)
        await core.say("ik maak je dood", URGENT)
        assert core.messenger.kinds(TEACHER) == ["alert"]
        await core.advance(hours=13)
        assert core.messenger.kinds(TEACHER) == ["alert"]


async def test_what_waits_for_monday_comes_on_monday_and_holidays_are_skipped() -> None:
    friday_night = datetime(2026, 12, 18, 20, 0, tzinfo=UTC)
    async with a_core(start=friday_night) as core:
        await core.say("stom", BAD)
        (due,) = {row["due_at"] for row in await core.rows(outbox)}
        assert due == datetime(2027, 1, 4, 7, 15, tzinfo=UTC)


async def test_taken_up_at_night_no_private_message_follows_in_the_morning() -> None:
    async with a_core(start=TUESDAY_10 + timedelta(hours=10)) as core:
        await core.say("stom", BAD)
        (row,) = await core.rows(alert)
        await core.review.take(await core.actor(MODERATOR), row["id"])
        await core.advance(days=2)
        assert [(d.kind, d.receiver.id) for d in core.messenger.sent] == [("alert", STAFF_CHANNEL)]


async def test_a_crisis_that_nobody_takes_goes_on_without_details_in_the_staff_channel() -> None:
    school = a_school(crisis=[f"user:{TEACHER}"])
    async with a_core(school) as core:
        await core.say("ik wil niet meer", CRISIS)
        assert [core.messenger.kinds(TEACHER), core.messenger.kinds(STAFF_CHANNEL)] == [["crisis"], []]
        await core.advance(minutes=6)
        assert core.messenger.kinds(COORDINATOR) == ["crisis"]


async def test_a_refused_crisis_message_shows_no_detail_in_the_staff_channel(core: Core) -> None:
    core.messenger.closed = {COORDINATOR}
    await core.say("ik wil niet meer", CRISIS)
    (delivery,) = [d for d in core.messenger.to(STAFF_CHANNEL) if d.kind == "crisis"]
    assert delivery.values == {"private": "yes", "bare": "yes", "ping": COORDINATOR}


async def test_a_teacher_who_chose_no_dms_is_mentioned_instead(core: Core) -> None:
    await core.choices.choose(await core.actor(TEACHER), on=False)
    await core.say("stom", BAD)
    assert [(d.receiver.id, d.values) for d in core.messenger.sent] == [(STAFF_CHANNEL, {"ping": TEACHER})]


async def test_a_clock_that_jumps_ahead_reminds_once(core: Core) -> None:
    await core.say("stom", BAD)
    core.clock.forward(hours=3)
    await core.runner.drain()
    assert whys(core, SECOND) == ["alerts.why.unclaimed"]
    core.clock.forward(hours=-2)
    await core.runner.drain()
    assert whys(core, SECOND) == ["alerts.why.unclaimed"]
