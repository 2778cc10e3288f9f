"""Makes what was erased unreadable in the files of the embedded database too.

``PRAGMA secure_delete`` (see ``bot.storage.engine``) overwrites deleted rows with zeros; what still stands in the
write-ahead log goes when that is written back and cut to nothing.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.errors import StorageError
from bot.storage.engine import Database, told


async def scrub(database: Database, *, thoroughly: bool = False) -> bool:
    """Write the log back and cut it; False when somebody is reading, so that it must be tried again later.

    ``thoroughly`` rebuilds the file besides, so that nothing is left in unused corners of its pages.
    """
    if not database.is_sqlite:
        return True
    try:
        async with database.engine.connect() as connection:
            plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
            if thoroughly:
                await plain.exec_driver_sql("VACUUM")
            row = (await plain.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    except DBAPIError as error:
        raise told(error) from error
    return bool(row[0] == 0)


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
