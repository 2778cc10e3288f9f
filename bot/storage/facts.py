"""What this installation knows about itself: small named values."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import fact


async def read_fact(connection: AsyncConnection, name: str) -> str | None:
    """Return a fact's value."""
    found: str | None = await connection.scalar(select(fact.c.value).where(fact.c.name == name))
    return found


async def write_fact(connection: AsyncConnection, name: str, value: str) -> None:
    """Set a fact's value inside the caller's transaction."""
    done = await connection.execute(update(fact).where(fact.c.name == name).values(value=value))
    if not done.rowcount:
        await connection.execute(fact.insert().values(name=name, value=value))
