"""Brings the tables up to date at start: ``migrate``; ``versions`` holds the steps.

SQLite can't change a column in place; Alembic's batch mode copies the table instead, and with foreign keys on that
silently deletes child rows. So: a backup first, foreign keys off, one explicit transaction, a check of all foreign keys
before it commits. A database of a newer version is refused. A new step is written by
``python -m bot.storage.migrations "what changes"``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.environment import EnvironmentContext
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.errors import StorageError
from bot.storage.backup import backup
from bot.storage.engine import Database, told
from bot.storage.tables import metadata

FOLDER = Path(__file__).parent
BACKUPS = "backups"


def scripts(folder: Path = FOLDER) -> ScriptDirectory:
    """Return the steps that this program (or another folder) knows."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def newest() -> str:
    """Return the revision of the newest step."""
    return scripts().get_current_head() or ""


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
    revision, script = await revision_of(database), steps or scripts()
    if revision is not None and revision not in {step.revision for step in script.walk_revisions()}:
        raise StorageError("error.storage.newer", revision=revision)
    if revision == script.get_current_head():
        return
    if revision is not None and database.is_sqlite:
        await backup(database, state / BACKUPS / f"before-{revision}.db", replace=True)
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(_upgrade, script)
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
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection, script: ScriptDirectory) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        _foreign_keys(connection, on=False)
    try:
        with connection.begin():
            _run(connection, script)
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise StorageError("error.storage.damaged")
    finally:
        if sqlite:
            _foreign_keys(connection, on=True)


def _foreign_keys(connection: Connection, *, on: bool) -> None:
    # inside a transaction SQLite ignores this pragma, so it goes past SQLAlchemy, which would begin one
    raw: Any = connection.connection.dbapi_connection
    cursor = raw.cursor()
    cursor.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
    cursor.close()


def _run(connection: Connection, script: ScriptDirectory) -> None:
    config = Config()

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)  # noqa: SLF001 - as Alembic's own command does

    with EnvironmentContext(config, script, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
        environment.run_migrations()
