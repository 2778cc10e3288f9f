"""Setting up a school from the platform: step by step, refused when wrong, and a file wins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import InputError, WrongStateError
from bot.schoolbook import SchoolBook
from bot.setup import Setup
from bot.storage.tables import audit, outbox
from tests.builders import SCHOOL, Core, a_core

ADMIN, NEW = "9", "555"
PEOPLE = {"staff_channel": "20", "coordinators": ["user:9"], "moderators": ["role:4"]}
ROOM = {"name": " 7b ", "channels": ["21"], "teachers": ["user:8"], "age_group": "primary", "dm": False}


@pytest_asyncio.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


def a_setup(core: Core, *files: str, book: SchoolBook | None = None, nights: list[set[str]] | None = None) -> Setup:
    nights = [] if nights is None else nights

    async def add_key(school: str) -> None:
        if not core.vault.knows(school):
            core.vault.learn(school, 1, b"k" * 32)

    async def begin() -> None:
        nights.append(core.book.current().all.keys() & {NEW})

    return Setup(
        database=core.database,
        clock=core.clock,
        audit=core.audit,
        book=book or core.book,
        outbox=core.outbox,
        files=files,
        add_key=add_key,
        begin=begin,
    )


async def test_a_school_is_in_use_once_name_channel_and_coordinator_are_there(core: Core) -> None:
    nights: list[set[str]] = []
    setup = a_setup(core, nights=nights)
    assert await setup.change(ADMIN, NEW, {"name": "De Brug"}) == ["staff_channel", "coordinators"]
    assert core.book.current().get(NEW) is None
    assert nights == []
    assert await setup.change(ADMIN, NEW, PEOPLE) == []
    assert nights == [{NEW}]
    await setup.add_class(ADMIN, NEW, ROOM)
    school = core.book.current().all[NEW]
    assert (school.name, school.staff_channel, school.moderators) == ("De Brug", "20", ("role:4",))
    assert [(room.name, room.channels, room.teacher_ids) for room in school.classes] == [("7b", ("21",), ("8",))]


async def test_every_class_channel_gets_the_pinned_message_once(core: Core) -> None:
    setup = a_setup(core)
    await setup.change(ADMIN, NEW, {"name": "De Brug", **PEOPLE})
    await setup.add_class(ADMIN, NEW, ROOM)
    await setup.add_class(ADMIN, NEW, {**ROOM, "channels": ["21", "22"]})
    rows = [row for row in await core.rows(outbox) if row["school"] == NEW]
    assert [(row["kind"], row["receiver"]) for row in rows] == [("welcome", "21"), ("welcome", "22")]


async def test_what_was_set_up_is_in_use_again_after_a_restart(core: Core) -> None:
    await a_setup(core).change(ADMIN, NEW, {"name": "De Brug", **PEOPLE})
    await a_setup(core).change(ADMIN, "556", {"name": "Half"})
    book = SchoolBook()
    await a_setup(core, book=book).load()
    assert sorted(book.current().all) == [NEW]


async def test_a_school_file_wins_and_says_so(core: Core) -> None:
    setup = a_setup(core, SCHOOL)
    with pytest.raises(WrongStateError):
        await setup.change(ADMIN, SCHOOL, {"name": "Anders"})
    assert setup.by_file(SCHOOL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": "8-15"},
        {"hours": "16:00-08:00"},
        {"holidays": ["kerst"]},
        {"holidays": ["2026-12-21/2020-01-01"]},
        {"staff_channel": "team"},
        {"coordinators": ["jan"]},
        {"name": " "},
        {"language": "fr"},
        {"classes": [{**ROOM, "teachers": []}]},
        {"classes": [{**ROOM, "channels": ["20"]}]},
        {"classes": [ROOM, {**ROOM, "name": "8"}]},
    ],
)
async def test_a_wrong_value_is_refused_and_nothing_changes(core: Core, wrong: dict[str, Any]) -> None:
    setup = a_setup(core)
    await setup.change(ADMIN, NEW, {"name": "De Brug", **PEOPLE})
    before = await setup.told(NEW)
    with pytest.raises(InputError):
        await setup.change(ADMIN, NEW, wrong)
    assert await setup.told(NEW) == before


async def test_a_class_is_taken_away_and_changes_are_logged(core: Core) -> None:
    setup = a_setup(core)
    await setup.change(ADMIN, NEW, {"name": "De Brug", **PEOPLE})
    await setup.add_class(ADMIN, NEW, ROOM)
    await setup.remove_class(ADMIN, NEW, "7b")
    assert core.book.current().all[NEW].classes == ()
    logged = [row["subject"] for row in await core.rows(audit) if row["school"] == NEW]
    assert logged == ["coordinators,moderators,name,staff_channel", "classes", "classes"]
