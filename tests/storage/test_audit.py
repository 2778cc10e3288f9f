"""The audit log: one changed byte shows, a cut end shows, and nobody's id stands in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from bot.errors import InputError
from bot.storage.tables import audit, pseudonym
from bot.storage.vault import new_key
from tests.builders import COORDINATOR, OTHER_SCHOOL, PUPIL, SCHOOL, TEACHER, Core, a_core


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


async def test_one_changed_byte_anywhere_in_a_row_is_found(core: Core) -> None:
    [row] = [row for row in await core.rows(audit) if row["number"] == 3]
    for column in ("verb", "subject", "actor", "mac"):
        for place in range(len(row[column])):
            text = row[column][:place] + chr(ord(row[column][place]) ^ 1) + row[column][place + 1 :]
            async with core.database.write() as connection:
                await connection.execute(update(audit).where(audit.c.number == 3).values(**{column: text}))
            assert (await core.audit.verify(SCHOOL)).first_wrong == 3
        async with core.database.write() as connection:
            await connection.execute(update(audit).where(audit.c.number == 3).values(**{column: row[column]}))
    assert (await core.audit.verify(SCHOOL)).first_wrong is None


async def test_a_row_with_another_moment_is_found(core: Core) -> None:
    async with core.database.write() as connection:
        later = core.clock.now() + timedelta(microseconds=1)
        await connection.execute(update(audit).where(audit.c.number == 3).values(at=later))
    assert (await core.audit.verify(SCHOOL)).first_wrong == 3


async def test_two_rows_that_were_exchanged_are_found(core: Core) -> None:
    async with core.database.write() as connection:
        for old, new in ((2, 99), (4, 2), (99, 4)):
            await connection.execute(update(audit).where(audit.c.number == old).values(number=new))
    assert (await core.audit.verify(SCHOOL)).first_wrong == 2


async def test_a_row_of_another_school_does_not_fit(core: Core) -> None:
    core.vault.learn(OTHER_SCHOOL, 1, new_key())
    async with core.database.write() as connection:
        await core.audit.note(connection, OTHER_SCHOOL, TEACHER, "show", "alert:1")
        await connection.execute(delete(audit).where(audit.c.school == OTHER_SCHOOL))
        await connection.execute(update(audit).where(audit.c.number == 1).values(school=OTHER_SCHOOL))
    assert (await core.audit.verify(OTHER_SCHOOL)).first_wrong == 1


async def test_a_pseudonym_that_was_given_to_somebody_else_is_found(core: Core) -> None:
    async with core.database.write() as connection:
        await core.audit.note(connection, SCHOOL, COORDINATOR, "show", "alert:1")
    assert (await core.audit.verify(SCHOOL)).wrong_names == 0
    one, other = [row["pseudonym"] for row in await core.rows(pseudonym)]
    async with core.database.write() as connection:
        for old, new in ((one, "x"), (other, one), ("x", other)):
            await connection.execute(update(pseudonym).where(pseudonym.c.pseudonym == old).values(pseudonym=new))
    check = await core.audit.verify(SCHOOL)
    assert [check.first_wrong, check.wrong_names] == [None, 2]


async def test_whom_a_row_is_about_stands_in_it_by_pseudonym_too(core: Core) -> None:
    async with core.database.write() as connection:
        await core.audit.note(connection, SCHOOL, TEACHER, "consent_list", f"user:{PUPIL}")
    assert PUPIL not in str(await core.rows(audit))
    assert (await core.audit.lines(SCHOOL))[0].subject == f"user:{PUPIL}"
    async with core.database.write() as connection:
        await connection.execute(delete(pseudonym))
    assert (await core.audit.lines(SCHOOL))[0].subject == "user:"
    assert (await core.audit.verify(SCHOOL)).first_wrong is None


async def test_the_head_of_an_empty_log_holds_whatever_came_after(core: Core) -> None:
    assert [await core.audit.head(OTHER_SCHOOL), await core.audit.holds(SCHOOL, "0-")] == ["0-", True]


@pytest.mark.parametrize("head", ["", "x", "3-", "-", "abc-0000000000000000", "1-zzzzzzzzzzzzzzzz", "9" * 40])
async def test_what_is_no_head_is_refused_in_words(core: Core, head: str) -> None:
    with pytest.raises(InputError) as error:
        await core.audit.holds(SCHOOL, head)
    assert error.value.key == "error.keeping.head"


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
