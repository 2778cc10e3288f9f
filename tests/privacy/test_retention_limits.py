"""Every row of ``data/retention.toml`` at its limit: a quarter of an hour before it everything stands, after it not."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Table

from bot.privacy.rules import RULES, read_retention
from bot.settings import data_folder
from bot.storage.tables import (
    alert,
    case_,
    case_event,
    case_pupil,
    consent,
    consent_use,
    dm_choice,
    evidence,
    finding,
    followup,
    judged_edit,
    media_hold,
    outbox,
    pseudonym,
    recheck,
    removed_picture,
    report,
    talk,
    timer,
)
from tests.builders import PUPIL, SCHOOL, TUESDAY_10, Core, a_core
from tests.privacy.planting import SCHOOL_FACTS, Privacy, planted
from tests.privacy.test_retention import CASE, DISMISSED, DRAFT, OPEN, REPORT, WAITING, Rows

QUARTER = timedelta(minutes=15)
AUGUST_2029 = datetime.fromisoformat("2029-08-01T00:00:00+02:00")
IN_CASE: Rows = {
    "case": [{"state": "closed", "number": 1}],
    "report": [{"state": "closed", "case": "case:0"}],
    "talk": [{"report": "report:0"}],
}
Count = Callable[[Privacy], Awaitable[int]]


def rows_of(*tables: Table) -> Count:
    """Count the rows of some tables."""

    async def count(privacy: Privacy) -> int:
        return sum([len(await privacy.core.rows(table)) for table in tables])

    return count


async def words(privacy: Privacy) -> int:
    """Count the reports whose own words are still there, and what was said about them."""
    told = [row for row in await privacy.core.rows(report) if row["what_sealed"] is not None]
    return len(told) + len(await privacy.core.rows(talk))


async def makers(privacy: Privacy) -> int:
    """Count the reports of which the maker is still known."""
    rows = await privacy.core.rows(report)
    return len([row for row in rows if not row["reporter_mark"].startswith("erased")])


async def marks(privacy: Privacy) -> int:
    """Count who stands on the list of erasures."""
    return len(await privacy.erased.of(SCHOOL))


async def copies(privacy: Privacy) -> int:
    """Count the program's own copies of the database."""
    return len(list(privacy.core.state.glob("backups/*.db"))) + len(list(privacy.core.state.glob("*.before-restore")))


@dataclass(frozen=True)
class Limit:
    """What is planted, what is counted, and how long it stays: days after the planting, or until a moment."""

    rows: Rows
    count: Count
    days: int | datetime

    @property
    def end(self) -> datetime:
        return self.days if isinstance(self.days, datetime) else TUESDAY_10 + timedelta(days=self.days)


ONE_CASE = rows_of(case_, alert, finding, evidence, report, case_event, case_pupil, followup)
LIMITS: dict[str, Limit] = {
    "finding_dismissed": Limit(DISMISSED, rows_of(finding, evidence, alert), 30),
    "finding_open": Limit(OPEN, rows_of(finding, alert), 90),
    "case_closed": Limit(CASE, ONE_CASE, AUGUST_2029),
    "draft": Limit(DRAFT, rows_of(report, evidence), 1),
    "report_closed": Limit(REPORT, rows_of(report, talk, evidence), 30),
    "report_open": Limit(WAITING, rows_of(report, talk, evidence), 90),
    "report_in_case": Limit(IN_CASE, words, 90),
    "seal": Limit(IN_CASE, makers, 30),
    "consent": Limit(
        {"consent": [{"until": "2032-01-01"}], "consent_use": [{"consent": "consent:0"}]},
        rows_of(consent, consent_use),
        365,
    ),
    "media": Limit({"media_hold": [{"message": "5", "readers": []}]}, rows_of(media_hold), 30),
    "removed_picture": Limit(
        {"media_hold": [{"message": "5", "readers": []}], "removed_picture": [{"hold": "media_hold:0"}]},
        rows_of(removed_picture),
        730,
    ),
    "outbox": Limit({"outbox": [{"kind": "notice", "state": "sent", "subject": 0}]}, rows_of(outbox), 30),
    "timer": Limit({"timer": [{"done_at": TUESDAY_10}]}, rows_of(timer), 30),
    "judged_edit": Limit({"judged_edit": [{}]}, rows_of(judged_edit), 8),
    "recheck": Limit({"recheck": [{}]}, rows_of(recheck), 30),
    "pseudonym": Limit(
        {"audit": [{"actor": "f" * 16}], "pseudonym": [{"pseudonym": "f" * 16}]}, rows_of(pseudonym), 1095
    ),
    "dm_choice": Limit({"dm_choice": [{}]}, rows_of(dm_choice), 730),
    "erasure_list": Limit({}, marks, 1825),
    "backup_local": Limit({}, copies, 30),
}


async def counted(rule: str, moment: datetime) -> tuple[int, int]:
    """Plant, let the night's work be done at a moment, and count before and after."""
    limit = LIMITS[rule]
    async with a_core() as core:
        privacy = await planted(core, limit.rows)
        await beside(privacy, core)
        before = await limit.count(privacy)
        core.clock.set(moment)
        await privacy.retention.run(SCHOOL_FACTS)
        return before, await limit.count(privacy)


async def beside(privacy: Privacy, core: Core) -> None:
    """Plant what stands in files."""
    await privacy.erased.add(SCHOOL, PUPIL, TUESDAY_10, closed_cases=False)
    copy = core.state / "backups" / "before-0001.db"
    copy.parent.mkdir()
    copy.write_bytes(b"old")
    os.utime(copy, (TUESDAY_10.timestamp(), TUESDAY_10.timestamp()))


@pytest.mark.parametrize("rule", sorted(LIMITS))
async def test_a_rule_keeps_to_its_term(rule: str) -> None:
    end = LIMITS[rule].end
    there, still_there = await counted(rule, end - QUARTER)
    assert [there > 0, still_there] == [True, there]
    assert (await counted(rule, end + QUARTER))[1] == 0


def test_every_rule_has_a_limit_that_is_tried_and_it_is_the_one_that_the_table_says() -> None:
    assert sorted(LIMITS) == sorted(RULES)
    rules = read_retention(data_folder() / "retention.toml").rules
    table = {name: rule.days for name, rule in rules.items()}
    tried = {name: limit.days for name, limit in LIMITS.items() if isinstance(limit.days, int)}
    assert {name: days for name, days in table.items() if days is not None} == tried
