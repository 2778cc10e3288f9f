"""A state folder as an earlier version left it, for the torture run."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from sqlalchemy import insert

from bot.storage.engine import database_url, open_database
from bot.storage.migrations import FOLDER
from bot.storage.migrations.steps import scripts, upgrade
from bot.storage.tables import fact

MARK = "older/"
FACTS = 500  # enough to see when some are lost


def older_revisions() -> list[str]:
    """Return the revisions of all versions before this one, oldest first."""
    return [step.revision for step in scripts(FOLDER).walk_revisions()][:0:-1]


async def make_older(state: Path, revision: str) -> int:
    """Make the folder anew with tables of a revision (empty: none) and facts in them; return how many."""
    await asyncio.to_thread(_empty, state)
    if not revision:
        return 0
    database = open_database(database_url(None, state))
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(lambda found: upgrade(found, scripts(FOLDER), revision))
        rows = [{"name": f"{MARK}{number}", "value": "x" * 200} for number in range(FACTS)]
        async with database.write() as connection:
            await connection.execute(insert(fact), rows)
    finally:
        await database.close()
    return FACTS


def _empty(state: Path) -> None:
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(mode=0o700)
