"""``klaswacht check``: says of everything a school needs whether it is right, or what to do; a line a thing."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bot.alerts.config import read_rules
from bot.cases.protocol import read_protocols
from bot.commands.base import cli_language, load_texts
from bot.errors import KlaswachtError
from bot.judging import open_judging
from bot.school import School
from bot.schoolfiles import school_files, texts_of
from bot.settings import Settings, data_file, data_folder, own_folder, read_settings
from bot.storage.engine import Database, database_url, open_database
from bot.storage.keys import KEY_FILE, open_vault, wrapping_key
from bot.storage.migrations import check_integrity, newest, revision_of
from bot.texts import Texts

EXIT_LACKING = 1
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Checklist:
    """Prints lines and remembers whether one of them was not ok."""

    def __init__(self, texts: Texts, language: str, console: Console | None = None) -> None:
        self._texts = texts
        self._language = language
        self._console = console or Console(highlight=False, soft_wrap=True)
        self.lacking = 0

    def ok(self, key: str, **values: object) -> None:
        """Say that a thing is right."""
        self._print("✓", self._texts.get(f"check.{key}", self._language, **values))

    def todo(self, key: str, **values: object) -> None:
        """Say what to do."""
        self.lacking += 1
        self._print("✗", self._texts.get(key if "." in key else f"check.{key}", self._language, **values))

    def hint(self, key: str, **values: object) -> None:
        """Say what is wise; it does not count as lacking."""
        self._print("!", self._texts.get(f"check.{key}", self._language, **values))

    def trouble(self, error: KlaswachtError) -> None:
        """Say an error's sentence."""
        self.lacking += 1
        known = self._texts.has(error.key)
        self._print("✗", self._texts.get(error.key, self._language, **error.values) if known else str(error))

    def word(self, key: str) -> str:
        """Return a text for use in another."""
        return self._texts.get(f"check.{key}", self._language)

    def _print(self, mark: str, sentence: str) -> None:
        self._console.print(f"{mark} {sentence}", markup=False)


def check() -> int:
    """Look at everything; return 0 when all is right, 1 when something is to be done. Raises ``SetupError``."""
    settings = read_settings()
    told = Checklist(load_texts(), cli_language())
    told.ok("settings")
    schools = _files(settings, told)
    asyncio.run(_parts(settings, schools, told))
    return EXIT_LACKING if told.lacking else 0


def _files(settings: Settings, told: Checklist) -> list[School]:
    """Look at the files that people edit."""
    _try(told, lambda: texts_of(settings), "texts")
    _try(told, lambda: read_rules(data_file(settings, "alerts.toml")), "alerts")
    schools: list[School] = []
    try:
        protocols = read_protocols(data_folder() / "protocol", own_folder(settings, "protocol"))
        told.ok("protocol")
        stale = {key for one in protocols.all() for key in one.stale_references(datetime.now(UTC).date())}
        for key in sorted(stale):
            told.todo("stale", reference=key)
    except KlaswachtError as error:
        told.trouble(error)
    try:
        schools = school_files(settings)
        for school in schools:
            told.ok("school", name=school.name, classes=len(school.classes))
        if not schools:
            told.hint("no_school_file")
    except KlaswachtError as error:
        told.trouble(error)
    return schools


def _try(told: Checklist, read: Callable[[], object], what: str) -> None:
    try:
        read()
        told.ok(what)
    except KlaswachtError as error:
        told.trouble(error)


async def _parts(settings: Settings, schools: list[School], told: Checklist) -> None:
    """Look at the model, the database, the key and the platform."""
    _model(settings, told)
    if settings.klaswacht_state.exists():
        _folder(settings.klaswacht_state, told)
        await _database(settings, told)
    else:
        told.hint("no_state", folder=settings.klaswacht_state)
    await _platform(settings, schools, told)


def _model(settings: Settings, told: Checklist) -> None:
    try:
        opened = open_judging(settings)
    except KlaswachtError as error:
        told.trouble(error)
        return
    present = opened.screening.model_present
    opened.screening.close()
    if opened.trouble:
        told.trouble(opened.trouble)
        told.hint("model_half" if present else "words_only", engine=settings.klaswacht_engine)
    else:
        told.ok("model", engine=settings.klaswacht_engine, checkpoint=_checkpoint(settings, told))


def _checkpoint(settings: Settings, told: Checklist) -> str:
    if settings.klaswacht_engine == "embedded":
        return "klaswacht.onnx"
    return settings.klaswacht_checkpoint or told.word("own_checkpoint")


def _folder(state: Path, told: Checklist) -> None:
    if os.name == "posix" and state.stat().st_mode & OTHERS:
        told.todo("folder_open", folder=state)
    else:
        told.ok("folder", folder=state)


async def _database(settings: Settings, told: Checklist) -> None:
    database = open_database(database_url(settings.klaswacht_database_url, settings.klaswacht_state))
    try:
        await check_integrity(database)
        revision = await revision_of(database)
        if revision is None:
            told.hint("no_tables")
        elif revision == newest():
            told.ok("database", revision=revision)
        else:
            told.hint("old_tables", revision=revision, newest=newest())
        if revision is not None:
            await _key(settings, database, told)
    except KlaswachtError as error:
        told.trouble(error)
    finally:
        await database.close()


async def _key(settings: Settings, database: Database, told: Checklist) -> None:
    configured = settings.klaswacht_key.get_secret_value() if settings.klaswacht_key else None
    await open_vault(database, await wrapping_key(database, configured, settings.klaswacht_state))
    told.ok("key")
    if configured is None:
        file = settings.klaswacht_state / KEY_FILE
        told.hint("key_copy", file=file)
        if os.name == "posix" and file.stat().st_mode & OTHERS:
            told.todo("key_open", file=file)


async def _platform(settings: Settings, schools: list[School], told: Checklist) -> None:
    """Ask the platform, when there is a token, which rights and intents are missing."""
    try:
        token = settings.token()
    except KlaswachtError as error:
        told.trouble(error)
        return
    from cogs.inspection import inspect_platform  # noqa: PLC0415 - discord.py takes a while to import

    bases = (settings.discord_api_base, settings.discord_gateway_url, settings.discord_cdn_base)
    try:
        async for fine, key, values in inspect_platform(token, bases, schools):
            (told.ok if fine else told.todo)(key, **values)
    except KlaswachtError as error:
        told.trouble(error)
