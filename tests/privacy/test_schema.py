"""Every column of every table has a treatment, and the treatment is done: generated from the schema."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from sqlalchemy import Table

from bot.privacy.columns import IN_USE, SETTINGS, TREATMENT, Kind
from bot.privacy.export import SHOWN
from bot.privacy.rules import read_retention
from bot.privacy.withdrawing import Withdrawing
from bot.settings import data_folder
from bot.storage.scrub import scrub
from bot.storage.tables import metadata
from bot.texts import Texts
from tests.builders import PUPIL, SCHOOL, a_core
from tests.privacy.planting import BARE, CLOSED, SCHOOL_FACTS, WORDS, Privacy, planted

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
PERSONAL = [table for table in TABLES if TREATMENT[table.name].personal and table.name in CLOSED]
STAYS = {"audit", "school"}
"""The log's lines stay, without a name; a school's settings stay as long as they are in use."""
named = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
personal = pytest.mark.parametrize("table", PERSONAL, ids=lambda table: table.name)


@dataclass(frozen=True)
class Erasing:
    """What every table held before and after, what was shown, and what is left after all terms."""

    before: dict[str, list[str]]
    after: dict[str, list[str]]
    shown: dict[str, list[dict[str, object]]]
    in_twenty_years: dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def erasing() -> Erasing:
    return asyncio.run(_erasing())


async def _erasing() -> Erasing:
    async with a_core() as core:
        privacy = await planted(core)
        made = await privacy.exporter.export(SCHOOL_FACTS, PUPIL, subject="person:x", by="console")
        before = {table.name: await privacy.values(table) for table in PERSONAL}
        await privacy.eraser.erase(SCHOOL_FACTS, PUPIL, closed_cases=True)
        after = {table.name: await privacy.values(table) for table in PERSONAL}
    async with a_core() as core:
        privacy = await planted(core)
        core.clock.forward(days=20 * 365)
        await privacy.retention.run(SCHOOL_FACTS)
        await Withdrawing(database=core.database, messenger=core.messenger).run(SCHOOL)
        left = {table.name: await core.rows(table) for table in PERSONAL}
    return Erasing(before, after, made.tables, left)


def test_every_table_and_no_other_has_a_treatment() -> None:
    assert sorted(TREATMENT) == [table.name for table in TABLES]


@named
def test_every_column_and_no_other_has_a_treatment(table: Table) -> None:
    assert sorted(TREATMENT[table.name].columns) == sorted(table.columns.keys())


@named
def test_every_encrypted_column_is_treated_as_such(table: Table) -> None:
    sealed = {column.name for column in table.columns if column.name.endswith("_sealed")}
    assert sealed == set(TREATMENT[table.name].of(Kind.WORDS, Kind.SEALED))


@named
def test_every_table_has_a_term_or_is_about_nobody(table: Table) -> None:
    rules = read_retention(data_folder() / "retention.toml").rules
    treatment = TREATMENT[table.name]
    if treatment.rules == (IN_USE,):
        assert not treatment.personal
    elif treatment.rules != (SETTINGS,):
        assert set(treatment.rules) <= set(rules)


@named
def test_every_table_is_planted_by_these_tests_or_about_nobody(table: Table) -> None:
    assert (table.name in CLOSED) != (table.name in BARE)


@personal
def test_erasing_leaves_nothing_of_a_person_in_any_table(erasing: Erasing, table: Table) -> None:
    before = " ".join(erasing.before[table.name])
    assert PUPIL in before or WORDS in before or table.name in {"audit", "consent_use", "removed_picture"}
    words_stay = table.name in {"report", "talk", "finding", "evidence", "media_hold"}  # those of somebody else's rows
    after = erasing.after[table.name]
    assert [value for value in after if PUPIL in value or (WORDS in value and not words_stay)] == []


async def test_erasing_leaves_nothing_of_a_person_in_any_file(privacy: Privacy) -> None:
    await scrub(privacy.core.database)
    assert PUPIL.encode() in privacy.bytes_on_disk()
    done = await privacy.eraser.erase(SCHOOL_FACTS, PUPIL, closed_cases=True)
    assert done.overwritten
    assert PUPIL.encode() not in privacy.bytes_on_disk()


async def test_no_text_of_anybody_stands_readable_in_any_file(privacy: Privacy) -> None:
    await scrub(privacy.core.database)
    assert WORDS.encode() not in privacy.bytes_on_disk()


@personal
def test_after_all_terms_nothing_is_left_in_any_table(erasing: Erasing, table: Table) -> None:
    assert bool(erasing.in_twenty_years[table.name]) == (table.name in STAYS)


@personal
def test_showing_tells_every_column_that_is_about_the_person(erasing: Erasing, table: Table) -> None:
    hidden = {"school", "audit", "removed_picture"}
    shown = {name for record in erasing.shown.get(table.name, []) for name in record}
    assert shown == (set() if table.name in hidden else set(TREATMENT[table.name].of(*SHOWN)))


def test_every_shown_column_has_a_word_in_both_languages() -> None:
    texts = Texts.load(data_folder() / "texts")
    shown = {name for treatment in TREATMENT.values() for name in treatment.of(*SHOWN)}
    assert [name for name in sorted(shown) if not texts.has(f"privacy.column.{name}")] == []
    assert [name for name in sorted(TREATMENT) if not texts.has(f"privacy.table.{name}")] == []


async def test_erased_files_are_gone_from_the_folder(privacy: Privacy) -> None:
    await privacy.eraser.erase(SCHOOL_FACTS, PUPIL, closed_cases=True)
    await privacy.retention.sweep(SCHOOL, 0)
    kept = {path.name for path in (privacy.core.state / "files" / SCHOOL).iterdir()}
    assert kept == {privacy.names[6]}
