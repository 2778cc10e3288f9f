"""A picture that went with a removed message is known again when it comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.media.decide import Looked, Why
from bot.media.facts import MediaKind, People
from bot.media.store import HoldState
from bot.ports import ChatMessage
from bot.screening.verdict import Severity
from bot.storage.tables import alert, finding, media_hold, removed_picture
from tests.builders import TEACHER, a_file, a_message, a_verdict
from tests.media.road import Road, a_look, a_road

MEME = a_look("meme.png", People.NO, pdqs=("0" * 64,) * 24)
COPY = a_look("anders.png", People.NO, pdqs=("0" * 63 + "f",) * 24)


@pytest_asyncio.fixture
async def road() -> AsyncIterator[Road]:
    async with a_road() as made:
        yield made


async def removed(road: Road, looked: Looked = MEME) -> ChatMessage:
    """A pupil wrote something ugly beside a picture, and a teacher took the message away."""
    core, file = road.core, a_file(looked.name, size=10)
    core.history.files[file.id] = looked.content or b""
    core.inspector.sees[looked.name] = looked.facts
    message = await core.say("stomme sukkel", a_verdict(Severity.ALERT), attachments=(file,))
    await core.review.remove(await core.actor(TEACHER), (await core.rows(alert))[-1]["id"])
    return message


async def test_a_copy_is_held_at_once(road: Road) -> None:
    message = await removed(road)
    assert road.core.messenger.removed == [(message.channel, message.id)]
    hold = await road.post(COPY)
    card = await road.road.desk.card(road.school, hold or 0)
    assert (card.reasons, card.state) == ((Why.COPY,), HoldState.HELD)


async def test_its_contents_are_not_kept(road: Road) -> None:
    await removed(road)
    row = (await road.core.rows(media_hold))[0]
    assert (row["state"], row["decided_by"], row["alert"], row["reasons"]) == (HoldState.REFUSED, TEACHER, None, [])
    assert ([file["kept"] for file in row["files"]], (road.core.state / "files").exists()) == ([None], False)
    assert row["finding"] == (await road.core.rows(finding))[0]["id"]


async def test_what_was_flagged_there_is_remembered_and_counts_as_taken_out(road: Road) -> None:
    road.core.screening.teach("sukkel", a_verdict(Severity.ALERT))
    message = a_message("stomme sukkel", attachments=(a_file("bos.jpg"),))
    road.core.history.add(message)
    await road.core.watch.handle(message)
    await road.road.intake.take_in(road.arrived(message, (a_look("bos.jpg", People.MAYBE),)))
    await road.core.runner.drain()
    words = next(row["id"] for row in await road.core.rows(alert) if row["kind"] == "finding")
    await road.core.review.remove(await road.core.actor(TEACHER), words)
    assert [row["state"] for row in await road.core.rows(media_hold)] == [HoldState.HELD]
    assert len(await road.core.rows(removed_picture)) == 1


async def test_a_teacher_who_finds_the_copy_fine_lets_it_be_posted_from_then_on(road: Road) -> None:
    await removed(road)
    hold = await road.post(COPY)
    await road.road.desk.approve(await road.core.actor(TEACHER), hold or 0)
    assert await road.core.rows(removed_picture) == []
    assert await road.post(replace(COPY, name="weer.png")) is None


async def test_a_file_that_could_not_be_looked_at_is_known_by_its_hash(road: Road) -> None:
    road.core.inspector.broken = True
    await removed(road)
    road.core.inspector.broken = False
    assert await road.post(COPY) is None
    assert await road.post(MEME) is not None


@pytest.mark.parametrize("kind", [MediaKind.DOCUMENT, MediaKind.OTHER])
async def test_homework_beside_ugly_words_is_not_remembered(road: Road, kind: MediaKind) -> None:
    await removed(road, a_look("som.py", People.NO, kind=kind))
    assert await road.core.rows(media_hold) == []


async def test_a_message_without_files_or_gone_already_is_removed_as_before(road: Road) -> None:
    core = road.core
    message = await core.say("stomme sukkel", a_verdict(Severity.ALERT))
    core.history.delete(message)
    await core.review.remove(await core.actor(TEACHER), (await core.rows(alert))[-1]["id"])
    assert (core.messenger.removed, await core.rows(media_hold)) == ([(message.channel, message.id)], [])
