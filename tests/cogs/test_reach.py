"""Who could read a picture, on a server: also who lost the right while it was looked at, and private threads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.media.ports import Readers, ReadersOf
from cogs.changes import KEPT, Changes
from cogs.practice.world.members import join, leave, rename, set_roles
from cogs.practice.world.payloads import channel_payload
from cogs.practice.world.records import PRIVATE_THREAD, PUBLIC_THREAD, Channel, Member
from cogs.practice.world.threads import open_thread, set_membership
from tests.cogs.conftest import Room, until
from tests.cogs.stand_ins import CLASS, DAAN, GUILD, NOOR, SECOND, STAFF, TEACHER

ROLE = 1100000000000000401


def member(room: Room, user: str) -> Member:
    return room.stage.world.members[int(user)]


async def posted(room: Room) -> str:
    """Daan posts something; return the message's id."""
    before = len(room.core.watch.handled)
    await room.act("post", DAAN, channel=CLASS, text="kijk")
    await room.handled(before + 1)
    return room.core.watch.handled[-1].id


async def readers(room: Room, message: str, channel: str = CLASS) -> Readers:
    """Return the readers once every event so far was handled."""
    await until(lambda: room.client.settled_sequence() >= room.stage.server.gateway.sequence)
    return await room.client.gateway.readers(GUILD, channel, message)


def thread(room: Room, kind: int, *inside: str) -> Channel:
    above = room.stage.world.channels[int(CLASS)]
    opened = open_thread(room.stage.world, above, member(room, DAAN).user, "geheim", kind=kind)
    for user in (*inside, str(room.stage.world.bot.id)):
        set_membership(room.stage.world, opened, int(user), inside=True)
    return opened


def by_role(room: Room, user: str) -> None:
    """Let somebody read the class channel by the role of moderators alone."""
    channel = room.stage.world.channels[int(CLASS)]
    own = channel.overwrites.pop(int(user))
    channel.overwrites[ROLE] = replace(own, id=ROLE, kind=0)
    room.stage.world.dispatch("CHANNEL_UPDATE", channel_payload(room.stage.world, channel), channel=channel)
    set_roles(room.stage.world, member(room, user), [ROLE])


async def test_who_lost_the_role_or_left_after_the_post_could_read_it(room: Room) -> None:
    by_role(room, NOOR)
    message = await posted(room)
    set_roles(room.stage.world, member(room, NOOR), [])
    leave(room.stage.world, member(room, SECOND))
    found = await readers(room, message)
    assert ({NOOR, SECOND, DAAN} <= found.users, found.complete) == (True, True)
    later = await posted(room)
    assert (await readers(room, later)).users.isdisjoint({NOOR, SECOND})
    set_roles(room.stage.world, member(room, NOOR), [ROLE])
    join(room.stage.world, member(room, SECOND))
    assert {NOOR} <= (await readers(room, later)).users
    assert (NOOR, CLASS) in room.core.intake.came


async def test_another_nickname_changes_nothing(room: Room) -> None:
    message = await posted(room)
    before = await readers(room, message)
    rename(room.stage.world, member(room, NOOR), "Nootje")
    assert await readers(room, message) == before


async def test_a_channel_that_opens_for_others_makes_the_list_incomplete(room: Room) -> None:
    message = await posted(room)
    channel = room.stage.world.channels[int(CLASS)]
    channel.overwrites.clear()
    room.stage.world.dispatch("CHANNEL_UPDATE", channel_payload(room.stage.world, channel), channel=channel)
    assert not (await readers(room, message)).complete
    assert room.core.intake.doubts == 1
    assert (await readers(room, await posted(room))).complete


async def test_another_channel_that_opens_changes_nothing_here(room: Room) -> None:
    message = await posted(room)
    channel = room.stage.world.channels[int(STAFF)]
    channel.overwrites.clear()
    room.stage.world.dispatch("CHANNEL_UPDATE", channel_payload(room.stage.world, channel), channel=channel)
    assert (await readers(room, message)).complete
    assert room.core.intake.doubts == 0


async def test_in_a_thread_the_readers_of_the_channel_above_it_count(room: Room) -> None:
    message = await posted(room)
    opened = thread(room, PUBLIC_THREAD)
    found, above = await readers(room, message, str(opened.id)), await readers(room, message)
    assert (found.users, found.of) == (above.users, ReadersOf.THREAD)


async def test_in_a_private_thread_only_its_members_and_who_manages_threads_count(room: Room) -> None:
    message = await posted(room)
    opened = thread(room, PRIVATE_THREAD, NOOR)
    found = await readers(room, message, str(opened.id))
    assert (found.of, {DAAN, NOOR} <= found.users) == (ReadersOf.PRIVATE, True)
    pupils = {str(user) for user in room.stage.world.members} - found.users
    assert len(found.users) < len((await readers(room, message)).users)
    assert pupils != set()
    set_membership(room.stage.world, opened, int(NOOR), inside=False)
    assert NOOR in (await readers(room, message, str(opened.id))).users
    assert NOOR not in (await readers(room, await posted(room), str(opened.id))).users


async def test_who_comes_into_a_private_thread_while_a_picture_stands_there_is_noted(room: Room) -> None:
    opened = thread(room, PRIVATE_THREAD)
    await until(lambda: room.client.settled_sequence() >= room.stage.server.gateway.sequence)
    room.core.intake.stands.append(str(opened.id))
    set_membership(room.stage.world, opened, int(NOOR), inside=True)
    await until(lambda: (NOOR, str(opened.id)) in room.core.intake.came)
    rename(room.stage.world, member(room, TEACHER), "Juf")
    await until(lambda: TEACHER in [user for user, _ in room.core.intake.came])


def test_a_change_of_somebody_unknown_is_a_doubt_until_the_next_post() -> None:
    changes = Changes()
    changes.passed(10)
    changes.became("1", "2", frozenset({"c"}))
    assert [changes.sure_since("1", post) for post in (9, 10, 11)] == [False, False, True]
    changes.passed(11)
    changes.became("1", "2", frozenset())
    assert [changes.since(["c"], post) for post in (10, 11, 12)] == [{"2"}, {"2"}, set()]


def test_what_was_lost_is_forgotten_after_a_day_and_after_a_new_session() -> None:
    changes = Changes()
    changes.lost("c", "1")
    changes.passed(KEPT)
    changes.lost("c", "2")
    assert changes.since(["c"], 0) == {"2"}
    changes.clear()
    assert changes.since(["c"], 0) == set()


@pytest.mark.parametrize(("first", "then", "changed"), [("1", "1", False), ("1", "3", True)])
def test_rights_of_a_role_count_when_they_change(first: str, then: str, changed: bool) -> None:
    changes = Changes()
    assert [changes.rule("1", "9", first), changes.rule("1", "9", then)] == [False, changed]
    assert changes.sure_since("1", 0) is not changed
