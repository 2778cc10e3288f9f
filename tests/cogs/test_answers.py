"""Every ask gets an answer: late ones are announced, failing ones get a sentence and a code, two schools a choice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.errors import StorageError
from bot.findings.facts import AlertCard
from bot.people import Actor
from bot.ports import Receiver
from bot.reports.facts import Waiting
from bot.school import School
from tests.cogs.conftest import Room, until
from tests.cogs.stand_ins import GUILD, NOOR, NOW, STAFF, TEACHER, a_card
from tests.cogs.test_journeys import a_delivery


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeError("jij sukkel"), "Er ging iets mis"),
        (StorageError("error.storage.full"), "De schijf is vol"),
        (TimeoutError(), "De chatserver antwoordt nu niet"),
    ],
)
async def test_what_goes_wrong_is_said_in_words(
    room: Room, error: Exception, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def failing(_actor: Actor, _alert: int) -> AlertCard:
        raise error

    room.core.review.take = failing  # type: ignore[method-assign]
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("channel", STAFF)))
    await room.act("click", TEACHER, action="take")
    await room.sees(TEACHER, "⚠️" if isinstance(error, StorageError) else "", sentence, where="ephemeral")
    assert "jij sukkel" not in [record.getMessage() for record in caplog.records]


async def test_an_answer_that_takes_long_is_announced_and_comes(room: Room) -> None:
    async def slow(_actor: Actor, _alert: int) -> AlertCard:
        await asyncio.sleep(2)
        return a_card(state="claimed", claimed_by=TEACHER)

    room.core.review.take = slow  # type: ignore[method-assign]
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("channel", STAFF)))
    await room.act("click", TEACHER, action="take")
    await room.sees(TEACHER, "Jij hebt dit opgepakt", where="ephemeral")


async def test_what_a_pupil_has_waiting_is_marked_only_once_the_platform_has_it(room: Room) -> None:
    one, at_that_moment = Waiting("report_answer", 1, 5, 1, "Kom even langs.", NOW), []

    async def read(_actor: Actor, shown: Sequence[Waiting]) -> None:
        there = room.stage.world.ephemerals.values()
        cards = [card["description"] for message in there for card in message.embeds]
        at_that_moment.append((list(shown), any("Kom even langs" in card for card in cards)))

    room.core.reports.news, room.core.reports.read = [one], read  # type: ignore[method-assign]
    await room.act("command", NOOR, name="berichten")
    await until(lambda: bool(at_that_moment))
    assert at_that_moment == [([one], True)]


async def test_a_button_in_a_private_message_is_about_the_school_that_it_names_and_rights_are_asked_there(
    room: Room,
) -> None:
    await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("user", TEACHER)))
    room.core.book.put(another_school())
    await room.act("click", TEACHER, custom_id=f"kw:show:77:g{GUILD}")
    await room.sees(TEACHER, "loser", where="dm")


async def test_somebody_at_two_schools_is_asked_which_one_a_command_is_about(room: Room) -> None:
    room.core.book.put(another_school())
    told = room.client.roster.member

    async def at_both(school: str, user: str) -> Any:
        return await told(GUILD, user) if school in {GUILD, "77"} else None

    room.client.roster.member = at_both  # type: ignore[method-assign]
    await room.act("command", NOOR, name="regels", channel="dm")
    await room.sees(NOOR, "meer dan één school", where="dm")
    await room.act("choose", NOOR, label="Kies je school", values=["De Brug"])
    await room.sees(NOOR, "Onze regels", where="dm")


def another_school() -> School:
    return School.model_validate(
        {"name": "De Brug", "guild": "77", "staff_channel": "78", "coordinators": ["user:1"], "classes": []}
    )
