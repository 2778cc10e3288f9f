"""The whole core as it is built in production, real screening included; only the platform is a fake."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, select

from bot.clock import Busy
from bot.compose import build
from bot.core import Core, Ports
from bot.people import Actor
from bot.ports import ChatMessage
from bot.schoolbook import SchoolBook
from bot.settings import Settings, data_folder
from bot.storage.opening import Storage, open_storage
from bot.texts import Texts
from tests.builders import (
    CLASS,
    CLASS_CHANNEL,
    COORDINATOR,
    MODERATOR_ROLE,
    OTHER_CLASS,
    OTHER_CLASS_CHANNEL,
    OTHER_TEACHER,
    PUPIL,
    SCHOOL,
    SECOND,
    STAFF_CHANNEL,
    SUPERVISOR,
    TARGET,
    TEACHER,
    TickClock,
    everybody,
)
from tests.fakes import FakeHistory, FakeMessenger, FakeRoster
from tests.media.road import FakeGateway

TEXTS = Texts.load(data_folder() / "texts")
SCHOOL_FILE = f"""
[school]
name = "De Regenboog"
guild = "{SCHOOL}"
staff_channel = "{STAFF_CHANNEL}"
coordinators = ["user:{COORDINATOR}"]
moderators = ["role:{MODERATOR_ROLE}"]
supervisor = "user:{SUPERVISOR}"
roster = "klas.csv"

[[class]]
name = "{CLASS}"
channels = ["{CLASS_CHANNEL}"]
teachers = ["user:{TEACHER}", "user:{SECOND}"]
dm = true

[[class]]
name = "{OTHER_CLASS}"
channels = ["{OTHER_CLASS_CHANNEL}"]
teachers = ["user:{OTHER_TEACHER}"]
"""
HEAD = ("account", "voornaam", "achternaam", "klas")


@dataclass
class Whole:
    """The core and what is around it."""

    core: Core
    storage: Storage
    messenger: FakeMessenger
    history: FakeHistory
    state: Path
    clock: TickClock

    async def actor(self, user: str) -> Actor:
        return await self.core.people.actor(SCHOOL, user)

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        async with self.storage.database.read() as connection:
            found = await connection.execute(select(table).order_by(*table.primary_key))
            return [dict(row) for row in found.mappings()]

    async def say(self, message: ChatMessage) -> None:
        self.history.add(message)
        await self.core.watch.handle(message)


@asynccontextmanager
async def a_whole_core(*, first: str = "Daan", last: str = "de Boer") -> AsyncIterator[Whole]:
    """Give the core of one school on a fresh folder; ``first`` and ``last`` name the pupil."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        (folder / "state").mkdir()
        school = folder / "school.toml"
        school.write_text(SCHOOL_FILE, encoding="utf-8")
        _class_list(folder / "klas.csv", first, last)
        facts: dict[str, Any] = {"_env_file": None, "klaswacht_state": folder / "state"}
        settings = Settings(**facts, klaswacht_school_file=school)
        clock, messenger, roster, history = TickClock(), FakeMessenger(), FakeRoster(), FakeHistory()
        roster.add(SCHOOL, *everybody())
        storage = await open_storage(settings, folder / "state", clock)
        stack.push_async_callback(storage.database.close)
        ports = Ports(messenger, roster, history, FakeGateway(), lambda moment: str(int(moment.timestamp())))
        core = await build(settings, storage, texts=TEXTS, book=SchoolBook(), ports=ports, busy=Busy())
        stack.push_async_callback(core.close)
        yield Whole(core, storage, messenger, history, folder / "state", clock)


def _class_list(path: Path, first: str, last: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, (PUPIL, first, last, CLASS), (TARGET, "Noor", "Bakker", CLASS)])
