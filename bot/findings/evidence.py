"""Evidence: encrypted copies of what was said, how it was changed and when it was taken away.

Only messages with a finding are kept. Of files the names are kept here; contents belong to the photo road.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, Ids
from bot.ports import ChatMessage
from bot.storage.tables import evidence
from bot.storage.vault import Place, Vault

MESSAGE, EDIT, DELETION, FILE, NOTE = "message", "edit", "deletion", "file", "note"


def content_place(school: str, row: int) -> Place:
    """Return where the text of an evidence row stands."""
    return Place(school, "evidence", "content_sealed", row)


class EvidenceStore:
    """Writes evidence inside the caller's transaction."""

    def __init__(self, *, clock: Clock, ids: Ids, vault: Vault) -> None:
        self._clock = clock
        self._ids = ids
        self._vault = vault

    async def keep(self, connection: AsyncConnection, finding: int, message: ChatMessage, kind: str = MESSAGE) -> None:
        """Keep one version of a message, and the names of its files with the first."""
        await self._write(connection, finding, message, kind, message.text)
        for file in message.attachments if kind == MESSAGE else ():
            await self._write(connection, finding, message, FILE, file.name)

    async def keep_deletion(self, connection: AsyncConnection, school: str, finding: int) -> bool:
        """Note that a message was taken away; False when that is known."""
        known = select(evidence.c.id).where(evidence.c.finding == finding, evidence.c.kind == DELETION)
        if await connection.scalar(known) is not None:
            return False
        now, row = self._clock.now(), self._ids.new()
        what = {"finding": finding, "kind": DELETION, "said_at": now, "kept_at": now}
        await connection.execute(evidence.insert().values(id=row, school=school, **what))
        return True

    async def keep_note(self, connection: AsyncConnection, school: str, finding: int, by: str, text: str) -> None:
        """Keep what a colleague wrote about a finding."""
        now, row = self._clock.now(), self._ids.new()
        sealed = self._vault.seal(content_place(school, row), text)
        what = {"finding": finding, "kind": NOTE, "content_sealed": sealed, "kept_by": by, "kept_at": now}
        await connection.execute(evidence.insert().values(id=row, school=school, **what))

    async def _write(
        self, connection: AsyncConnection, finding: int, message: ChatMessage, kind: str, text: str
    ) -> None:
        row = self._ids.new()
        said_at = message.at if kind != EDIT else revision_moment(message.revision) or self._clock.now()
        sealed = self._vault.seal(content_place(message.school, row), text)
        where = {"channel": message.channel, "message": message.id, "url": message.url, "author": message.author.id}
        what = {"finding": finding, "kind": kind, "content_sealed": sealed, "said_at": said_at}
        await connection.execute(
            evidence.insert().values(id=row, school=message.school, **where, **what, kept_at=self._clock.now())
        )


def revision_moment(revision: str) -> datetime | None:
    """Return the moment that a revision names; None when it is no moment with a zone."""
    try:
        moment = datetime.fromisoformat(revision)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
