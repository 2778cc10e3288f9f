"""Settings -> database -> vault, opened for one command and closed after it; the bot may be running meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bot.clock import Clock, SystemClock
from bot.errors import SetupError
from bot.privacy.erase import Eraser
from bot.privacy.erased import ErasureList
from bot.privacy.export import Exporter
from bot.privacy.retention import Retention
from bot.privacy.rules import RetentionRules, read_retention
from bot.school import School, Schools
from bot.schoolfiles import school_files, texts_of
from bot.settings import Settings, data_file, read_settings
from bot.setup import missing
from bot.storage.audit import Audit
from bot.storage.engine import Database, database_url, open_database
from bot.storage.opening import Storage, open_storage
from bot.storage.tables import school as school_table
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Opened:
    """What a command works with."""

    settings: Settings
    storage: Storage
    texts: Texts
    schools: Schools
    rules: RetentionRules
    audit: Audit
    erased: ErasureList
    retention: Retention
    eraser: Eraser
    exporter: Exporter

    def school(self, guild: str | None) -> School:
        """Return the school meant: the one named, or the only one. Raises ``SetupError``."""
        known = self.schools.all
        if guild is None and len(known) == 1:
            return next(iter(known.values()))
        found = known.get(guild or "")
        if found is None:
            if not known:
                raise SetupError("error.privacy.no_school")
            raise SetupError("error.privacy.school", schools=", ".join(sorted(known)))
        return found


@asynccontextmanager
async def opened(clock: Clock | None = None) -> AsyncIterator[Opened]:
    """Give everything opened. Raises ``SetupError``, ``StorageError``."""
    settings, now = read_settings(), clock or SystemClock()
    texts, rules = texts_of(settings), read_retention(data_file(settings, "retention.toml"))
    storage = await open_storage(settings, settings.klaswacht_state, now)
    try:
        schools = await schools_of(settings, storage.database)
        for guild in schools.all:
            await storage.add_key(guild)
        yield _opened(settings, storage, texts, schools, rules)
    finally:
        await storage.database.close()


@asynccontextmanager
async def database_only() -> AsyncIterator[tuple[Settings, Database]]:
    """Give the database as it is: no migration, no keys."""
    settings = read_settings()
    database = open_database(database_url(settings.klaswacht_database_url, settings.klaswacht_state))
    try:
        yield settings, database
    finally:
        await database.close()


def files_folder(settings: Settings) -> Path:
    """Return where kept files lie."""
    return settings.klaswacht_state / "files"


def _opened(settings: Settings, storage: Storage, texts: Texts, schools: Schools, rules: RetentionRules) -> Opened:
    database, vault, clock = storage.database, storage.vault, storage.clock
    audit = Audit(database=database, vault=vault, clock=clock)
    erased = ErasureList(state=settings.klaswacht_state, vault=vault)
    retention = Retention(
        database=database,
        vault=vault,
        clock=clock,
        rules=rules,
        files=storage.files,
        erased=erased,
        state=settings.klaswacht_state,
    )
    eraser = Eraser(
        database=database, vault=vault, clock=clock, audit=audit, rules=rules, erased=erased, retention=retention
    )
    exporter = Exporter(database=database, vault=vault, clock=clock, audit=audit, texts=texts)
    return Opened(settings, storage, texts, schools, rules, audit, erased, retention, eraser, exporter)


async def schools_of(settings: Settings, database: Database) -> Schools:
    """Return the schools of the school files, and those set up on the platform."""
    schools = Schools({school.guild: school for school in school_files(settings)})
    async with database.read() as connection:
        rows = (await connection.execute(select(school_table))).all()
    for row in rows:
        if row.school not in schools.all and not missing(row.config):
            schools = schools.with_school(School.model_validate(row.config))
    return schools
