"""Buttons that nobody was sent: forged, old, of another school, of somebody else, or from before a role was lost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from bot.rights import TABLE, Kind
from bot.storage.tables import alert, case_, case_event, finding, media_hold, report, talk
from tests.builders import (
    COORDINATOR,
    MODERATOR,
    MODERATOR_ROLE,
    OTHER_SCHOOL,
    PUPIL,
    SCHOOL,
    STAFF_CHANNEL,
    TARGET,
    TEACHER,
    THIRD,
)
from tests.trust.entrances import TEXTS, Ledger, the_ledger
from tests.trust.scene import ELSEWHERE, OPENER, OTHER_STAFF, REPORTER, Scene, change_roles, the_scene

ODD = (
    "kw:",
    "kw:show",
    "kw:show:",
    "kw:show:x",
    "kw:show:-1",
    "kw:show:99999999999999999999999",
    "kw:show:9999999999999999999",
    "kw:show:1:2:3:4:5:6:7:8:9",
    "kw:show:{open}:g",
    "kw:SHOW:{open}",
    "kw:show:{open}:gx",
    "kw:show:{open} ",
    "kw:show:{open}:../../x",
    "kw:show:{open}';--",
    "kw:oud:{open}",
    "kw:form:show:{open}",
    "kw:never:",
    "kw:done:{case}",
    "kw:done:{case}:S9",
    "kw:check:{case}:S1",
    "kw:check:{case}:S1:bestaatniet",
    "kw:go_on:{case}:S1:S8",
    "kw:followup:1:stopped",
    "kw:reply:{report}:0",
    "kw:reply:{report}:{draft}",
    "kw:report_file:{report}",
    "kw:report_file:{report}:x",
    "kw:report_file:{report}:{open}",
    "kw:case_pick:0",
    "kw:letter:{case}",
    "kw:withdraw:0",
    "kw:setup:0",
    "kw:setup:0:bestaatniet",
    "kw:school_pick:0:run",
    "kw:school_pick:0:report_message",
    "show:{open}",
    "",
)
BROKEN = "Er ging iets mis"
SECRETS = ("kankerhoer", "scheldt mij", "Kind0")
OWN = {"dm_on", "dm_off"}  # about their own school, whatever stands in the identifier
NAMES = {kind: sorted({thing.name for row in TABLE for thing in row.things() if thing.kind is kind}) for kind in Kind}


@dataclass(frozen=True)
class Found:
    """What was seen while everything was tried; empty lists where all is well."""

    unanswered: list[str]
    changed: list[str]
    shown: list[str]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started() -> AsyncIterator[Scene]:
    async with the_scene() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def scene(started: Scene) -> AsyncIterator[Scene]:
    """The scene as it was, with everybody's roles as they were."""
    members = started.bot.rest.members[SCHOOL]
    roles = {user: list(member["roles"]) for user, member in members.items()}
    ledger = the_ledger(started.bot)
    yield started
    ledger.put_back()
    ledger.close()
    for user, before in roles.items():
        if members[user]["roles"] != before:
            await change_roles(started.bot, user, before)


@pytest.fixture
def ledger(scene: Scene) -> Iterator[Ledger]:
    watching = the_ledger(scene.bot)
    yield watching
    watching.close()


async def test_an_odd_identifier_is_always_answered_and_never_does_anything(scene: Scene, ledger: Ledger) -> None:
    found = Found([], [], [])
    things = scene.things
    ids = {"open": things.open, "case": things.cases["S1"], "report": things.report, "draft": things.draft}
    before = await _state(scene)
    for text in ODD:
        custom_id = text.format(**ids)
        for user in (TEACHER, COORDINATOR, PUPIL):
            for place in (SCHOOL, None):
                pressed = await scene.bot.press(user, custom_id, place)
                filled = await scene.bot.fill_in(user, custom_id, {"note": "x", "reason": "x"}, place)
                found.unanswered.extend(custom_id for answer in (pressed, filled) if not answer.parts)
                found.shown.extend(text for answer in (pressed, filled) if BROKEN in answer.text)
        ledger.changed()
        await scene.bot.press(PUPIL, custom_id, SCHOOL)
        found.changed.extend([text] if ledger.changed() or await _state(scene) != before else [])
    assert found == Found([], [], [])


async def _state(scene: Scene) -> list[list[dict[str, object]]]:
    return [await scene.bot.rows(table) for table in (alert, case_, case_event, finding, report, talk, media_hold)]


async def test_staff_of_another_school_open_and_change_nothing_with_ids_of_this_one(
    scene: Scene, ledger: Ledger
) -> None:
    found = Found([], [], [])
    things = scene.things
    numbers = (things.open, things.hold, things.report, things.cases["S1"], things.look, things.consent)
    places = (
        (OTHER_SCHOOL, ""),
        (OTHER_SCHOOL, f":S1:g{SCHOOL}"),
        (None, f":S1:g{SCHOOL}"),
        (None, f":g{OTHER_SCHOOL}"),
    )
    for name in NAMES[Kind.PRESS]:
        for user in (OTHER_STAFF, ELSEWHERE) if name not in OWN else ():
            for number in numbers:
                for place, more in places:
                    answer = await scene.bot.press(user, f"kw:{name}:{number}{more}", place, (f"{number}",))
                    found.shown.extend(word for word in SECRETS if word in answer.text)
                    found.unanswered.extend([name] if not answer.parts else [])
            found.changed.extend([f"{user} {name}"] if ledger.changed() else [])
    assert found == Found([], [], [])


async def test_a_role_that_was_taken_away_after_the_card_came_opens_nothing_any_more(scene: Scene) -> None:
    bot, show = scene.bot, f"kw:show:{scene.things.open}"
    assert "kankerhoer" in (await bot.press(MODERATOR, show, SCHOOL)).text
    await change_roles(bot, MODERATOR, ())
    ledger = the_ledger(bot)
    for custom_id in (show, f"kw:take:{scene.things.open}", f"kw:case:{scene.things.cases['S1']}"):
        assert (await bot.press(MODERATOR, custom_id, SCHOOL)).said.startswith("⚠️ ")
    assert not ledger.changed()
    await change_roles(bot, MODERATOR, (MODERATOR_ROLE,))
    assert "kankerhoer" in (await bot.press(MODERATOR, show, SCHOOL)).text


async def test_who_led_a_case_and_lost_the_role_is_out_of_it_at_once(scene: Scene) -> None:
    bot, custom_id = scene.bot, f"kw:case:{scene.things.cases['S1']}"
    assert "S1" in (await bot.press(OPENER, custom_id, SCHOOL)).text
    await change_roles(bot, OPENER, ())
    assert (await bot.press(OPENER, custom_id, SCHOOL)).said == f"⚠️ {TEXTS.get('error.rights.case', 'nl')}"


async def test_a_draft_that_is_somebody_elses_shows_nothing_and_stays_as_it_was(scene: Scene) -> None:
    bot, draft = scene.bot, scene.things.draft
    assert "zwamneus" in (await bot.press(REPORTER, f"kw:by_name:{draft}", SCHOOL)).text
    for user in (THIRD, TEACHER, COORDINATOR):
        assert "zwamneus" not in (await bot.press(user, f"kw:by_name:{draft}", SCHOOL)).text
    before = next(row for row in await bot.rows(report) if row["id"] == draft)
    await bot.fill_in(THIRD, f"kw:form:by_name:{draft}", {"what": "iets anders"}, SCHOOL)
    assert next(row for row in await bot.rows(report) if row["id"] == draft) == before


async def test_nobody_is_shown_a_case_that_they_are_in_nor_an_alert_about_their_own_words(scene: Scene) -> None:
    bot, staff = scene.bot, ("1100000000000000402",)
    for user in (PUPIL, TARGET):
        await change_roles(bot, user, staff)
        assert "kw:case_pick" not in (await bot.command(user, "case", SCHOOL)).text
        for name in ("case", "evidence", "dossier", "hand_over", "close_case"):
            right = {"dossier": "dossier", "hand_over": "case_step"}.get(name, "case")
            answer = await bot.press(user, f"kw:{name}:{scene.things.cases['S1']}:S1", SCHOOL)
            assert answer.said == f"⚠️ {TEXTS.get(f'error.rights.{right}', 'nl')}"
    queue = (await bot.command(PUPIL, "queue", SCHOOL)).text
    assert str(scene.things.open) not in queue
    assert str(scene.things.of_risen) in queue


async def test_a_card_in_the_staff_channel_may_be_pressed_by_whoever_sees_it_and_opens_for_those_who_may(
    scene: Scene,
) -> None:
    for user, opens in ((THIRD, False), (TEACHER, True), (MODERATOR, True)):
        answer = await scene.bot.press(user, f"kw:show:{scene.things.open}", SCHOOL, channel=STAFF_CHANNEL)
        assert ("kankerhoer" in answer.text) is opens
