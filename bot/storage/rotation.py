"""New data keys for schools, and everything that was sealed with an old one sealed anew; while the bot runs.

The first key of a school stays for its keyed hashes alone. The command line only plans the work (timer kind ``keys``,
school ``""``): the process that runs does it, because it holds the keys.
"""

from __future__ import annotations

from sqlalchemy import LargeBinary, Table, select, update

from bot.clock import Clock, Ids
from bot.storage.audit import PROGRAM, Audit, pseudonym_place
from bot.storage.engine import Database
from bot.storage.files import FileStore
from bot.storage.keys import next_key
from bot.storage.tables import metadata, school_key
from bot.storage.vault import VERSION_BYTES, Place, Vault
from bot.timers import Timers

KEYS = "keys"
EVERYWHERE = ""
BATCH = 200


class Rotation:
    """Changes the schools' data keys."""

    def __init__(
        self, *, database: Database, clock: Clock, vault: Vault, files: FileStore, audit: Audit, wrapping: bytes
    ) -> None:
        self._database = database
        self._clock = clock
        self._vault = vault
        self._files = files
        self._audit = audit
        self._wrapping = wrapping

    async def due(self, _subject: int, _school: str) -> None:
        """Do the timer ``keys``: a fresh key for every school, then everything sealed anew, in small transactions."""
        async with self._database.read() as connection:
            schools = list((await connection.execute(select(school_key.c.school).distinct())).scalars())
        for school in schools:
            await self._fresh(school)
        for table in metadata.sorted_tables:
            for column in sealed_columns(table):
                await self._reseal(table, column)
        for school in schools:
            await self._files.reseal(school)

    async def _fresh(self, school: str) -> None:
        async with self._database.write() as connection:
            key = await next_key(connection, self._wrapping, school, self._clock.now())
            await self._audit.note(connection, school, PROGRAM, "keys_rotate", f"school:{school}")
        self._vault.learn(school, self._vault.version(school) + 1, key)

    async def _reseal(self, table: Table, column: str) -> None:
        key = _key(table)
        last: object = None
        while True:
            asked = select(table.c.school, table.c[key].label("row"), table.c[column].label("sealed"))
            asked = asked.where(table.c[column].is_not(None)).order_by(table.c[key]).limit(BATCH)
            async with self._database.write() as connection:
                rows = (await connection.execute(asked if last is None else asked.where(table.c[key] > last))).all()
                for row in rows:
                    if int.from_bytes(row.sealed[:VERSION_BYTES], "big") < self._vault.version(row.school):
                        place = _place(table, column, row.school, row.row)
                        fresh = self._vault.seal_bytes(place, self._vault.open_bytes(place, row.sealed))
                        same = (table.c.school == row.school) & (table.c[key] == row.row)
                        await connection.execute(update(table).where(same).values(**{column: fresh}))
            if len(rows) < BATCH:
                return
            last = rows[-1].row


async def plan_rotation(database: Database, clock: Clock) -> None:
    """Let the process that runs change the keys at its next look."""
    async with database.write() as connection:
        await Timers(clock=clock, ids=Ids(clock)).plan(connection, EVERYWHERE, KEYS, 0, clock.now())


def sealed_columns(table: Table) -> list[str]:
    """Return the encrypted columns of a table."""
    return [c.name for c in table.c if c.name.endswith("_sealed") and isinstance(c.type, LargeBinary)]


def _key(table: Table) -> str:
    return "pseudonym" if table.name == "pseudonym" else "id"


def _place(table: Table, column: str, school: str, row: object) -> Place:
    if table.name == "pseudonym":
        return pseudonym_place(school, str(row))
    return Place(school, table.name, column, int(str(row)))
