"""Reads a state folder in the plain, for the torture run: what is there, whether it is whole. The bot is stopped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import SystemClock
from bot.commands.older import MARK
from bot.errors import StorageError
from bot.school import read_school
from bot.storage.audit import Audit
from bot.storage.engine import Database, database_url, open_database
from bot.storage.keys import open_vault, wrapping_key
from bot.storage.migrations import check_integrity
from bot.storage.tables import (
    alert,
    case_event,
    consent,
    fact,
    finding,
    media_hold,
    outbox,
    recheck,
    report,
    talk,
)
from bot.storage.vault import Place, Vault
from cogs.practice.torture.facts import Kept, KeptAlert, KeptRow, Promise

SEALED = {
    Promise.REPORT: ((report, "what_sealed"),),
    Promise.DRAFT: ((report, "what_sealed"),),
    Promise.DISMISSED: ((finding, "reason_sealed"),),
    Promise.NOTE: ((case_event, "text_sealed"),),
    Promise.ANSWER: ((talk, "text_sealed"),),
    Promise.CONSENT: ((consent, "proof_sealed"),),
}


async def read_kept(state: Path, school_file: Path, now: datetime) -> Kept:
    """Return what a stopped bot's state folder holds of a school; ``now``: when the bot was last at work."""
    database = open_database(database_url(None, state))
    try:
        guild = read_school(school_file).guild
        vault = await open_vault(database, await wrapping_key(database, None, state))
        check = await Audit(database=database, vault=vault, clock=SystemClock()).verify(guild)
        async with database.read() as connection:
            return Kept(
                findings=await _findings(connection),
                alerts=await _alerts(connection),
                rows=await _rows(connection, now),
                texts=await _promised(connection, vault),
                waiting_for_model=await connection.scalar(select(func.count()).select_from(recheck)) or 0,
                audit_rows=check.rows,
                audit_wrong=check.first_wrong,
                whole=await _whole(database),
                older=await _older(connection),
                held=frozenset((await connection.execute(select(media_hold.c.message))).scalars()),
            )
    finally:
        await database.close()


async def _findings(connection: AsyncConnection) -> tuple[tuple[str, int | None], ...]:
    rows = await connection.execute(select(finding.c.message, finding.c.alert))
    return tuple((str(row.message), row.alert) for row in rows)


async def _alerts(connection: AsyncConnection) -> dict[int, KeptAlert]:
    rows = await connection.execute(select(alert))
    return {row.id: KeptAlert(row.id, row.state, row.outcome) for row in rows}


async def _rows(connection: AsyncConnection, now: datetime) -> tuple[KeptRow, ...]:
    rows = (await connection.execute(select(outbox))).all()
    return tuple(KeptRow(row.id, row.kind, row.subject, row.receiver, row.state, row.due_at < now) for row in rows)


async def _promised(connection: AsyncConnection, vault: Vault) -> dict[Promise, frozenset[str]]:
    found = {what: await _texts(connection, vault, places) for what, places in SEALED.items()}
    done = await connection.execute(select(case_event.c.case, case_event.c.step))
    found[Promise.STEP] = frozenset(f"{row.case}:{row.step}" for row in done)
    told = await _texts(connection, vault, ((media_hold, "told_sealed"),))
    found[Promise.WHO] = frozenset(str(json.loads(text)["named"]) for text in told if text)
    return found


async def _older(connection: AsyncConnection) -> int:
    asked = select(func.count()).select_from(fact).where(fact.c.name.startswith(MARK))
    return await connection.scalar(asked) or 0


async def _texts(connection: AsyncConnection, vault: Vault, places: Iterable[tuple[Table, str]]) -> frozenset[str]:
    found = set()
    for table, column in places:
        for row in await connection.execute(select(table.c.id, table.c.school, table.c[column].label("sealed"))):
            found.add(vault.open(Place(row.school, table.name, column, row.id), row.sealed) or "")
    return frozenset(found)


async def _whole(database: Database) -> bool:
    try:
        await check_integrity(database)
    except StorageError:
        return False
    return True
