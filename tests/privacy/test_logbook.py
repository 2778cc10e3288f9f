"""The coordinator reads who did what, in words; nobody else does, and that it was read is noted."""

from __future__ import annotations

import pytest

from bot.errors import NotAllowedError
from bot.privacy.logbook import PAGE, Logbook
from bot.settings import data_folder
from bot.storage.tables import audit, pseudonym
from bot.texts import Texts
from cogs.cards.logbook import logbook_page
from cogs.widgets import Kit
from tests.builders import COORDINATOR, MODERATOR, PUPIL, SCHOOL, SUPERVISOR, TEACHER, Core, a_core, a_verdict

TEXTS = Texts.load(data_folder() / "texts")


def book_of(core: Core) -> Logbook:
    return Logbook(database=core.database, audit=core.audit)


async def noted(core: Core, count: int) -> None:
    async with core.database.write() as connection:
        for number in range(count):
            await core.audit.note(connection, SCHOOL, TEACHER, "show", f"alert:{number}")


async def read(core: Core, before: int | None = None) -> str:
    page = await book_of(core).page(await core.actor(COORDINATOR), before)
    shown = logbook_page(Kit(TEXTS, "nl", SCHOOL), page)
    return shown.embeds[0].description or ""


async def test_what_people_did_stands_there_in_words_with_the_numbers_that_people_know() -> None:
    async with a_core() as core:
        await core.say("stomme koe", a_verdict())
        teacher = await core.actor(TEACHER)
        alert = (await core.review.queue(teacher))[0].id
        await core.review.show(teacher, alert)
        await core.review.take(teacher, alert)
        async with core.database.write() as connection:
            await core.audit.note(connection, SCHOOL, COORDINATOR, "consent_list", f"user:{PUPIL}")
        lines = (await read(core)).splitlines()
    assert [line.split(" · ", 1)[1] for line in lines] == [
        f"<@{COORDINATOR}> · bekeek toestemmingen · <@{PUPIL}>",
        f"<@{TEACHER}> · pakte een seintje op",
        f"<@{TEACHER}> · bekeek een seintje of melding",
    ]


@pytest.mark.parametrize("who", [TEACHER, MODERATOR, PUPIL, SUPERVISOR])
async def test_nobody_but_the_coordinator_reads_it(who: str) -> None:
    async with a_core() as core:
        with pytest.raises(NotAllowedError) as error:
            await book_of(core).page(await core.actor(who))
        assert [error.value.key, await core.rows(audit)] == ["error.rights.audit", []]


async def test_that_it_was_read_stands_in_it_once_a_reading() -> None:
    async with a_core() as core:
        await noted(core, PAGE + 3)
        await read(core)
        await read(core, 4)
        verbs = [line.verb for line in await core.audit.lines(SCHOOL, limit=3)]
        assert [verbs, (await core.audit.verify(SCHOOL)).first_wrong] == [["audit_show", "show", "show"], None]


async def test_older_rows_follow_page_by_page_and_then_it_ends() -> None:
    async with a_core() as core:
        await noted(core, PAGE + 3)
        coordinator = await core.actor(COORDINATOR)
        first = await book_of(core).page(coordinator)
        then = await book_of(core).page(coordinator, first.older)
    assert [line.number for line in (*first.lines, *then.lines)] == list(range(PAGE + 3, 0, -1))
    assert [first.older, then.older] == [4, None]


async def test_who_was_erased_has_no_name_any_more() -> None:
    async with a_core() as core:
        await noted(core, 1)
        async with core.database.write() as connection:
            await core.audit.note(connection, SCHOOL, TEACHER, "consent_list", f"user:{PUPIL}")
            await connection.execute(pseudonym.delete())
        told = await read(core)
    assert [told.count("(gewist)"), TEACHER in told, PUPIL in told] == [3, False, False]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_thing_that_is_written_down_has_words(language: str) -> None:
    verbs = [key for key in TEXTS.keys() if key.startswith("logbook.verb.")]  # noqa: SIM118 - no mapping
    assert len(verbs) > 30
    assert all(TEXTS.get(key, language, verb="x") for key in verbs)
