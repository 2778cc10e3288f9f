"""Stories of pictures on the shipped settings that one bot lives through: each way in, and who could read them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from bot.media import samples
from bot.media.portrait import portrait
from cogs.practice.stage.settling import settle
from cogs.practice.stage.stage import Stage
from cogs.practice.world.members import join, leave, set_roles
from cogs.practice.world.messages import Draft, send
from cogs.practice.world.reading import message_texts
from cogs.practice.world.records import PRIVATE_THREAD, Channel, Upload
from cogs.practice.world.sight import newest_first
from cogs.practice.world.threads import open_thread, set_membership
from tests.journeys.media.room import PATIENCE_S, act, gone, running, story

pytestmark = pytest.mark.asyncio(loop_scope="module")
NOOR, DAAN, YUSUF = 1100000000000000601, 1100000000000000602, 1100000000000000603  # of another class
SEM, EMILY, TEACHER, CLASS = 1100000000000000605, 1100000000000000606, 1100000000000000305, 1100000000000000502
PHOTO = samples.encoded(portrait(320, 240), "JPEG")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with running(tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.mark.parametrize("name", ["surfaces", "removed_by_hand"])
async def test_it_goes_as_people_expect(stage: Stage, name: str) -> None:
    await story(stage, name)


def reader(stage: Stage, user: int, *, now: bool) -> None:
    """Give a pupil the role of the class, or take it away."""
    member, role = stage.member(user), next(one.id for one in stage.world.roles.values() if one.name == "Klas 2c")
    others = [one for one in member.roles if one != role]
    set_roles(stage.world, member, [*others, role] if now else others)


async def held(stage: Stage, channel: Channel, meanwhile: Callable[[], None] = lambda: None) -> str:
    """Sem posts a photo and something happens at once; return what the teacher sees behind "Toon"."""
    draft = Draft(content="kijk", uploads=[Upload("a.jpg", PHOTO, "image/jpeg")])
    message = send(stage.world, channel, stage.member(SEM).user, draft)
    meanwhile()
    await gone(stage, channel, message)
    await act(stage, TEACHER, act="click", action="show")
    await settle(stage, limit=PATIENCE_S)
    told = "\n".join(message_texts(newest_first(stage.world, TEACHER)[0]))
    assert told.count("Kon lezen") == 1
    return told


def named(told: str, *users: int) -> list[bool]:
    return [f"<@{user}>" in told for user in users]


async def test_in_a_private_thread_its_members_and_who_manages_threads_are_counted(stage: Stage) -> None:
    above = stage.world.channels[CLASS]
    thread = open_thread(stage.world, above, stage.member(SEM).user, "onder ons", kind=PRIVATE_THREAD)
    set_membership(stage.world, thread, stage.world.bot.id, inside=True)
    told = await held(stage, thread)
    assert "wie in dit besloten draadje zit" in told
    assert named(told, SEM, EMILY) == [True, False]


async def test_whose_role_let_them_read_it_for_a_moment_is_counted(stage: Stage) -> None:
    for user, now in ((YUSUF, True), (NOOR, True), (NOOR, False)):
        reader(stage, user, now=now)
    await settle(stage, limit=PATIENCE_S)

    def meanwhile() -> None:
        reader(stage, DAAN, now=True)
        reader(stage, YUSUF, now=False)

    told = await held(stage, stage.world.channels[CLASS], meanwhile)
    assert "iedereen die het kanaal mag lezen" in told
    assert named(told, DAAN, YUSUF, NOOR) == [True, True, False]
    told = await held(stage, stage.world.channels[CLASS], lambda: reader(stage, DAAN, now=False))
    assert (named(told, DAAN, YUSUF, NOOR), "onvolledig" in told) == ([True, False, False], False)


async def test_who_left_or_came_back_while_it_was_looked_at_is_counted(stage: Stage) -> None:
    channel, emily = stage.world.channels[CLASS], stage.member(EMILY)
    changes = (lambda: leave(stage.world, emily), lambda: None, lambda: join(stage.world, emily))
    told = [await held(stage, channel, change) for change in changes]
    assert [named(one, EMILY, SEM) for one in told] == [[True, True], [False, True], [True, True]]
    assert ["onvolledig" in one for one in told] == [False, False, False]
