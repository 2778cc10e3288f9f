"""Reading rows of the outbox that are due, and writing down how they ended; for ``bot.runner``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import OutboxState
from bot.ports import MessageRef, Receiver
from bot.storage.tables import outbox

ROWS_AT_A_LOOK = 50
REPORTER = "reporter"  # ``receiver`` is a report's id; the messenger finds the person
_OPEN = (OutboxState.WAITING, OutboxState.STALE)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One thing to be said. ``shown`` counts how often it was asked to be shown again, when it was read."""

    id: int
    school: str
    kind: str
    subject: int
    receiver: Receiver
    values: dict[str, str]
    priority: int
    attempts: int
    shown: int
    ref: MessageRef | None


async def due_rows(connection: AsyncConnection, now: datetime, busy: frozenset[str]) -> list[OutboxRow]:
    """Return the first due row of each receiver that is not busy, the most urgent first."""
    asked = select(outbox, outbox.c["values"].label("given")).where(_due(now), outbox.c.receiver.not_in(sorted(busy)))
    ordered = asked.order_by(outbox.c.priority.desc(), outbox.c.due_at, outbox.c.id).limit(ROWS_AT_A_LOOK)
    first: dict[str, OutboxRow] = {}
    for row in await connection.execute(ordered):
        ref = MessageRef(row.sent_channel, row.sent_message) if row.state == OutboxState.STALE else None
        receiver = Receiver(row.receiver_kind, row.receiver)
        about = (row.id, row.school, row.kind, row.subject, receiver, row.given)
        first.setdefault(row.receiver, OutboxRow(*about, row.priority, row.attempts, row.shown_version, ref))
    return list(first.values())


async def next_row(connection: AsyncConnection, busy: frozenset[str]) -> datetime | None:
    """Return when the next row becomes due."""
    moment: datetime | None = await connection.scalar(
        select(func.min(outbox.c.due_at)).where(outbox.c.state.in_(_OPEN), outbox.c.receiver.not_in(sorted(busy)))
    )
    return moment


async def count_due(connection: AsyncConnection, now: datetime) -> int:
    """Return how many rows are due."""
    return await connection.scalar(select(func.count()).select_from(outbox).where(_due(now))) or 0


async def mark_sent(connection: AsyncConnection, row: OutboxRow, ref: MessageRef, now: datetime) -> None:
    """Say that a row arrived; what changed or was taken back while it was under way is shown again."""
    unchanged = and_(outbox.c.shown_version == row.shown, outbox.c.state != OutboxState.DROPPED)
    state = case((unchanged, OutboxState.SENT.value), else_=OutboxState.STALE.value)
    sealed = row.receiver.kind == REPORTER  # the private channel would name who made an anonymous report
    place = {"sent_channel": None if sealed else ref.channel, "sent_message": None if sealed else ref.message}
    facts = {**place, "sent_at": now, "attempts": 0}
    await connection.execute(update(outbox).where(outbox.c.id == row.id).values(state=state, due_at=now, **facts))


async def mark_refused(connection: AsyncConnection, row: OutboxRow) -> None:
    """Say that a row will never arrive there."""
    await connection.execute(update(outbox).where(outbox.c.id == row.id).values(state=OutboxState.REFUSED))


async def mark_later(connection: AsyncConnection, row: OutboxRow, due_at: datetime) -> None:
    """Say that a row did not arrive now, and when to try again."""
    again = {"attempts": row.attempts + 1, "due_at": due_at}
    await connection.execute(update(outbox).where(outbox.c.id == row.id).values(**again))


def _due(now: datetime) -> ColumnElement[bool]:
    # a clock that was put back: what was to be said at once must not wait until the clock is there again
    from_later = and_(outbox.c.created_at > now, outbox.c.due_at <= outbox.c.created_at)
    return and_(outbox.c.state.in_(_OPEN), or_(outbox.c.due_at <= now, from_later))
