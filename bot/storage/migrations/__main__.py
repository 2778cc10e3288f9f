"""For engineers: write the step from the newest revision to ``tables.py`` as it stands now."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from textwrap import dedent, indent
from typing import Any, Literal

from alembic.autogenerate import api
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from bot.storage.engine import database_url, open_database
from bot.storage.migrations import FOLDER, migrate, newest
from bot.storage.tables import Moment, metadata

MOST_STATEMENTS = 50  # in one function; past it the linter wants a reason


def _render(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


def _write(connection: Connection, what: str) -> Path:
    options = {"render_as_batch": True, "render_item": _render, "target_metadata": metadata}
    context = MigrationContext.configure(connection, opts=options)
    script = api.produce_migrations(context, metadata)
    if script.upgrade_ops is None:
        raise SystemExit("nothing changed")
    body = api.render_python_code(script.upgrade_ops, render_as_batch=True, render_item=_render)
    body = indent(dedent("\n".join(line for line in body.splitlines() if "###" not in line)), "    ")
    long = len(re.findall(r"^\s*(?:op|with|batch_op)\b", body, re.MULTILINE)) > MOST_STATEMENTS
    why = "  # noqa: PLR0915 - one statement a table" if long else ""
    before = newest()
    number = f"{len(list((FOLDER / 'versions').glob('[0-9]*.py'))) + 1:04d}"
    path = FOLDER / "versions" / f"{number}_{what.replace(' ', '_')}.py"
    lines = [
        f'"""{what.capitalize()}."""\n',
        "import sqlalchemy as sa\nfrom alembic import op\n",
        f'revision = "{number}"\ndown_revision = {before or None!r}\n',
        f'\ndef upgrade() -> None:{why}\n    """Take the step."""\n{body}\n',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


async def _main(what: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(database_url(None, Path(folder)))
        if newest():
            await migrate(database, Path(folder))
        async with database.read() as connection:
            path = await connection.run_sync(_write, what)
        await database.close()
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    asyncio.run(_main(" ".join(sys.argv[1:]) or "first"))
