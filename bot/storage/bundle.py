"""A backup as one file: the database and the kept files, all encrypted as they are; never the wrapping key.

A zip without compression (what is encrypted can't be made smaller). The database is copied first: files are only ever
added, so each one that the copy names is there afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import zipfile
from pathlib import Path

from bot.errors import StorageError
from bot.storage.backup import backup, file_of, restore
from bot.storage.engine import Database
from bot.storage.scrub import require_unused

DATABASE_NAME = "klaswacht.db"
FILE_NAME = re.compile(r"files/\d{1,20}/[0-9a-f]{64}")


async def pack(database: Database, files: Path, target: Path) -> None:
    """Write a backup while the bot runs. Raises ``StorageError``: the file exists, or can't be written."""
    file_of(database)
    if await asyncio.to_thread(_is_there, target):
        raise StorageError("error.storage.backup_exists", file=target.name)
    copy = target.with_name(f"{target.name}.part.db")
    try:
        await backup(database, copy, replace=True)
        await asyncio.to_thread(_write, copy, files, target)
    except OSError as error:
        raise StorageError("error.storage.backup_failed", file=target.name, reason=error.strerror or "") from error
    finally:
        with contextlib.suppress(OSError):  # a name that no file can have
            copy.unlink(missing_ok=True)


async def unpack(source: Path, files: Path, target: Path) -> Path | None:
    """Put a backup (or a bare copy of the database) in its place; return where the former database is kept.

    Raises ``StorageError``: the bot is running, or the backup is not whole; then nothing was changed.
    """
    if not await asyncio.to_thread(_is_there, source):
        raise StorageError("error.storage.backup_missing", file=source.name)
    await asyncio.to_thread(require_unused, target)
    if not await asyncio.to_thread(zipfile.is_zipfile, source):
        return await restore(source, target)
    copy = target.with_name(f"{target.name}.part")
    try:
        await asyncio.to_thread(_read_database, source, copy)
        kept = await restore(copy, target)
        await asyncio.to_thread(_read_files, source, files)
    except (OSError, zipfile.BadZipFile, EOFError) as error:
        raise StorageError("error.storage.damaged") from error
    finally:
        copy.unlink(missing_ok=True)
    return kept


def _is_there(path: Path) -> bool:
    """Tell whether there is such a file; a name that no file can have is of none."""
    try:
        return path.is_file() or path.exists()
    except (OSError, ValueError):
        return False


def _write(copy: Path, files: Path, target: Path) -> None:
    half = target.with_name(f"{target.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as raw:
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as bundle:
            bundle.write(copy, DATABASE_NAME)
            for path in sorted(files.glob("*/*")):
                name = f"files/{path.parent.name}/{path.name}"
                if FILE_NAME.fullmatch(name):
                    _add(bundle, path, name)
        raw.flush()
        os.fsync(raw.fileno())
    half.replace(target)


def _add(bundle: zipfile.ZipFile, path: Path, name: str) -> None:
    try:
        bundle.writestr(name, path.read_bytes())
    except FileNotFoundError:
        return  # erased since the list was made


def _read_database(source: Path, copy: Path) -> None:
    with zipfile.ZipFile(source) as bundle:
        if bundle.testzip() is not None or DATABASE_NAME not in bundle.namelist():
            raise StorageError("error.storage.damaged")
        copy.touch(mode=0o600)
        with bundle.open(DATABASE_NAME) as packed, copy.open("wb") as file:
            while block := packed.read(1 << 20):
                file.write(block)


def _read_files(source: Path, files: Path) -> None:
    with zipfile.ZipFile(source) as bundle:
        for name in (name for name in bundle.namelist() if FILE_NAME.fullmatch(name)):
            path = files / Path(name).relative_to("files")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(bundle.read(name))
