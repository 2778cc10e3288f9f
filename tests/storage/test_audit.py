"""The audit log: one changed byte shows, a cut end shows, and nobody's id stands in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, update

from bot.storage.tables import audit, pseudonym
from tests.builders import SCHOOL, TEACHER, Core, a_core


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        async with made.database.write() as connection:
            for number in range(5):
                await made.audit.note(connection, SCHOOL, TEACHER, "show", f"alert:{number}")
        yield made


async def test_a_whole_chain_is_whole(core: Core) -> None:
    check = await core.audit.verify(SCHOOL)
    assert [check.rows, check.first_wrong, check.head] == [5, None, await core.audit.head(SCHOOL)]


@pytest.mark.parametrize(
    ("column", "value"), [("verb", "took"), ("subject", "alert:9"), ("actor", "0" * 16), ("mac", "0" * 64)]
)
async def test_one_changed_field_is_found(core: Core, column: str, value: str) -> None:
    async with core.database.write() as connection:
        await connection.execute(update(audit).where(audit.c.number == 3).values(**{column: value}))
    assert (await core.audit.verify(SCHOOL)).first_wrong == 3


async def test_a_row_that_was_taken_out_is_found(core: Core) -> None:
    async with core.database.write() as connection:
        await connection.execute(delete(audit).where(audit.c.number == 2))
    assert (await core.audit.verify(SCHOOL)).first_wrong == 3


async def test_an_end_that_was_cut_off_shows_against_the_posted_head(core: Core) -> None:
    head = await core.audit.head(SCHOOL)
    assert await core.audit.holds(SCHOOL, head)
    async with core.database.write() as connection:
        await connection.execute(delete(audit).where(audit.c.number >= 4))
    assert [await core.audit.holds(SCHOOL, head), (await core.audit.verify(SCHOOL)).first_wrong] == [False, None]


async def test_people_stand_in_it_by_pseudonym_and_the_coordinator_reads_names_until_erasure(core: Core) -> None:
    assert TEACHER not in str(await core.rows(audit))
    assert {line.actor for line in await core.audit.lines(SCHOOL)} == {TEACHER}
    async with core.database.write() as connection:
        await connection.execute(delete(pseudonym))
    assert {line.actor for line in await core.audit.lines(SCHOOL)} == {None}
    assert (await core.audit.verify(SCHOOL)).first_wrong is None


async def test_its_newest_rows_come_first_and_page_on(core: Core) -> None:
    first = await core.audit.lines(SCHOOL, limit=2)
    then = await core.audit.lines(SCHOOL, limit=2, before=first[-1].number)
    assert [[line.number for line in first], [line.number for line in then]] == [[5, 4], [3, 2]]
