"""Setting up a school from the platform itself (``/setup``), step by step; a school file wins over it and says so."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import Outbox, OutboxState, Priority
from bot.clock import Clock
from bot.errors import InputError, WrongStateError
from bot.people import Verb
from bot.ports import Receiver
from bot.school import School, Schools
from bot.schoolbook import SchoolBook
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.tables import outbox
from bot.storage.tables import school as school_table

WELCOME = "welcome"
NEEDED = ("name", "staff_channel", "coordinators")


class Setup:
    """Keeps what ``/setup`` was told and brings it into use once it is complete.

    ``files``: the guilds whose school came from a file. ``add_key``: gives a school its encryption key.
    ``begin``: plans the night's work of every school in use.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        audit: Audit,
        book: SchoolBook,
        outbox: Outbox,
        files: Iterable[str],
        add_key: Callable[[str], Awaitable[None]],
        begin: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._audit = audit
        self._book = book
        self._outbox = outbox
        self._files = frozenset(files)
        self._add_key = add_key
        self._begin = begin

    async def load(self) -> None:
        """Bring the complete schools of earlier ``/setup`` runs into use; those with a file keep to the file."""
        async with self._database.read() as connection:
            rows = (await connection.execute(select(school_table))).mappings().all()
        for row in rows:
            if row["school"] not in self._files and not missing(row["config"]):
                await self._use(School.model_validate(row["config"]))

    def by_file(self, guild: str) -> bool:
        """Tell whether a school file says how this school is set up."""
        return guild in self._files

    async def told(self, guild: str) -> dict[str, Any]:
        """Return what is set up so far, complete or not, with the keys of the school file."""
        if (facts := self._book.current().get(guild)) is not None:
            return facts.model_dump(mode="json", exclude={"pupils"})
        async with self._database.read() as connection:
            return await _stored(connection, guild)

    async def change(self, actor: str, guild: str, changes: Mapping[str, Any]) -> list[str]:
        """Change some of a school's facts and return the names of those that are still missing.

        Raises
        ------
        WrongStateError: a school file says how this school is set up.
        InputError: a value can't be used; says which and why.
        """
        if self.by_file(guild):
            raise WrongStateError("error.setup.file")
        config = {**await self.told(guild), "guild": guild, **changes}
        lacking = missing(config)
        checked = _checked({**config, **{name: _STAND_INS[name] for name in lacking}})
        _none_of_others(checked, self._book.current())
        await self._add_key(guild)
        async with self._database.write() as connection:
            await _store(connection, guild, config, self._clock)
            await self._audit.note(connection, guild, actor, Verb.SETUP, ",".join(sorted(changes)))
        if not lacking:
            await self._use(checked)
            await self.welcome(guild)
        return lacking

    async def add_class(self, actor: str, guild: str, room: Mapping[str, Any]) -> list[str]:
        """Add a class, or replace the one of the same name."""
        told = await self.told(guild)
        others = [one for one in told.get("classes", []) if one["name"] != str(room["name"]).strip()]
        return await self.change(actor, guild, {"classes": [*others, dict(room)]})

    async def remove_class(self, actor: str, guild: str, name: str) -> list[str]:
        """Take a class away; what was found there stays."""
        told = await self.told(guild)
        others = [one for one in told.get("classes", []) if one["name"] != name]
        return await self.change(actor, guild, {"classes": others})

    async def welcome(self, guild: str) -> None:
        """Let the pinned message be posted in every class channel that never got it."""
        facts = self._book.current().get(guild)
        if facts is None:
            return
        channels = {channel: room.name for room in facts.classes for channel in room.channels}
        async with self._database.write() as connection:
            gone = (OutboxState.REFUSED.value, OutboxState.DROPPED.value)
            have = select(outbox.c.receiver).where(
                outbox.c.school == guild, outbox.c.kind == WELCOME, outbox.c.state.not_in(gone)
            )
            posted = set((await connection.execute(have)).scalars())
            for channel, name in channels.items():
                if channel not in posted:
                    where = Receiver("channel", channel)
                    values = {"class": name}
                    await self._outbox.enqueue(
                        connection, guild, WELCOME, 0, where, values=values, priority=Priority.WHENEVER
                    )

    async def _use(self, facts: School) -> None:
        await self._add_key(facts.guild)
        self._book.put(facts)
        await self._begin()


_STAND_INS: Mapping[str, Any] = {"name": "–", "staff_channel": "0", "coordinators": ["user:0"]}


def missing(config: Mapping[str, Any]) -> list[str]:
    """Return the names of the facts without which a school can't be in use."""
    return [name for name in NEEDED if not config.get(name)]


def _checked(config: Mapping[str, Any]) -> School:
    try:
        facts = School.model_validate(config)
    except ValidationError as error:
        wrong = error.errors()[0]
        name = next((str(part) for part in reversed(wrong["loc"]) if isinstance(part, str)), "school")
        reason = wrong["msg"].removeprefix("Value error, ")
        raise InputError("error.setup.value", name=name, reason=reason) from error
    _no_double_channels(facts)
    return facts


def _no_double_channels(facts: School) -> None:
    seen = {facts.staff_channel}
    for room in facts.classes:
        for channel in room.channels:
            if channel in seen:
                raise InputError("error.setup.channel_twice", channel=channel)
            seen.add(channel)


def _none_of_others(facts: School, schools: Schools) -> None:
    """Refuse a channel that another school has: its messages would come to strangers."""
    taken = {channel for other in schools.all.values() if other.guild != facts.guild for channel in other.channels}
    for channel in sorted(facts.channels & taken):
        raise InputError("error.setup.channel_other", channel=channel)


async def _stored(connection: AsyncConnection, guild: str) -> dict[str, Any]:
    found = await connection.scalar(select(school_table.c.config).where(school_table.c.school == guild))
    return dict(found or {})


async def _store(connection: AsyncConnection, guild: str, config: Mapping[str, Any], clock: Clock) -> None:
    row = {"config": dict(config), "from_file": False, "changed_at": clock.now()}
    done = await connection.execute(update(school_table).where(school_table.c.school == guild).values(**row))
    if not done.rowcount:
        await connection.execute(insert(school_table).values(school=guild, **row))
