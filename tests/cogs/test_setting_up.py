"""``/setup`` on a server that is no school yet: who may, what is asked, what is in use afterwards."""

from __future__ import annotations

from bot.school import School, Schools
from bot.setup import Setup
from bot.storage.tables import outbox
from tests.builders import a_core
from tests.cogs.conftest import Room
from tests.cogs.stand_ins import CLASS, COORDINATOR, GUILD, MODERATOR, NOOR, SECOND, STAFF, TEACHER


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
        await room.act("command", person, name="instellen", channel=CLASS)
        await room.sees(person, "⚠️", where="ephemeral")


async def test_a_pupil_may_not_open_the_set_up_of_a_school(room: Room) -> None:
    await room.act("command", NOOR, name="setup")
    await room.sees(NOOR, "⚠️", where="ephemeral")
