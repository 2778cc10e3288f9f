"""Where keys come from: the wrapping key from the environment or a file, the schools' data keys from the database.

The wrapping key is 32 bytes, written in base64. It is never in the database or a backup: whoever loses it loses what
was encrypted.
"""

from __future__ import annotations

import base64
import binascii
import os
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SetupError, StorageError
from bot.storage.engine import Database
from bot.storage.tables import school_key
from bot.storage.vault import KEY_BYTES, Vault, new_key, unwrap, wrap

KEY_FILE = "klaswacht.key"


async def wrapping_key(database: Database, configured: str | None, state: Path) -> bytes:
    """Return the wrapping key: the configured one, else that of the file, which is made on the very first start.

    Raises
    ------
    SetupError: the setting is no 32 bytes in base64, or the file can't be read or written.
    StorageError: the database holds encrypted data, but its key is gone.
    """
    if configured:
        return decode_key(configured)
    path = state / KEY_FILE
    if path.exists():
        return _read(path)
    async with database.read() as connection:
        if await connection.scalar(select(func.count()).select_from(school_key)):
            raise StorageError("error.storage.key_missing", file=path)
    return _make(path)


def decode_key(text: str) -> bytes:
    """Return a written key's bytes. Raises ``SetupError`` when it is none."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SetupError("error.storage.key_wrong", bytes=KEY_BYTES)
    return key


async def open_vault(database: Database, wrapping: bytes, old_wrapping: bytes | None = None) -> Vault:
    """Return the vault with all schools' data keys; keys wrapped by the old wrapping key are wrapped anew.

    Raises ``StorageError`` when neither key opens them.
    """
    vault = Vault({})
    async with database.write() as connection:
        for row in (await connection.execute(select(school_key))).all():
            try:
                key = unwrap(wrapping, row.school, row.version, row.wrapped)
            except StorageError:
                if old_wrapping is None:
                    raise
                key = unwrap(old_wrapping, row.school, row.version, row.wrapped)
                same = (school_key.c.school == row.school) & (school_key.c.version == row.version)
                fresh = wrap(wrapping, row.school, row.version, key)
                await connection.execute(update(school_key).where(same).values(wrapped=fresh))
            vault.learn(row.school, row.version, key)
    return vault


async def add_school_key(database: Database, vault: Vault, wrapping: bytes, school: str, now: datetime) -> None:
    """Give a school its first data key; a school that has one keeps it."""
    if vault.knows(school):
        return
    async with database.write() as connection:
        key = await next_key(connection, wrapping, school, now)
    vault.learn(school, 1, key)


async def next_key(connection: AsyncConnection, wrapping: bytes, school: str, now: datetime) -> bytes:
    """Write a fresh data key of a school inside the caller's transaction and return it."""
    same = school_key.c.school == school
    version = (await connection.scalar(select(func.max(school_key.c.version)).where(same)) or 0) + 1
    key = new_key()
    wrapped = wrap(wrapping, school, version, key)
    await connection.execute(
        school_key.insert().values(school=school, version=version, wrapped=wrapped, made_at=now),
    )
    return key


def _read(path: Path) -> bytes:
    try:
        return decode_key(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError("error.storage.key_unreadable", file=path) from error


def _make(path: Path) -> bytes:
    key = new_key()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(key) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise SetupError("error.storage.key_unreadable", file=path) from error
    return key
