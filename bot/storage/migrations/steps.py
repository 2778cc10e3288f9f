"""Takes the steps with Alembic, in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.errors import StorageError
from bot.storage.tables import metadata


def scripts(folder: Path) -> ScriptDirectory:
    """Return the steps of a folder."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def known(script: ScriptDirectory) -> frozenset[str]:
    """Return all revisions that these steps lead to."""
    return frozenset(step.revision for step in script.walk_revisions())


def upgrade(connection: Connection, script: ScriptDirectory, to: str = "head") -> None:
    """Bring the tables to a revision. Raises ``StorageError``: a row would be left without its parent."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        _foreign_keys(connection, on=False)
    try:
        with connection.begin():
            _run(connection, script, to)
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


def _run(connection: Connection, script: ScriptDirectory, to: str) -> None:
    config = Config()

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs(to, revision)  # noqa: SLF001 - as Alembic's own command does

    with EnvironmentContext(config, script, fn=steps, destination_rev=to) as environment:
        environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
        environment.run_migrations()
