"""The database: one engine, one writer at a time, explicit transactions.

SQLite is the embedded default; what is particular to it stands in this package and nowhere else, so that another
SQLAlchemy URL works without touching a feature.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StorageError

BUSY_TIMEOUT_S = 10.0  # a backup or a second process may hold the file for seconds; a pupil's click waits 15 minutes


class Database:
    """The road to the tables for every store."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._writing = engine.execution_options(writes=True)
        self._writer = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this after every transaction that was committed."""
        self._listeners.append(listener)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is in use."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Give a transaction that commits at the end of the block, or leaves nothing behind.

        Raises
        ------
        StorageError: the disk is full, the file is locked or damaged; nothing was changed.
        """
        async with self._writer:
            try:
                async with _whole(self._writing.begin()) as connection:
                    yield connection
            except (DBAPIError, sqlite3.Error) as error:
                raise told(error) from error
        for listener in self._listeners:
            listener()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection that sees one consistent state; what it writes is rolled back."""
        try:
            async with _whole(self.engine.connect()) as connection:
                yield connection
        except (DBAPIError, sqlite3.Error) as error:
            raise told(error) from error

    async def size(self) -> int | None:
        """Return the size of the embedded database in bytes, None for another one."""
        if not self.is_sqlite:
            return None
        async with self.read() as connection:
            pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
            return int(pages) * int((await connection.exec_driver_sql("PRAGMA page_size")).scalar_one())

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


@asynccontextmanager
async def _whole(opening: AbstractAsyncContextManager[AsyncConnection]) -> AsyncIterator[AsyncConnection]:
    """Open and close a connection without being cut off halfway: one that nobody closes keeps the database locked."""
    async with AsyncExitStack() as stack:
        entering = asyncio.ensure_future(stack.enter_async_context(opening))
        try:
            connection = await asyncio.shield(entering)
        except asyncio.CancelledError:
            await asyncio.wait({entering})
            raise
        yield connection


def told(error: Exception) -> StorageError:
    """Return the storage error that says in words what went wrong; never the values of a statement."""
    cause = str(getattr(error, "orig", error)).lower()
    for sign, key in (
        ("full", "error.storage.full"),
        ("locked", "error.storage.locked"),
        ("malformed", "error.storage.damaged"),
        ("not a database", "error.storage.damaged"),
        ("readonly", "error.storage.readonly"),
        ("unable to open", "error.storage.unopened"),
    ):
        if sign in cause:
            return StorageError(key)
    return StorageError("error.storage.other", kind=type(getattr(error, "orig", error)).__name__)


def database_url(configured: str | None, state: Path) -> URL:
    """Return the URL to use: the configured one, else the embedded database in the state folder."""
    return make_url(configured) if configured else make_url(f"sqlite+aiosqlite:///{state / 'klaswacht.db'}")


def open_database(url: URL) -> Database:
    """Open a database; connections are made when first needed."""
    arguments = {"timeout": BUSY_TIMEOUT_S} if url.get_backend_name() == "sqlite" else {}
    engine = create_async_engine(url, hide_parameters=True, connect_args=arguments)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    return Database(engine)


def _prepare_sqlite(engine: AsyncEngine) -> None:
    # The driver's own BEGIN comes too late:
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#aiosqlite-serializable
    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        try:
            cursor = connection.cursor()
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        except Exception:
            connection.close()
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Any) -> None:
        # another process may write between a plain BEGIN and the first write; then SQLite gives up without waiting
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
