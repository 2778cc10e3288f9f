"""The ports of Discord against a real server: who somebody is, what stands in a channel, what can be done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import DeliveryRefusedError
from bot.ports import Attachment, Receiver
from cogs.roster import FRESH_S, DiscordRoster
from tests.cogs.conftest import Room
from tests.cogs.stand_ins import CLASS, COORDINATOR, DAAN, GUILD, MODERATOR, NOOR, STAFF, TEACHER
from tests.cogs.test_journeys import a_delivery


class Watchmaker:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_member_is_told_with_name_roles_and_readable_class_channels(room: Room) -> None:
    pupil, moderator = [await room.client.roster.member(GUILD, user) for user in (NOOR, MODERATOR)]
    assert pupil
    assert moderator
    assert (pupil.name, pupil.channels) == ("Noor Jansen", frozenset({CLASS}))
    assert "1100000000000000401" in moderator.roles
    assert await room.client.roster.member(GUILD, "999") is None
    assert list(await room.client.roster.schools_of(NOOR)) == [GUILD]


async def test_rights_are_never_older_than_two_seconds(room: Room) -> None:
    watch = Watchmaker()
    roster = DiscordRoster(room.client, room.core.book, room.client.wire, monotonic=watch)
    assert await roster.member(GUILD, MODERATOR)
    room.stage.world.members[int(MODERATOR)].roles.clear()
    watch.now += FRESH_S - 0.1
    kept = await roster.member(GUILD, MODERATOR)
    watch.now += 0.2
    asked = await roster.member(GUILD, MODERATOR)
    assert (bool(kept and kept.roles), bool(asked and asked.roles)) == (True, False)


async def test_a_click_tells_in_which_language_somebody_reads(room: Room) -> None:
    await room.act("command", NOOR, name="regels")
    await room.sees(NOOR, "Onze regels")
    assert room.client.roster.locale(NOOR) == "nl"


async def test_history_pages_on_past_what_bots_wrote(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text="een", id="m1")
    await room.handled()
    first = room.core.watch.handled[0].id
    for number in range(4):
        await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("channel", CLASS), number=str(number)))
    await room.act("post", DAAN, channel=CLASS, text="twee")
    history = room.client.history
    assert [message.text for message in await history.after(CLASS, first, 2)] == ["twee"]
    assert [message.text for message in await history.around(CLASS, first, 5)] == ["een"]
    one = await history.one(CLASS, first)
    assert (one and one.text, await history.one(CLASS, "5")) == ("een", None)
    last = room.core.watch.handled[-1].id
    assert list(await history.after(CLASS, last, 2)) == []
    assert list(await history.around("5", first, 5)) == []


async def test_a_file_is_fetched_up_to_a_size(room: Room) -> None:
    (room.folder / "gemeen.txt").write_text("heel gemeen", encoding="utf-8")
    await room.act("post", DAAN, channel=CLASS, text="kijk", files=["gemeen.txt"])
    await room.handled()
    message = room.core.watch.handled[0]
    assert message.text.splitlines() == ["kijk", "gemeen.txt", "heel gemeen"]
    file = message.attachments[0]
    history = room.client.history
    assert await history.download(file, 100) == b"heel gemeen"
    assert await history.download(Attachment(file.id, file.name, 1, file.url), 5) is None
    assert await history.download(Attachment("1", "weg", 1, f"{file.url}x"), 5) is None


async def test_a_message_is_removed_once_and_a_member_silenced(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text="weg ermee")
    await room.handled()
    message, messenger = room.core.watch.handled[0].id, room.client.messenger
    assert [await messenger.remove(CLASS, message, "reden") for _ in range(2)] == [True, False]
    assert await messenger.remove(CLASS, f"nick:{DAAN}", "reden") is False
    until = room.stage.world.clock.now() + timedelta(minutes=5)
    await messenger.time_out(GUILD, DAAN, until, "reden")
    with pytest.raises(DeliveryRefusedError):
        await messenger.time_out(GUILD, "999", until, "reden")


async def test_sending_twice_with_the_same_row_shows_once(room: Room) -> None:
    delivery = a_delivery("alert", 77, Receiver("channel", STAFF))
    first, second = [await room.client.messenger.deliver(delivery) for _ in range(2)]
    assert first == second


async def test_what_was_erased_is_refused_and_an_old_card_of_it_left_alone(room: Room) -> None:
    ref = await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("user", TEACHER)))
    room.core.review.cards.clear()
    await room.client.messenger.refresh(a_delivery("alert", 77, Receiver("user", TEACHER)), ref)
    with pytest.raises(DeliveryRefusedError):
        await room.client.messenger.deliver(a_delivery("alert", 77, Receiver("user", COORDINATOR)))


async def test_a_welcome_is_pinned(room: Room) -> None:
    await room.client.messenger.deliver(a_delivery("welcome", 0, Receiver("channel", CLASS)))
    await room.sees(NOOR, "Mijn berichten", where=CLASS)
    assert len(room.stage.world.channels[int(CLASS)].pins) == 1
