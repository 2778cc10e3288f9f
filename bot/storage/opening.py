"""Opens what is kept: the database brought up to date, its keys, its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock
from bot.settings import Settings
from bot.storage.engine import Database, database_url, open_database
from bot.storage.files import FileStore
from bot.storage.keys import add_school_key, decode_key, open_vault, wrapping_key
from bot.storage.migrations import migrate
from bot.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Storage:
    """The opened database, its keys and files, and the clock that rows are dated with."""

    database: Database
    vault: Vault
    files: FileStore
    clock: Clock
    wrapping: bytes
    state: Path

    async def add_key(self, school: str) -> None:
        """Give a school its data key; one that has a key keeps it."""
        await add_school_key(self.database, self.vault, self.wrapping, school, self.clock.now())


async def open_storage(settings: Settings, state: Path, clock: Clock) -> Storage:
    """Open the database, bring it up to date, and open its keys.

    Raises ``StorageError`` (damaged, newer, locked, key lost) and ``SetupError`` (a key that is none).
    """
    database = open_database(database_url(settings.klaswacht_database_url, state))
    try:
        return await _opened(database, settings, state, clock)
    except BaseException:
        await database.close()
        raise


async def _opened(database: Database, settings: Settings, state: Path, clock: Clock) -> Storage:
    await migrate(database, state)
    configured = settings.klaswacht_key.get_secret_value() if settings.klaswacht_key else None
    old = decode_key(settings.klaswacht_key_old.get_secret_value()) if settings.klaswacht_key_old else None
    wrapping = await wrapping_key(database, configured, state)
    vault = await open_vault(database, wrapping, old)
    return Storage(database, vault, FileStore(folder=state / "files", vault=vault), clock, wrapping, state)
