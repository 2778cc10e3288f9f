"""Transactions: all or nothing, and a second process that writes is waited for."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, func, insert, select
from sqlalchemy.engine import make_url

from bot.errors import NotFoundError, StorageError
from bot.storage.engine import Database, open_database
from bot.storage.tables import fact, metadata


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(make_url(f"sqlite+aiosqlite:///{tmp_path / 'k.db'}"))
    async with opened.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    yield opened
    await opened.close()


async def count(database: Database) -> int:
    async with database.read() as connection:
        return int(await connection.scalar(select(func.count()).select_from(fact)) or 0)


async def test_an_error_in_the_middle_leaves_nothing_and_tells_nobody(database: Database) -> None:
    async def half() -> None:
        async with database.write() as connection:
            await connection.execute(insert(fact).values(name="a", value="b"))
            raise NotFoundError("error.alert.gone")

    told: list[int] = []
    database.listen(lambda: told.append(1))
    with pytest.raises(NotFoundError):
        await half()
    assert [await count(database), told] == [0, []]


async def test_what_another_process_writes_meanwhile_is_waited_for(database: Database, tmp_path: Path) -> None:
    def other() -> None:
        with closing(sqlite3.connect(tmp_path / "k.db", timeout=10)) as connection, connection:
            for number in range(50):
                connection.execute("INSERT INTO fact (name, value) VALUES (?, '')", (f"o{number}",))
                connection.commit()

    async def ours(number: int) -> None:
        async with database.write() as connection:
            await connection.scalar(select(func.count()).select_from(fact))
            await connection.execute(insert(fact).values(name=f"w{number}", value=""))

    await asyncio.gather(asyncio.to_thread(other), *(ours(number) for number in range(50)))
    assert await count(database) == 100


async def test_a_full_disk_is_said_in_words_and_leaves_nothing(database: Database) -> None:
    @event.listens_for(database.engine.sync_engine, "begin")
    def small(connection: object) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    async def large() -> None:
        async with database.write() as connection:
            await connection.execute(insert(fact).values(name="a", value="x" * 1_000_000))

    with pytest.raises(StorageError) as error:
        await large()
    assert [error.value.key, await count(database)] == ["error.storage.full", 0]
