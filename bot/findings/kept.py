"""Reads what stands behind "Toon": kept messages with their edits and deletions, notes, and what was seen before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.findings.evidence import DELETION, EDIT, FILE, MESSAGE, NOTE, content_place
from bot.findings.facts import FindingState, NoteShown, PairHistory, ShownMessage
from bot.storage.tables import case_, evidence, finding
from bot.storage.vault import Vault

HISTORY_DAYS = 365
AnyRow = Row[tuple[object, ...]]


class Kept:
    """Opens what was kept."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def messages(
        self, connection: AsyncConnection, findings: Sequence[AnyRow]
    ) -> tuple[tuple[ShownMessage, ...], tuple[NoteShown, ...]]:
        """Return the kept messages of findings, oldest first, and the notes of colleagues."""
        ids = [row.id for row in findings]
        asked = select(evidence).where(evidence.c.finding.in_(ids)).order_by(evidence.c.kept_at, evidence.c.id)
        rows = (await connection.execute(asked)).all()
        shown = [self._message(row, [one for one in rows if one.finding == row.id]) for row in findings]
        notes = [NoteShown(row.kept_by, row.kept_at, self._text(row)) for row in rows if row.kind == NOTE]
        return tuple(shown), tuple(notes)

    def _message(self, row: AnyRow, kept: Sequence[AnyRow]) -> ShownMessage:
        first = next((one for one in kept if one.kind == MESSAGE), None)
        return ShownMessage(
            author=row.author,
            text=self._text(first) if first is not None else "",
            at=row.said_at,
            url=row.url,
            edited=tuple((one.said_at, self._text(one)) for one in kept if one.kind == EDIT),
            deleted_at=next((one.said_at for one in kept if one.kind == DELETION), None),
            files=tuple(self._text(one) for one in kept if one.kind == FILE),
        )

    def _text(self, row: AnyRow) -> str:
        return self._vault.open(content_place(row.school, row.id), row.content_sealed) or ""


async def history_of(connection: AsyncConnection, findings: Sequence[AnyRow], now: datetime) -> PairHistory:
    """Return what was seen before between the same two people, or of the same author when there is no other."""
    since = now - timedelta(days=HISTORY_DAYS)
    if not findings:
        return PairHistory(0, 0, (), since)
    one = findings[-1]
    asked = select(finding.c.state, case_.c.number).select_from(finding.outerjoin(case_, case_.c.id == finding.c.case))
    asked = asked.where(finding.c.school == one.school, finding.c.author == one.author, finding.c.created_at >= since)
    asked = asked.where(finding.c.id.not_in([row.id for row in findings]))
    if one.target is not None:
        asked = asked.where(finding.c.target == one.target)
    rows = (await connection.execute(asked)).all()
    numbers = tuple(sorted({row.number for row in rows if row.number is not None}))
    return PairHistory(len(rows), sum(row.state == FindingState.DISMISSED for row in rows), numbers, since)
