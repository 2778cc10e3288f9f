"""A copy of the embedded database while it runs, and the way back.

The copy is consistent (SQLite's online backup, in one step) and appears under its name only when it is whole. It holds
the encrypted texts and the wrapped keys, never the wrapping key.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import StorageError
from bot.storage.engine import Database, told

WAIT_S = 30.0
SIDE_FILES = ("-wal", "-shm")


async def backup(database: Database, target: Path, *, replace: bool = False) -> None:
    """Write a copy of the database to a file.

    Raises
    ------
    StorageError: the file exists already, can't be written, or the database is not the embedded one.
    """
    source = file_of(database)
    try:
        await asyncio.to_thread(_back_up, source, target, replace=replace)
    except (OSError, sqlite3.Error) as error:
        raise _told(error, target) from error


async def restore(copy: Path, target: Path) -> Path | None:
    """Put a copy in the place of the database, which nobody may be using; return where the old one was kept.

    Raises
    ------
    StorageError: the copy is no whole database of this program, or files can't be written.
    """
    try:
        return await asyncio.to_thread(_put_back, copy, target)
    except (OSError, sqlite3.Error) as error:
        raise _told(error, copy) from error


def file_of(database: Database) -> Path:
    """Return the embedded database's file. Raises ``StorageError`` for another kind of database."""
    name = database.engine.url.database
    if not database.is_sqlite or not name or name == ":memory:":
        raise StorageError("error.storage.backup_other")
    return Path(name)


def _back_up(source: Path, target: Path, *, replace: bool) -> None:
    if target.exists() and not replace:
        raise StorageError("error.storage.backup_exists", file=target)
    _copy(source, target)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    with closing(sqlite3.connect(source, timeout=WAIT_S)) as from_, closing(sqlite3.connect(half)) as to:
        from_.backup(to)
        to.execute("PRAGMA journal_mode=DELETE")
    with half.open("rb") as file:
        os.fsync(file.fileno())
    half.replace(target)


def _put_back(copy: Path, target: Path) -> Path | None:
    if not copy.is_file():
        raise StorageError("error.storage.backup_missing", file=copy)
    with closing(sqlite3.connect(copy)) as connection:
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise StorageError("error.storage.damaged")
        connection.execute("SELECT version_num FROM alembic_version").fetchone()
    kept = None
    if target.exists():
        kept = target.with_name(f"{target.name}.before-restore")
        _copy(target, kept)
    fresh = target.with_name(f"{target.name}.restored")
    _copy(copy, fresh)
    for ending in SIDE_FILES:
        target.with_name(target.name + ending).unlink(missing_ok=True)
    fresh.replace(target)
    return kept


def _told(error: Exception, file: Path) -> StorageError:
    if isinstance(error, sqlite3.Error):
        return told(error)
    return StorageError("error.storage.backup_failed", file=file, reason=getattr(error, "strerror", None) or "")
