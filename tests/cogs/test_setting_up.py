"""``/setup`` on a server that is no school yet: who may, what is asked, what is in use afterwards."""

from __future__ import annotations

import pytest

from bot.school import School, Schools
from bot.setup import Setup
from bot.storage.tables import outbox
from cogs.items import Action, Item
from cogs.pages import Page
from cogs.practice.errors import ActError
from cogs.widgets import Kit
from tests.builders import a_core
from tests.cogs.conftest import Room
from tests.cogs.stand_ins import CLASS, COORDINATOR, GUILD, MODERATOR, NOOR, SECOND, STAFF, TEACHER, TEXTS

ICT = "1100000000000000302"


def emptied(room: Room) -> None:
    """Let the server be no school yet, and its owner be whoever the library says may manage it."""
    room.core.book._schools = Schools()
    room.stage.world.owner_id = int(COORDINATOR)


async def test_a_school_is_set_up_with_three_forms(room: Room) -> None:
    emptied(room)
    async with a_core() as core:

        async def add_key(school: str) -> None:
            core.vault.learn(school, 1, b"k" * 32)

        async def begin() -> None:
            pass

        parts = {"database": core.database, "clock": core.clock, "audit": core.audit, "outbox": core.outbox}
        room.core.setup = Setup(**parts, book=room.core.book, files=(), add_key=add_key, begin=begin)  # type: ignore[assignment]
        await room.act("command", COORDINATOR, name="instellen", channel=STAFF)
        await room.sees(COORDINATOR, "○ Naam van de school", "○ nog geen klas", where="ephemeral")
        await room.act("click", COORDINATOR, label="School")
        await room.act("submit", COORDINATOR, fields={"name": "De Brug", "hours": "8-15", "holidays": ""})
        await room.sees(COORDINATOR, "klopt iets niet", where="ephemeral")
        await room.act("click", COORDINATOR, label="School")
        await room.act("submit", COORDINATOR, fields={"name": "De Brug", "hours": "08:30-15:00", "holidays": ""})
        await room.sees(COORDINATOR, "✓ Naam van de school: De Brug", where="ephemeral")
        await room.act("click", COORDINATOR, label="Kanaal en mensen")
        fields = {"staff_channel": [STAFF], "coordinators": [COORDINATOR], "moderators": ["role:1100000000000000401"]}
        await room.act("submit", COORDINATOR, fields=fields)
        await room.sees(COORDINATOR, "✓ Teamkanaal", where="ephemeral")
        await room.act("click", COORDINATOR, label="Klas toevoegen")
        room_fields = {"name": "Groep 7b", "channels": [CLASS], "teachers": [TEACHER, SECOND]}
        await room.act("submit", COORDINATOR, fields=room_fields)
        await room.sees(COORDINATOR, "De school is ingericht", where="ephemeral")
        rows = [row["receiver"] for row in await core.rows(outbox) if row["kind"] == "welcome"]
    school: School = room.core.book.current().all[GUILD]
    assert (school.name, school.hours, school.staff_channel) == ("De Brug", "08:30-15:00", STAFF)
    assert (school.coordinators, school.moderators) == ((f"user:{COORDINATOR}",), ("role:1100000000000000401",))
    assert [(one.name, one.channels, one.teacher_ids) for one in school.classes] == [
        ("Groep 7b", (CLASS,), (TEACHER, SECOND))
    ]
    assert rows == [CLASS]


async def test_only_who_manages_the_server_may_begin(room: Room) -> None:
    emptied(room)
    for person in (NOOR, MODERATOR):
        with pytest.raises(ActError):  # the command is not among theirs
            await room.act("command", person, name="instellen", channel=CLASS)


@pytest.mark.parametrize("person", [NOOR, TEACHER, MODERATOR])
async def test_who_may_not_set_up_sees_no_command_and_is_refused_by_its_buttons(room: Room, person: str) -> None:
    with pytest.raises(ActError):
        await room.act("command", person, name="setup")
    await room.client.wire.send(STAFF if person != NOOR else CLASS, Page("oud", items=(a_button("again"),)))
    await room.act("click", person, label="Ververs")
    await room.sees(person, "⚠️", where="ephemeral")


async def test_ict_looks_at_what_a_school_file_says_and_changes_nothing(room: Room) -> None:
    await room.act("command", ICT, name="instellen", channel=STAFF)
    await room.sees(ICT, "Dat bestand gaat voor", where="ephemeral")
    await room.client.wire.send(STAFF, Page("oud", items=(a_button("people"),)))
    await room.act("click", ICT, label="Ververs")
    await room.sees(ICT, "⚠️ Deze school staat in een schoolbestand", where="ephemeral")


async def test_whoever_manages_the_server_is_kept_out_once_ict_is_named(room: Room) -> None:
    school = room.core.book.current().all[GUILD]
    room.core.book.put(school.model_copy(update={"ict": (f"user:{COORDINATOR}",)}))
    await room.act("command", ICT, name="instellen", channel=STAFF)
    await room.sees(ICT, "⚠️", where="ephemeral")


async def test_only_setting_up_asks_for_a_right_of_the_server(room: Room) -> None:
    asked = {command.name for command in room.client.tree.get_commands() if command.default_permissions}
    assert asked == {"setup"}


def a_button(part: str) -> Item:
    return Kit(TEXTS, "nl", GUILD).button(Action.SETUP, 0, part, label="label.refresh")
