"""Each rule of the table: the day before its term everything stands, the day after it is gone."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.daily import AuditHead, Daily, next_night
from bot.privacy.removal import WITHDRAW
from bot.privacy.withdrawing import Withdrawing
from bot.storage.tables import (
    alert,
    case_,
    case_event,
    evidence,
    finding,
    outbox,
    report,
    talk,
)
from tests.builders import SCHOOL, STAFF_CHANNEL, TUESDAY_10, Core, a_core, a_school
from tests.privacy.planting import SCHOOL_FACTS, Privacy, planted, privacy_of

Rows = dict[str, list[dict[str, Any]]]
HOLD_OF_FINDING = {"finding": "finding:0", "alert": "alert:0"}


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


async def left(core: Core, rows: dict[str, list[dict[str, Any]]], days: float, *tables: Any) -> list[int]:
    """How many rows of some tables are left when these were planted and some days have gone by."""
    privacy = await planted(core, rows)
    core.clock.forward(days=days)
    await privacy.retention.run(SCHOOL_FACTS)
    return [len(await core.rows(table)) for table in tables]


DISMISSED = {
    "alert": [{"state": "closed"}],
    "finding": [{"state": "dismissed", "alert": "alert:0"}],
    "evidence": [{"finding": "finding:0"}],
    "media_hold": [HOLD_OF_FINDING],
}
OPEN = {"alert": [{"state": "open"}], "finding": [{"state": "open", "alert": "alert:0"}]}
REPORT = {"report": [{"state": "closed"}], "talk": [{"report": "report:0"}], "evidence": [{"report": "report:0"}]}
WAITING = {"report": [{"state": "open"}], "talk": [{"report": "report:0"}], "evidence": [{"report": "report:0"}]}
DRAFT = {"report": [{"state": "draft"}], "evidence": [{"report": "report:0"}]}


CASE: dict[str, list[dict[str, Any]]] = {
    "case": [{"state": "closed", "number": 1}],
    "alert": [{"state": "closed"}],
    "finding": [{"state": "case", "case": "case:0", "alert": "alert:0"}],
    "evidence": [{"finding": "finding:0"}, {"case": "case:0"}],
    "report": [{"state": "closed", "case": "case:0"}],
    "talk": [{"report": "report:0"}],
    "case_event": [{"case": "case:0"}],
    "case_pupil": [{"case": "case:0"}],
    "followup": [{"case": "case:0"}],
}


async def test_a_closed_case_stays_whole_but_for_the_reporter_and_the_reports_own_words(core: Core) -> None:
    privacy = await planted(core, CASE)
    core.clock.forward(days=100)
    await privacy.retention.run(SCHOOL_FACTS)
    [told] = await core.rows(report)
    assert [told["what_sealed"], told["reporter_mark"], await core.rows(talk)] == [None, f"erased:{told['id']}", []]
    assert [len(await core.rows(table)) for table in (case_, finding, evidence, case_event)] == [1, 1, 2, 1]


async def test_an_open_case_keeps_everything_however_long_it_takes(core: Core) -> None:
    rows = {**CASE, "case": [{"state": "open", "number": 1, "closed_at": None}]}
    privacy = await planted(core, rows)
    core.clock.forward(days=3000)
    await privacy.retention.run(SCHOOL_FACTS)
    [told] = await core.rows(report)
    assert told["reporter_mark"][:6] != "erased"
    assert [len(await core.rows(table)) for table in (case_, finding, evidence, talk)] == [1, 1, 2, 1]


async def test_a_case_made_anonymous_leaves_numbers_steps_and_dates_only(core: Core) -> None:
    privacy = await planted(core, CASE)
    rule = privacy.rules.rules["case_closed"]
    schools = {SCHOOL: {"case_closed": rule.model_copy(update={"then": "anonymise"})}}
    privacy = await privacy_of(core, replace(privacy.rules, schools=schools))
    core.clock.forward(days=1200)
    await privacy.retention.run(SCHOOL_FACTS)
    [case] = await core.rows(case_)
    [event] = await core.rows(case_event)
    assert [case["owner"], case["class_name"], case["number"]] == ["erased", None, 1]
    assert [event["by"], event["text_sealed"], event["detail"]] == ["erased", None, ""]
    assert [await core.rows(table) for table in (finding, evidence, report)] == [[], [], []]


async def test_a_report_in_which_somebody_wrote_lately_stays(core: Core) -> None:
    rows = {
        "report": [{"state": "taken"}],
        "talk": [{"report": "report:0", "created_at": TUESDAY_10 + timedelta(days=60)}],
    }
    assert await left(core, rows, 100, report, talk) == [1, 1]


async def test_the_card_in_the_staff_channel_is_taken_back_when_its_alert_is_erased(core: Core) -> None:
    card = {
        "kind": "alert",
        "receiver_kind": "channel",
        "receiver": STAFF_CHANNEL,
        "state": "sent",
        "subject": "alert:0",
    }
    rows = {**DISMISSED, "outbox": [{**card, "sent_channel": STAFF_CHANNEL, "sent_message": "99"}]}
    assert await left(core, rows, 31, alert, outbox) == [0, 1]
    [row] = await core.rows(outbox)
    assert [row["state"], row["receiver"], row["values"]] == [WITHDRAW, "erased", {}]
    withdrawing = Withdrawing(database=core.database, messenger=core.messenger)
    assert [await withdrawing.run(SCHOOL), await withdrawing.run(SCHOOL)] == [1, 0]
    assert [core.messenger.removed, await core.rows(outbox)] == [[(STAFF_CHANNEL, "99")], []]


async def test_other_schools_are_left_alone(core: Core) -> None:
    privacy = await planted(core, DISMISSED)
    core.clock.forward(days=4000)
    await privacy.retention.run(a_school(guild="1100000000000000009"))
    assert len(await core.rows(finding)) == 1


async def test_files_that_nothing_names_any_more_go_and_fresh_ones_wait(core: Core) -> None:
    privacy = await planted(core, DISMISSED)
    loose = await privacy.files.keep(SCHOOL, b"loose")
    folder = core.state / "files" / SCHOOL
    assert await privacy.retention.sweep(SCHOOL) == 0
    old = (SystemClock().now() - timedelta(hours=2)).timestamp()
    for path in folder.iterdir():
        os.utime(path, (old, old))
    assert await privacy.retention.sweep(SCHOOL) == 1
    assert sorted(path.name for path in folder.iterdir()) == sorted(set(privacy.names) - {loose})


async def test_the_programs_own_copies_of_the_database_go_after_their_term(core: Core) -> None:
    privacy = await planted(core, {})
    copies = [core.state / "backups" / "before-0001.db", core.state / "klaswacht.db.before-restore"]
    copies[0].parent.mkdir()
    for path in copies:
        path.write_bytes(b"old")
        os.utime(path, (TUESDAY_10.timestamp(), TUESDAY_10.timestamp()))
    core.clock.forward(days=29)
    await privacy.retention.run(SCHOOL_FACTS)
    assert [path.exists() for path in copies] == [True, True]
    core.clock.forward(days=2)
    await privacy.retention.run(SCHOOL_FACTS)
    assert [path.exists() for path in copies] == [False, False]


async def test_it_is_done_every_night_by_a_timer_and_the_head_of_the_log_is_posted_once_a_day(core: Core) -> None:
    privacy: Privacy = await planted(core, DISMISSED)
    head = AuditHead(database=core.database, clock=core.clock, outbox=core.outbox, audit=core.audit)
    jobs = (privacy.retention.run, privacy.eraser.repeat, head.post)
    daily = Daily(database=core.database, clock=core.clock, timers=core.timers, schools=core.book.current, jobs=jobs)
    core.runner.on("daily", daily.due)
    await daily.begin()
    await daily.begin()
    await core.advance(days=5)
    assert core.messenger.kinds(STAFF_CHANNEL) == ["audit_head"] * 5
    await daily.due(0, SCHOOL)
    await core.runner.drain()
    assert core.messenger.kinds(STAFF_CHANNEL) == ["audit_head"] * 5
    assert len(await core.rows(finding)) == 1
    await core.advance(days=26)
    assert await core.rows(finding) == []


def test_the_night_begins_at_half_past_three_also_when_the_clock_changes() -> None:
    school = a_school()
    before_winter = TUESDAY_10.replace(month=10, day=24, hour=20)
    assert next_night(school, before_winter).isoformat() == "2026-10-25T03:30:00+01:00"
    assert next_night(school, TUESDAY_10).isoformat() == "2026-11-25T03:30:00+01:00"
