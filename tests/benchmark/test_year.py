"""A small year: it is as large as was asked, what people ask of it is answered from indexes, nights erase in parts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Connection

from bot.commands.year import measured
from bot.people import Actor
from bot.privacy.removal import PART
from bot.status import status
from bot.storage.tables import case_, finding
from bot.year.filling import fill
from bot.year.measuring import night
from bot.year.plan import Size, Year
from cogs.practice.benchmark import tables
from cogs.practice.phrases import Phrases
from tests.builders import COORDINATOR, PUPIL, SCHOOL, TARGET, TEACHER, THIRD, Core, a_core, a_school
from tests.desks import Desks, the_desks
from tests.privacy.planting import SCHOOL_FACTS, privacy_of

TINY, SMALL = Size(screened=100, findings=20, cases=4), Size(screened=1000, findings=400, cases=10)


async def test_a_small_year_gives_a_whole_table() -> None:
    lines = await measured(Size(screened=1000, findings=50, cases=8))
    found = {line.key.removeprefix("benchmark.year."): line.value for line in lines}
    assert found["size"] == "1000 / 50 / 8"
    spread = re.compile(r"\d+( / \d+){3} ms \(n=\d+\)")
    assert all(spread.fullmatch(found[name]) for name in ("queue", "case", "cases", "search", "status", "bare"))
    assert re.fullmatch(r"\d+\.\d s \(\d+\)", found["first_night"])
    assert len(tables.printed(lines, "benchmark.year", Phrases(), "nl").splitlines()) == len(lines) + 2


async def filled(core: Core, size: Size) -> None:
    year = Year(a_school(), core.clock.now(), size, (PUPIL, TARGET, THIRD, "1", "2", "3"), (TEACHER,))
    await fill(core.database, core.vault, year)


@pytest.fixture
async def desks() -> AsyncIterator[Desks]:
    async with the_desks() as made:
        await filled(made.core, TINY)
        yield made


async def test_the_audit_log_of_a_made_year_holds(desks: Desks) -> None:
    check = await desks.core.audit.verify(SCHOOL)
    assert [check.rows, check.first_wrong] == [2 * TINY.findings + 10 * TINY.cases, None]


async def first(core: Core, asked: Any) -> int:
    async with core.database.read() as connection:
        return int(await connection.scalar(asked.limit(1)))


Ask = Callable[[Desks, Actor, int, int], Awaitable[object]]
"""What somebody asks, with the number of an alert and of a case."""

ASKED: dict[str, Ask] = {
    "queue": lambda desks, actor, _alert, _case: desks.review.queue(actor),
    "show": lambda desks, actor, alert, _case: desks.review.show(actor, alert),
    "case": lambda desks, actor, _alert, case: desks.cases.reading.view(actor, case),
    "evidence": lambda desks, actor, _alert, case: desks.cases.reading.evidence(actor, case),
    "cases": lambda desks, actor, _alert, _case: desks.cases.reading.list(actor),
    "due": lambda desks, _actor, _alert, _case: desks.core.runner.due_count(),
    "deletion": lambda desks, _actor, _alert, _case: desks.core.watch.deleted(SCHOOL, "1", "12345"),
}


def plans(core: Core) -> list[str]:
    """Notes how every statement from now on finds its rows."""
    found: list[str] = []
    engine = core.database.engine.sync_engine

    @event.listens_for(engine, "before_cursor_execute")
    def asked(connection: Connection, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            cursor = connection.connection.cursor()
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            found.extend(row[3] for row in cursor.fetchall())
            cursor.close()

    return found


WIDE = re.compile(
    r"SCAN (?!CONSTANT|\()|SEARCH (evidence|case_event|outbox|timer|finding) USING \S+ ?\S* \(school=\?\)$"
)
"""A walk through a table, or through all rows that a school has in a large one."""


@pytest.mark.parametrize("asked", ASKED)
async def test_what_people_ask_walks_through_no_table(desks: Desks, asked: str) -> None:
    alert, case = await first(desks.core, select(finding.c.alert)), await first(desks.core, select(case_.c.id))
    actor, found = await desks.actor(COORDINATOR), plans(desks.core)
    await ASKED[asked](desks, actor, alert, case)
    assert found
    assert [step for step in found if WIDE.search(step)] == []


async def test_counts_for_status_are_not_sorted(desks: Desks) -> None:
    found = plans(desks.core)
    await status(desks.core.database, desks.core.clock.now())
    sorted_ = [before for before, step in pairwise(found) if "TEMP B-TREE" in step]
    assert [step for step in sorted_ if "report" not in step] == []


async def test_a_night_erases_more_than_one_part_and_lets_others_write_meanwhile() -> None:
    async with a_core() as core:
        await filled(core, SMALL)
        old = finding.c.case.is_(None) & (finding.c.created_at < core.clock.now() - timedelta(days=90))
        counted = select(func.count()).select_from(finding).where(old)
        assert await first(core, counted) > PART
        privacy = await privacy_of(core)
        found = await night(privacy.retention, core.database, SCHOOL_FACTS)
        assert await first(core, counted) == 0
        assert found.rows > PART
        assert found.waited_s < found.seconds
