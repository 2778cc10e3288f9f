"""What comes in by a message: fetched, looked at in time, decided; nothing is passed because looking failed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
import pytest_asyncio

from bot.media.decide import Why
from bot.media.entrance import Files, MediaEntrance
from bot.media.facts import People
from bot.media.store import HoldState
from bot.ports import Attachment, ChatMessage
from bot.storage.tables import alert, media_hold
from tests.builders import CLASS, COORDINATOR, TEACHER, a_file, a_message, a_person
from tests.fakes import FakeInspector
from tests.media.road import Road, a_look, a_road

SIZE = 100


@dataclass
class Gate:
    """An entrance before a road; ``files`` are on the file server, by name."""

    road: Road
    files: dict[str, bytes] = field(default_factory=dict)
    late_s: float = 5.0

    async def fetch(self, file: Attachment, limit: int) -> bytes | None:
        content = self.files.get(file.name)
        return content if content is not None and len(content) <= limit else None

    @property
    def inspector(self) -> FakeInspector:
        return self.road.inspector

    @property
    def entrance(self) -> MediaEntrance:
        whole = self.road.config
        limits = whole.limits.model_copy(update={"late_seconds": self.late_s})
        return MediaEntrance(
            onlooker=self.road.core.onlooker,
            fetch=self.fetch,
            intake=self.road.road.intake,
            desk=self.road.road.desk,
            config=whole.model_copy(update={"limits": limits}),
        )

    def put(self, name: str = "foto.jpg", people: People = People.YES, **changes: object) -> Attachment:
        """Put a file on the server and return it as an attachment."""
        look = a_look(name, people, **changes)
        self.files[name], self.inspector.sees[name] = look.content or b"", look.facts
        return a_file(name, size=SIZE)

    async def send(self, *files: Attachment, by_staff: bool = False, text: str = "kijk") -> tuple[ChatMessage, Files]:
        """Let a pupil send files, and everything that is due happen."""
        author = {"author": a_person(TEACHER, "Juf")} if by_staff else {}
        message = a_message(text, attachments=files, **author)
        entrance, room = self.entrance, self.road.school.class_named(CLASS)
        assert room is not None
        looked = await entrance.look(message)
        await entrance.arrived(message, self.road.school, room, looked, by_staff=by_staff)
        await self.road.core.runner.drain()
        return message, looked

    async def reasons(self) -> list[list[str]]:
        return [row["reasons"] for row in await self.road.core.rows(media_hold)]


@pytest_asyncio.fixture
async def gate() -> AsyncIterator[Gate]:
    async with a_road() as road:
        yield Gate(road)


async def test_a_photo_of_people_is_fetched_looked_at_and_held(gate: Gate) -> None:
    message, looked = await gate.send(gate.put())
    assert [one.facts.people for one in looked.looked] == [People.YES]
    assert gate.road.gateway.held == [(message.channel, message.id)]


async def test_a_drawing_leaves_nothing(gate: Gate) -> None:
    await gate.send(gate.put("tekening.png", People.NO))
    assert (await gate.reasons(), gate.road.gateway.held) == ([], [])


async def test_a_file_that_is_gone_is_held_as_unreadable(gate: Gate) -> None:
    message, looked = await gate.send(a_file("foto.jpg"))
    assert [one.facts.error for one in looked.looked] == ["unreadable: not_fetched"]
    assert (await gate.reasons(), gate.road.gateway.held) == (
        [[Why.UNREADABLE]],
        [(message.channel, message.id)],
    )


async def test_a_file_that_nobody_looked_at_in_time_is_held_as_just_that(gate: Gate) -> None:
    gate.inspector.hangs, gate.late_s = True, 0.01
    _, looked = await gate.send(gate.put())
    assert [one.facts.error for one in looked.looked] == ["unreadable: busy"]
    assert [row["state"] for row in await gate.road.core.rows(media_hold)] == [HoldState.HELD]
    assert await gate.reasons() == [[Why.WAITING]]


async def test_when_nothing_can_look_at_files_they_are_held(gate: Gate) -> None:
    gate.inspector.broken = True
    await gate.entrance.warm()
    _, looked = await gate.send(gate.put())
    assert [one.facts.error for one in looked.looked] == ["unreadable: busy"]
    assert await gate.reasons() == [[Why.WAITING]]


async def test_a_file_above_the_limit_is_not_fetched(gate: Gate) -> None:
    limit = gate.road.config.limits.bytes
    _, looked = await gate.send(replace(gate.put(), size=limit + 1))
    assert [(one.content, one.facts.error) for one in looked.looked] == [(None, "unreadable: too_large")]


async def test_a_dead_link_to_a_picture_waits_in_the_queue_and_takes_nothing_away(gate: Gate) -> None:
    _, looked = await gate.send(a_file("foto.jpg", size=0, linked=True))
    assert (looked.looked, looked.links, gate.road.gateway.held) == ((), 1, [])
    assert [row["severity"] for row in await gate.road.core.rows(alert)] == ["notice"]


@pytest.mark.parametrize(("nudity", "holds"), [(0.0, 0), (0.95, 1)])
async def test_staff_answer_for_their_own_pictures_except_for_what_may_be_nudity(
    gate: Gate, nudity: float, holds: int
) -> None:
    await gate.send(gate.put(nudity=nudity), by_staff=True)
    rows = await gate.road.core.rows(alert)
    assert len(rows) == holds
    assert [row["receivers"] for row in rows] == [[f"user:{COORDINATOR}"]] * holds


async def test_a_picture_that_the_bot_posted_again_still_belongs_to_its_pupil(gate: Gate) -> None:
    message, _ = await gate.send(gate.put(), text="mijn foto")
    hold = (await gate.road.core.rows(media_hold))[0]["id"]
    await gate.road.road.desk.approve(await gate.road.core.actor(TEACHER), hold)
    await gate.road.core.runner.drain()
    again = replace(message, id="again-1", author=a_person("99", "Daan (via Klaswacht)", bot=True))
    found = [await gate.entrance.poster(one) for one in (again, replace(again, id="other"))]
    assert [one and one.author.id for one in found] == [message.author.id, None]
    assert gate.road.gateway.posted[0].text == "mijn foto"


async def test_waiting_for_a_slow_look_is_given_up_when_the_bot_stops(gate: Gate) -> None:
    gate.inspector.hangs = True
    looking = asyncio.create_task(gate.entrance.look(a_message("", attachments=(gate.put(),))))
    await asyncio.sleep(0)
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking
    assert looking.cancelled()
