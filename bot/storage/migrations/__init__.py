"""Brings the tables up to date at start: ``migrate``; ``versions`` holds the steps, ``steps`` takes them.

SQLite can't change a column in place; Alembic's batch mode copies the table instead, and with foreign keys on that
silently deletes child rows. So: a backup first, foreign keys off, one explicit transaction, a check of all foreign keys
before it commits. A database of a newer version is refused. A new step is written by
``python -m bot.storage.migrations "what changes"``.

Alembic is only imported when a step is due: it takes longer than all the rest of opening a database.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from bot.errors import StorageError
from bot.storage.backup import backup
from bot.storage.engine import Database, told

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

FOLDER = Path(__file__).parent
BACKUPS = "backups"
STAND = "alembic_version"
_REVISION = re.compile(r'^(revision|down_revision) = ["\'](\w+)["\']', re.MULTILINE)


def newest(folder: Path = FOLDER) -> str:
    """Return the revision of the newest step: the one that no other builds on."""
    told_of: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in (folder / "versions").glob("[0-9]*.py"):
        for name, revision in _REVISION.findall(path.read_text(encoding="utf-8")):
            told_of[name].add(revision)
    return "".join(told_of["revision"] - told_of["down_revision"])


async def revision_of(database: Database) -> str | None:
    """Return the revision that a database stands at, None for an empty one."""
    async with database.read() as connection:
        return await connection.run_sync(_revision)


async def migrate(database: Database, state: Path, steps: ScriptDirectory | None = None) -> None:
    """Check the database and bring it up to date; an older one is first copied into the state folder.

    Raises
    ------
    StorageError: damaged, made by a newer version, or a step failed; then nothing was changed.
    """
    await check_integrity(database)
    revision = await revision_of(database)
    if steps is None and revision == newest():
        return
    from bot.storage.migrations.steps import known, scripts, upgrade  # noqa: PLC0415 - see above

    script = steps or scripts(FOLDER)
    if revision is not None and revision not in known(script):
        raise StorageError("error.storage.newer", revision=revision)
    if revision == script.get_current_head():
        return
    if revision is not None and database.is_sqlite:
        await backup(database, state / BACKUPS / f"before-{revision}.db", replace=True)
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(upgrade, script)
    except DBAPIError as error:
        raise told(error) from error


async def check_integrity(database: Database) -> None:
    """Raise ``StorageError`` when the embedded database is damaged."""
    if not database.is_sqlite:
        return
    async with database.read() as connection:
        answer = (await connection.exec_driver_sql("PRAGMA integrity_check(1)")).scalar()
    if answer != "ok":
        raise StorageError("error.storage.damaged")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(STAND):
        return None
    stand = connection.exec_driver_sql(f"SELECT version_num FROM {STAND}").scalar()  # noqa: S608 - a constant
    return str(stand) if stand else None
