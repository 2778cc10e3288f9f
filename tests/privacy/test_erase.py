"""Erasing one person: what must stay is named with the reason; an old copy brings nothing back."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.privacy.erase import Stays
from bot.storage.scrub import scrub
from bot.storage.tables import alert, case_, finding, outbox, pseudonym, report
from tests.builders import PUPIL, SCHOOL, TARGET, Core, a_core
from tests.privacy.planting import CLOSED, SCHOOL_FACTS, SOMEBODY, planted, privacy_of


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


SETTINGS = Stays("school", 1, "settings")


async def test_the_plan_changes_nothing_and_tells_what_would_be_done(core: Core) -> None:
    privacy = await planted(core)
    before = {name: await privacy.values(table) for name, table in case_.metadata.tables.items()}
    plan = await privacy.eraser.plan(SCHOOL_FACTS, PUPIL)
    assert plan.counts == {"finding": 1, "report": 2, "media_hold": 1, "consent": 1}
    assert {name: await privacy.values(table) for name, table in case_.metadata.tables.items()} == before
    term = privacy.rules.rules["case_closed"].until(core.clock.now(), SCHOOL_FACTS.zone)
    assert plan.stays == (Stays("case", 1, "term", term), SETTINGS)


async def test_a_closed_case_stays_for_its_term_unless_the_school_decides_otherwise(core: Core) -> None:
    privacy = await planted(core)
    done = await privacy.eraser.erase(SCHOOL_FACTS, PUPIL)
    assert [one.why for one in done.stays] == ["term", "settings"]
    assert [row["target"] for row in await core.rows(finding) if row["case"]] == [PUPIL]
    done = await privacy.eraser.erase(SCHOOL_FACTS, PUPIL, closed_cases=True)
    assert [one.why for one in done.stays] == ["settings"]
    assert [row["owner"] for row in await core.rows(case_)] == ["erased"]


async def test_what_is_open_stays_until_somebody_looked(core: Core) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        "alert": [{"state": "open", "group_key": f"{PUPIL}>x", "claimed_by": None}],
        "finding": [{"state": "open", "alert": "alert:0", "message": "1"}],
        "report": [{"state": "taken"}],
        "case": [{"state": "open", "number": 1, "closed_at": None}],
        "case_pupil": [{"case": "case:0"}],
    }
    privacy = await planted(core, rows)
    done = await privacy.eraser.erase(SCHOOL_FACTS, PUPIL, closed_cases=True)
    assert {(one.what, one.why) for one in done.stays} == {
        ("finding", "open"),
        ("report", "open"),
        ("case", "open"),
        ("school", "settings"),
    }
    assert [len(await core.rows(table)) for table in (finding, report, case_)] == [1, 1, 1]


async def test_what_stayed_because_it_was_open_goes_by_itself_once_it_is_done(core: Core) -> None:
    rows = {"alert": [{"state": "open"}], "finding": [{"state": "open", "alert": "alert:0", "message": "1"}]}
    privacy = await planted(core, rows)
    await privacy.eraser.erase(SCHOOL_FACTS, PUPIL)
    assert await privacy.eraser.repeat(SCHOOL_FACTS) == 0
    async with core.database.write() as connection:
        await connection.execute(update(alert).values(state="closed"))
    assert await privacy.eraser.repeat(SCHOOL_FACTS) == 2
    assert await core.rows(finding) == []


async def test_a_notice_that_nobody_looked_at_is_not_waited_for(core: Core) -> None:
    rows = {
        "alert": [{"state": "open", "severity": "notice"}],
        "finding": [{"state": "open", "alert": "alert:0", "message": "1"}],
    }
    privacy = await planted(core, rows)
    await privacy.eraser.erase(SCHOOL_FACTS, PUPIL)
    assert await core.rows(finding) == []


async def test_what_comes_after_an_erasure_is_not_erased_by_repeating_it(core: Core) -> None:
    privacy = await planted(core, {})
    await privacy.eraser.erase(SCHOOL_FACTS, PUPIL)
    core.clock.forward(days=1)
    rows = {"finding": [{"state": "dismissed", "message": "9", "created_at": core.clock.now()}]}
    privacy = await planted(core, rows)
    assert [await privacy.eraser.repeat(SCHOOL_FACTS), len(await core.rows(finding))] == [0, 1]


async def test_an_old_copy_of_the_database_brings_nobody_back(core: Core, tmp_path: Path) -> None:
    privacy = await planted(core)
    await scrub(core.database)
    copy = tmp_path / "copy.db"
    shutil.copy(core.state / "klaswacht.db", copy)
    await privacy.eraser.erase(SCHOOL_FACTS, PUPIL, closed_cases=True)
    await core.database.close()
    shutil.copy(copy, core.state / "klaswacht.db")
    again = await privacy_of(core)
    assert PUPIL in " ".join(await again.values(finding))
    assert await again.eraser.repeat(SCHOOL_FACTS) > 0
    assert PUPIL not in " ".join(await again.values(finding))
    assert await again.eraser.repeat(SCHOOL_FACTS) == 0


async def test_the_list_holds_no_account_and_outlives_half_a_line(core: Core) -> None:
    privacy = await planted(core, {})
    path = core.state / "erased.jsonl"
    path.write_text('{"school": "11000', encoding="utf-8")
    await privacy.eraser.erase(SCHOOL_FACTS, PUPIL)
    assert [len(await privacy.erased.of(SCHOOL)), PUPIL in path.read_text(encoding="utf-8")] == [1, False]
    assert oct(path.stat().st_mode & 0o777) in {"0o600", "0o644"}


async def test_the_log_stays_whole_and_says_that_somebody_was_erased_not_who(core: Core) -> None:
    privacy = await planted(core, {})
    async with core.database.write() as connection:
        await core.audit.note(connection, SCHOOL, PUPIL, "show", "alert:1")
    await privacy.eraser.erase(SCHOOL_FACTS, PUPIL)
    check = await core.audit.verify(SCHOOL)
    lines = await core.audit.lines(SCHOOL)
    assert [check.first_wrong, [(line.actor, line.verb) for line in lines]] == [
        None,
        [("console", "privacy_erase"), (None, "show")],
    ]
    assert PUPIL not in str(lines)
    assert len(await core.rows(pseudonym)) == 1


async def test_others_are_left_as_they_were(core: Core) -> None:
    privacy = await planted(core)
    await privacy.eraser.erase(SCHOOL_FACTS, PUPIL)
    third = next(row for row in await core.rows(finding) if row["author"] == SOMEBODY)
    assert [third["target"], privacy.opened(finding, "words_sealed", third)] == [
        TARGET,
        "gemerkt-geheim-finding-words_sealed",
    ]
    theirs = next(row for row in await core.rows(report) if row["number"] == 3)
    assert [privacy.opened(report, "reporter_sealed", theirs), theirs["left_out"]] == [SOMEBODY, [SOMEBODY]]
    shared = next(row for row in await core.rows(alert) if row["group_key"].startswith(SOMEBODY))
    assert shared["receivers"] == [f"user:{SOMEBODY}"]
    pings = [row["values"] for row in await core.rows(outbox) if row["kind"] == "notice"]
    assert pings == [{"ping": SOMEBODY}]


async def test_a_person_of_whom_nothing_is_kept_can_be_erased(core: Core) -> None:
    privacy = await planted(core, CLOSED)
    done = await privacy.eraser.erase(SCHOOL_FACTS, "1100000000000000777")
    assert [done.counts, done.stays] == [{}, ()]
