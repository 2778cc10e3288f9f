"""A file that nobody looked at in time: said so, looked at when there is time, then let back or held for what it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import pytest_asyncio

from bot.errors import WrongStateError
from bot.media.again import TRIES
from bot.media.decide import Looked, Why
from bot.media.facts import MediaFacts, People
from bot.media.patience import GOES_ON, Onlooker
from bot.media.store import HoldState
from bot.media.tally import unseen
from bot.media.unreadable import Reason
from bot.screening.verdict import Severity
from bot.storage.tables import alert, media_hold, removed_picture
from tests.builders import COORDINATOR, PUPIL, TEACHER, a_person
from tests.media.road import Road, a_look, a_road

NAME = "foto.jpg"


@dataclass
class Slow:
    """Looks when it is free; ``begun``: how often it was asked."""

    free: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0

    async def start(self) -> None: ...

    async def inspect(self, name: str, content: bytes) -> MediaFacts:
        del name, content
        self.begun += 1
        await self.free.wait()
        return a_look().facts


@pytest_asyncio.fixture
async def road() -> AsyncIterator[Road]:
    async with a_road() as made:
        yield made


def waiting(name: str = NAME) -> Looked:
    look = a_look(name)
    return replace(look, facts=unseen(name, look.facts.kind, look.facts.sha256, Reason.BUSY))


async def posted(road: Road, *others: Looked, shows: Looked | None = None, **changes: object) -> int:
    """A pupil posts a file while the machine is busy; ``shows``: what is in it."""
    if shows is None:
        road.inspector.broken = True
    else:
        road.inspector.sees[NAME] = replace(shows.facts, sha256=waiting().facts.sha256)
    hold = await road.post(waiting(), *others, **changes)
    assert hold is not None
    return hold


async def row(road: Road, hold: int) -> dict[str, Any]:
    return next(one for one in await road.core.rows(media_hold) if one["id"] == hold)


def told(road: Road, user: str) -> list[str]:
    return [delivery.values.get("text", delivery.kind) for delivery in road.core.messenger.to(user)]


async def test_it_is_held_without_a_call_and_the_pupil_hears_what_happens(road: Road) -> None:
    hold = await posted(road)
    card = await road.road.desk.card(road.school, hold)
    assert (card.reasons, card.state, card.severity) == ((Why.WAITING,), HoldState.HELD, Severity.NOTICE)
    assert (told(road, PUPIL), told(road, TEACHER)) == (["media.pupil.waiting"], [])
    assert card.files[0].unreadable is Reason.BUSY


async def test_nobody_sees_it_or_lets_it_back_before_it_was_looked_at(road: Road) -> None:
    hold, teacher = await posted(road), await road.core.actor(TEACHER)
    for act in (road.road.desk.show, road.road.desk.approve):
        with pytest.raises(WrongStateError):
            await act(teacher, hold)
    await road.road.desk.refuse(teacher, hold, "zo niet")
    await road.core.advance(minutes=20)
    assert (await row(road, hold))["state"] == HoldState.REFUSED


async def test_what_shows_nobody_comes_back_by_itself(road: Road) -> None:
    hold = await posted(road, shows=a_look(people=People.NO))
    await road.core.advance(minutes=1)
    card = await road.road.desk.card(road.school, hold)
    assert (card.state, card.by_bot, len(road.gateway.posted)) == (HoldState.RETURNED, True, 1)
    assert told(road, PUPIL) == ["media.pupil.waiting", "media.pupil.returned_bot"]
    assert [one["state"] for one in await road.core.rows(alert)] == ["closed"]
    with pytest.raises(WrongStateError):
        await road.road.desk.approve(await road.core.actor(TEACHER), hold)


async def test_where_the_bot_can_not_put_it_back_the_pupil_may(road: Road) -> None:
    road.gateway.may_post = False
    hold = await posted(road, shows=a_look(people=People.NO))
    await road.core.advance(minutes=1)
    assert (await row(road, hold))["state"] == HoldState.AGAIN
    assert told(road, PUPIL)[-1] == "media.pupil.again_bot"
    assert await road.post(a_look(NAME, People.YES)) is None


@pytest.mark.parametrize(
    ("shows", "why"), [(a_look(), Why.PEOPLE), (a_look(people=People.MAYBE), Why.MAYBE)], ids=["people", "maybe"]
)
async def test_people_keep_it_out_and_the_teacher_is_called_then(road: Road, shows: Looked, why: Why) -> None:
    hold = await posted(road, shows=shows)
    await road.core.advance(minutes=1)
    card = await road.road.desk.card(road.school, hold)
    assert (card.reasons, card.state, card.severity) == ((why,), HoldState.HELD, Severity.ALERT)
    assert len(told(road, TEACHER)) == 1
    assert told(road, PUPIL) == ["media.pupil.waiting", "media.pupil.held"]
    assert [file.content for file in await road.road.desk.show(await road.core.actor(TEACHER), hold)]
    await road.core.advance(hours=1)
    assert len(told(road, TEACHER)) == 2  # reminded within the hour, as of any other picture


async def test_what_may_be_nudity_is_erased_then_and_goes_to_the_coordinator(road: Road) -> None:
    hold = await posted(road, shows=a_look(nudity=0.95))
    await road.core.advance(minutes=1)
    card = await road.road.desk.card(road.school, hold)
    assert (card.private, card.severity, card.files[0].can_show) == (True, Severity.URGENT, False)
    assert [path for path in (road.core.state / "files").rglob("*") if path.is_file()] == []
    assert (len(told(road, COORDINATOR)), told(road, TEACHER)) == (1, [])
    assert told(road, PUPIL)[-1] == "media.pupil.private"
    assert len(await road.core.rows(removed_picture)) == 1


async def test_other_files_of_the_message_still_count(road: Road) -> None:
    hold = await posted(road, a_look("klas.jpg"), shows=a_look(people=People.NO))
    await road.core.advance(minutes=1)
    card = await road.road.desk.card(road.school, hold)
    assert (card.reasons, card.state) == ((Why.PEOPLE,), HoldState.HELD)
    assert [file.unreadable for file in card.files] == [None, None]


async def test_a_machine_that_stays_busy_ends_it_as_a_file_that_can_not_be_looked_at(road: Road) -> None:
    hold = await posted(road)
    await road.core.advance(seconds=30 * (TRIES + 1))
    card = await road.road.desk.card(road.school, hold)
    assert (card.reasons, card.state, card.severity) == ((Why.UNREADABLE,), HoldState.HELD, Severity.ALERT)
    assert card.files[0].unreadable is Reason.TOO_SLOW
    assert len(told(road, TEACHER)) == 1


async def test_while_another_look_goes_on_it_waits_its_turn(road: Road) -> None:
    hold = await posted(road, shows=a_look(people=People.NO))
    road.inspector.hangs = True
    await road.core.onlooker.look("ander.jpg", b"x", 0.0)
    road.inspector.hangs = False
    await road.core.advance(minutes=1)
    assert (await row(road, hold))["state"] == HoldState.HELD
    await road.core.onlooker.close()
    await road.core.advance(minutes=1)
    assert (await row(road, hold))["state"] == HoldState.RETURNED


async def test_of_staff_it_stands_there_meanwhile_and_nothing_is_kept_of_what_is_fine(road: Road) -> None:
    staff = {"by_staff": True, "author": a_person(TEACHER, "Juf")}
    hold = await posted(road, shows=a_look(people=People.NO), **staff)
    assert (await row(road, hold))["state"] == HoldState.FLAGGED
    await road.core.advance(minutes=1)
    done = await row(road, hold)
    assert (done["state"], done["files"][0]["kept"], road.gateway.held) == (HoldState.APPROVED, None, [])
    assert [path for path in (road.core.state / "files").rglob("*") if path.is_file()] == []


async def test_a_look_that_came_too_late_is_there_for_the_next_who_asks_and_none_is_begun_twice() -> None:
    slow = Slow()
    onlooker = Onlooker(slow)
    early = [await onlooker.look(NAME, b"x", 0.0) for _ in range(2)]
    assert ([one.error for one in early], onlooker.free) == (["unreadable: busy"] * 2, False)
    slow.free.set()
    again = await onlooker.look(NAME, b"x", 5.0)
    assert (again, slow.begun, onlooker.free) == (a_look().facts, 1, True)


async def test_in_a_long_line_only_the_first_go_on_when_nobody_waits() -> None:
    slow = Slow()
    onlooker = Onlooker(slow)
    first = [onlooker.look(f"{number}.jpg", b"x", 0.05) for number in range(GOES_ON + 3)]
    assert {one.error for one in await asyncio.gather(*first)} == {"unreadable: busy"}
    await asyncio.sleep(0)
    assert len(onlooker._going) == GOES_ON
    await onlooker.close()
    assert onlooker.free


async def test_a_look_that_ended_meanwhile_is_remembered_once() -> None:
    slow = Slow()
    onlooker = Onlooker(slow)
    await onlooker.look(NAME, b"x", 0.0)
    going = next(iter(onlooker._going.values()))
    slow.free.set()
    await going
    await asyncio.sleep(0)
    assert [await onlooker.look(NAME, b"x", 5.0) for _ in range(2)] == [a_look().facts] * 2
    assert slow.begun == 2
