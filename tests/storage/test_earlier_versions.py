"""A database that an earlier version left, with a row in every table: all of it is there after the start."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Column, Connection, Integer, LargeBinary, MetaData, Table, insert, select

from bot.commands.older import MARK, make_older, older_revisions
from bot.storage.engine import Database, database_url, open_database
from bot.storage.migrations import migrate, newest, revision_of
from bot.storage.tables import fact
from tests.builders import TUESDAY_10

STAND = "alembic_version"
Rows = dict[str, list[dict[str, Any]]]


def a_value(column: Column[Any]) -> object:
    """A value that a column takes; every reference is to row 1."""
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Integer):
        return 1
    if isinstance(column.type, LargeBinary):
        return b"\x00\xffsealed"
    if isinstance(column.type, JSON):
        return ["user:1"]
    return TUESDAY_10 if column.type.python_type is datetime else "1"


def filled(connection: Connection) -> None:
    """Put a row into every table that stands there."""
    known = MetaData()
    known.reflect(connection)
    for table in known.sorted_tables:
        if table.name != STAND:
            connection.execute(insert(table).values({column.name: a_value(column) for column in table.columns}))


def all_rows(connection: Connection) -> Rows:
    known = MetaData()
    known.reflect(connection)
    return {table.name: rows_of(connection, table) for table in known.sorted_tables if table.name != STAND}


def rows_of(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


async def left_by(database: Database) -> Rows:
    async with database.write() as connection:
        await connection.run_sync(filled)
        return await connection.run_sync(all_rows)


@pytest.mark.parametrize("revision", older_revisions())
async def test_every_row_of_an_earlier_version_is_there_with_all_it_held(tmp_path: Path, revision: str) -> None:
    state = tmp_path / "state"
    facts = await make_older(state, revision)
    database = open_database(database_url(None, state))
    left = await left_by(database)
    await migrate(database, state)
    async with database.read() as connection:
        now = await connection.run_sync(all_rows)
        kept = (await connection.execute(select(fact.c.name).where(fact.c.name.startswith(MARK)))).all()
    stand = await revision_of(database)
    await database.close()
    assert [stand, len(kept), set(left) - set(now)] == [newest(), facts, set()]
    for name, rows in left.items():
        assert [{key: row[key] for key in rows[0]} for row in now[name]] == rows
    assert (state / "backups" / f"before-{revision}.db").is_file()


def test_there_is_an_earlier_version_to_try() -> None:
    assert older_revisions()[0] == "0001"
