"""Makes what was erased unreadable in the files of the embedded database too.

``PRAGMA secure_delete`` (see ``bot.storage.engine``) overwrites deleted rows with zeros; what still stands in the
write-ahead log goes when that is written back and cut to nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import StorageError
from bot.storage.backup import WAIT_S, file_of
from bot.storage.engine import Database, told


async def scrub(database: Database, *, thoroughly: bool = False) -> bool:
    """Write the log back and cut it; False when somebody is reading, so that it must be tried again later.

    ``thoroughly`` rebuilds the file besides, so that nothing is left in unused corners of its pages.
    """
    if not database.is_sqlite:
        return True
    return await asyncio.to_thread(_scrub, file_of(database), thoroughly=thoroughly)


def require_unused(path: Path) -> None:
    """Raise ``StorageError`` when another process has the embedded database open."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StorageError("error.privacy.in_use") from error
        raise told(error) from error
    except sqlite3.DatabaseError:
        return  # damaged: that is why somebody restores


def _scrub(path: Path, *, thoroughly: bool) -> bool:
    # a connection of its own: the pool's begin a transaction first, in which neither statement works
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            if thoroughly:
                connection.execute("VACUUM")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return False
        raise told(error) from error
    return bool(busy == 0)
