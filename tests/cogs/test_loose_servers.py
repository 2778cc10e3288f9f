"""A compatible server leaves fields out, sends odd things and answers oddly; the bot lives on and answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.ports import Delivery, Receiver
from cogs.client import ALONE
from tests.cogs.conftest import Room, until
from tests.cogs.stand_ins import CLASS, DAAN, GUILD, NOOR, STAFF, TEACHER

MESSAGE = "1574711270341345999"


async def test_a_bare_message_is_handled(room: Room) -> None:
    room.stage.world.dispatch(
        "MESSAGE_CREATE", {"id": MESSAGE, "channel_id": CLASS, "author": {"id": DAAN}, "content": "x"}
    )
    await room.handled()
    assert (room.core.watch.handled[0].author.id, room.core.watch.handled[0].school) == (DAAN, GUILD)


async def test_an_edit_without_its_text_is_fetched(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text="nieuw", id="m1")
    await room.handled()
    known = room.core.watch.handled[0].id
    partial = {"id": known, "channel_id": CLASS, "edited_timestamp": "2026-11-24T10:00:00+00:00"}
    room.stage.world.dispatch("MESSAGE_UPDATE", partial)
    await room.handled(2)
    assert (room.core.watch.handled[1].id, room.core.watch.handled[1].text) == (known, "nieuw")


async def test_an_unfolded_link_is_no_edit(room: Room) -> None:
    await room.act("post", DAAN, channel=CLASS, text="een")
    await room.handled()
    room.stage.world.dispatch(
        "MESSAGE_UPDATE", {"id": room.core.watch.handled[0].id, "channel_id": CLASS, "embeds": []}
    )
    await room.act("post", DAAN, channel=CLASS, text="twee")
    await room.handled(2)
    assert [message.text for message in room.core.watch.handled] == ["een", "twee"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("MESSAGE_CREATE", {}),
        ("MESSAGE_CREATE", {"id": MESSAGE}),
        ("MESSAGE_UPDATE", {"edited_timestamp": "x", "channel_id": CLASS, "id": "0"}),
        ("MESSAGE_DELETE", {}),
        ("MESSAGE_DELETE_BULK", {"ids": None}),
        ("THREAD_CREATE", {"id": "1"}),
        ("THREAD_UPDATE", {}),
        ("CHANNEL_UPDATE", {"id": "5"}),
        ("CHANNEL_DELETE", {"id": "5"}),
        ("GUILD_MEMBER_UPDATE", {}),
        ("GUILD_MEMBER_REMOVE", {"guild_id": GUILD}),
        ("GUILD_ROLE_UPDATE", {}),
        ("GUILD_CREATE", {"id": "77"}),
        ("INTERACTION_CREATE", {"id": "1", "token": "t"}),
        ("TYPING_START", {}),
        ("NEVER_HEARD_OF", {"a": 1}),
    ],
)
async def test_an_event_without_its_fields_does_not_stop_the_bot(room: Room, name: str, data: dict[str, Any]) -> None:
    room.stage.world.dispatch(name, data)
    await room.act("post", DAAN, channel=CLASS, text="nog hier?")
    await until(lambda: [message.text for message in room.core.watch.handled][-1:] == ["nog hier?"])


async def test_a_click_without_locale_message_parts_or_channel_is_answered_in_dutch(room: Room) -> None:
    await room.client.messenger.deliver(a_card_delivery())
    before = len(room.stage.world.showings)
    interactions = room.stage.world.gateway
    original = interactions.dispatch

    def thinned(name: str, payload: dict[str, Any], **more: Any) -> None:
        if name == "INTERACTION_CREATE":
            lean = {"locale", "guild_locale", "channel", "channel_id", "message", "version", "attachment_size_limit"}
            payload = {key: value for key, value in payload.items() if key not in lean | {"entitlements", "context"}}
        original(name, payload, **more)

    interactions.dispatch = thinned  # type: ignore[method-assign]
    await room.act("click", TEACHER, action="take")
    await room.sees(TEACHER, "Jij hebt dit opgepakt", where="ephemeral")
    assert len(room.stage.world.showings) > before


async def test_somebody_elses_bot_and_system_notices_are_left_alone(room: Room) -> None:
    author = {"id": NOOR, "username": "b"}
    for more in ({"author": {**author, "bot": True}}, {"author": author, "type": 7}):
        room.stage.world.dispatch("MESSAGE_CREATE", {"id": MESSAGE, "channel_id": CLASS, "content": "x", **more})
    await room.act("post", DAAN, channel=CLASS, text="laatste")
    await room.handled()
    assert [message.text for message in room.core.watch.handled] == ["laatste"]


def test_the_library_never_sees_what_pupils_write() -> None:
    assert {"MESSAGE_CREATE", "MESSAGE_UPDATE"} <= ALONE


def a_card_delivery() -> Delivery:
    return Delivery(4242, GUILD, "alert", 77, Receiver("channel", STAFF), "nl", {})
