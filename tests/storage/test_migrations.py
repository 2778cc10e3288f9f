"""Migrations and copies: the tables are as the program says, nothing is lost, and what can't be used is said."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text

from bot.errors import StorageError
from bot.storage.backup import backup, restore
from bot.storage.engine import Database, database_url, open_database
from bot.storage.migrations import FOLDER, migrate, newest, revision_of
from bot.storage.migrations.steps import scripts
from bot.storage.tables import alert, fact, finding, metadata
from tests.builders import TUESDAY_10


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
    assert await revision_of(database) == newest() == scripts(FOLDER).get_current_head()


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


STEP = """
import sqlalchemy as sa
from alembic import op

revision = "later"
down_revision = "{newest}"


def upgrade() -> None:
    with op.batch_alter_table("alert", recreate="always") as batch:
        batch.add_column(sa.Column("extra", sa.String(5)))
    {more}
"""


def steps_with(tmp_path: Path, more: str) -> ScriptDirectory:
    """The steps of the program and one more, which makes a table anew."""
    folder = tmp_path / "steps"
    shutil.copytree(FOLDER / "versions", folder / "versions")
    (folder / "versions" / "9999_more.py").write_text(STEP.format(newest=newest(), more=more))
    return scripts(folder)


async def with_rows(database: Database) -> None:
    now = TUESDAY_10
    about = {"id": 1, "school": "1", "kind": "finding", "severity": "alert", "group_key": "k", "state": "open"}
    said = {"channel": "1", "message": "1", "author": "1", "engine": "model", "said_at": now, "created_at": now}
    async with database.write() as connection:
        await connection.execute(insert(alert).values(**about, created_at=now))
        row = {"id": 2, "school": "1", "alert": 1, "severity": "alert", "state": "open", "signals": []}
        await connection.execute(insert(finding).values(**row, **said))


async def test_a_step_that_makes_a_table_anew_loses_no_row_that_points_to_it(
    database: Database, tmp_path: Path
) -> None:
    await with_rows(database)
    await migrate(database, tmp_path, steps_with(tmp_path, "pass"))
    async with database.read() as connection:
        assert (await connection.execute(select(finding.c.alert))).scalars().all() == [1]
        assert (await connection.execute(text("PRAGMA foreign_keys"))).scalar() == 1
    assert [await revision_of(database), (tmp_path / "backups" / f"before-{newest()}.db").exists()] == ["later", True]


@pytest.mark.parametrize("more", ["raise RuntimeError", 'op.execute("DELETE FROM alert")'])
async def test_a_step_that_fails_or_leaves_a_row_without_parent_changes_nothing(
    database: Database, tmp_path: Path, more: str
) -> None:
    await with_rows(database)
    with pytest.raises((RuntimeError, StorageError)):
        await migrate(database, tmp_path, steps_with(tmp_path, more))
    async with database.read() as connection:
        assert (await connection.execute(select(alert.c.id))).scalars().all() == [1]
        columns = (await connection.execute(text("PRAGMA table_info(alert)"))).mappings().all()
    assert "extra" not in {column["name"] for column in columns}
    assert await revision_of(database) == newest()


async def old_database(state: Path, newest_step: str) -> Database:
    """A database as the version left it that knew no later step, with rows in it."""
    folder = state / f"until-{newest_step}"
    shutil.copytree(FOLDER / "versions", folder / "versions")
    for path in (folder / "versions").glob("[0-9]*.py"):
        if path.name[: len(newest_step)] > newest_step:
            path.unlink()
    opened = open_database(database_url(None, state))
    await migrate(opened, state, scripts(folder))
    await with_rows(opened)
    return opened


@pytest.mark.parametrize("step", sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))[:-1])
async def test_a_database_of_an_earlier_version_keeps_its_rows_and_becomes_as_the_newest(
    tmp_path: Path, step: str
) -> None:
    database = await old_database(tmp_path, step)
    assert await revision_of(database) == step
    await migrate(database, tmp_path)
    async with database.read() as connection:
        assert (await connection.execute(select(finding.c.id, finding.c.alert))).all() == [(2, 1)]
        assert await connection.run_sync(differences) == []
    await database.close()
