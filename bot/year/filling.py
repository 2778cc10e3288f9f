"""Writes a made year into a database: many rows a statement, one transaction a table, and an audit log that holds."""

from __future__ import annotations

from bot.storage.audit import PROGRAM
from bot.storage.engine import Database
from bot.storage.tables import audit
from bot.storage.vault import Vault
from bot.year.plan import Year
from bot.year.rows import Row, Rows

AT_A_TIME = 2_000
NOTES_OF_A_FINDING, NOTES_OF_A_CASE = 2, 10


async def fill(database: Database, vault: Vault, year: Year) -> dict[str, int]:
    """Write the year and return how many rows each table got."""
    counts: dict[str, int] = {}
    for table, rows in Rows(year, vault).all():
        async with database.write() as connection:
            for start in range(0, len(rows), AT_A_TIME):
                await connection.execute(table.insert(), rows[start : start + AT_A_TIME])
        counts[table.name] = len(rows)
    return {**counts, "audit": await _audit(database, vault, year)}


async def _audit(database: Database, vault: Vault, year: Year) -> int:
    """Note what people did, as long as the year is; each row is sealed to the one before."""
    size = year.size
    total = NOTES_OF_A_FINDING * size.findings + NOTES_OF_A_CASE * size.cases
    guild, before, rows = year.school.guild, "", list[Row]()
    for number in range(1, total + 1):
        at = year.moment(number / (total + 1))
        parts = (str(number), at.isoformat(), PROGRAM, "show", f"alert:{number}", before)
        before = vault.mark(guild, "audit", "\n".join(parts))
        facts = {"actor": PROGRAM, "verb": "show", "subject": f"alert:{number}", "mac": before}
        rows.append({"school": guild, "number": number, "at": at, **facts})
    async with database.write() as connection:
        for start in range(0, len(rows), AT_A_TIME):
            await connection.execute(audit.insert(), rows[start : start + AT_A_TIME])
    return total
