"""Migrations and copies: the tables are as the program says, nothing is lost, and what can't be used is said."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text

from bot.errors import StorageError
from bot.storage.backup import backup, restore
from bot.storage.engine import Database, database_url, open_database
from bot.storage.migrations import migrate, newest, revision_of
from bot.storage.tables import fact, metadata


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(database_url(None, tmp_path))
    await migrate(opened, tmp_path)
    yield opened
    await opened.close()


def differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_the_steps_lead_to_the_tables_of_the_program(database: Database) -> None:
    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    assert await revision_of(database) == newest()


async def test_a_second_start_changes_nothing(database: Database, tmp_path: Path) -> None:
    async with database.write() as connection:
        await connection.execute(insert(fact).values(name="a", value="b"))
    await migrate(database, tmp_path)
    async with database.read() as connection:
        assert (await connection.execute(select(fact.c.value))).scalars().all() == ["b"]


async def test_a_database_of_a_newer_version_is_refused(database: Database, tmp_path: Path) -> None:
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    with pytest.raises(StorageError) as error:
        await migrate(database, tmp_path)
    assert error.value.key == "error.storage.newer"


async def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "klaswacht.db").write_bytes(b"geen database, wel lang genoeg" * 100)
    opened = open_database(database_url(None, tmp_path))
    with pytest.raises(StorageError) as error:
        await migrate(opened, tmp_path)
    await opened.close()
    assert error.value.key == "error.storage.damaged"


async def test_a_copy_is_made_while_people_write_and_restores_whole(database: Database, tmp_path: Path) -> None:
    async def write(number: int) -> None:
        async with database.write() as connection:
            await connection.execute(insert(fact).values(name=str(number), value="x" * 5000))

    copy = tmp_path / "kopie.db"
    await asyncio.gather(*(write(number) for number in range(40)), backup(database, copy))
    await database.close()
    target = tmp_path / "elders" / "klaswacht.db"
    target.parent.mkdir()
    assert await restore(copy, target) is None
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert (await restore(copy, target)) == target.with_name("klaswacht.db.before-restore")


async def test_a_copy_never_writes_over_another(database: Database, tmp_path: Path) -> None:
    copy = tmp_path / "kopie.db"
    await backup(database, copy)
    with pytest.raises(StorageError) as error:
        await backup(database, copy)
    assert error.value.key == "error.storage.backup_exists"


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("content", [b"", b"geen database" * 1000, None])
async def test_what_is_no_copy_is_not_put_back(tmp_path: Path, content: bytes | None) -> None:
    copy, target = tmp_path / "kopie.db", tmp_path / "klaswacht.db"
    if content is not None:
        copy.write_bytes(content)
    before = target.read_bytes()
    with pytest.raises(StorageError):
        await restore(copy, target)
    assert target.read_bytes() == before
