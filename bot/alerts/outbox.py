"""What must be said, as rows: written in the same transaction as the reason for it, sent by ``bot.runner`` afterwards.

The id of a row is the nonce of the message, so that sending twice after a crash shows once. ``values`` holds ids and
keys of texts, never what somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import ColumnElement, and_, case, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock, Ids
from bot.ports import Receiver
from bot.storage.tables import outbox


class OutboxState(StrEnum):
    """How far a row is. ``stale``: it arrived, and must be shown again because what it is about changed."""

    WAITING = "waiting"
    SENT = "sent"
    STALE = "stale"
    REFUSED = "refused"
    DROPPED = "dropped"


class Priority(IntEnum):
    """What overtakes what."""

    WHENEVER = -10
    NORMAL = 0
    PUPIL = 5
    URGENT = 10
    CRISIS = 20


_MEDIA_KINDS = {"media_held", "media_refused", "media_returned", "media_again"}
PUPIL_KINDS = frozenset({"crisis_pupil", "pupil_note", "report_taken", "report_closed", "report_answer", *_MEDIA_KINDS})
"""Kinds that go to a pupil: refused, they wait behind "Mijn berichten"; nobody else gets them instead."""
ALERT_KINDS = ("alert", "alert_reminder", "crisis")
"""Kinds whose card shows an alert."""


class Outbox:
    """Writes rows inside the caller's transaction."""

    def __init__(self, *, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids

    async def enqueue(
        self,
        connection: AsyncConnection,
        school: str,
        kind: str,
        subject: int,
        receiver: Receiver,
        *,
        values: Mapping[str, str] | None = None,
        priority: int = Priority.NORMAL,
        due_at: datetime | None = None,
    ) -> int:
        """Let something be said at ``due_at`` (default: now) and return the row's id."""
        row = self._ids.new()
        now = self._clock.now()
        facts = {"id": row, "school": school, "kind": kind, "subject": subject, "values": dict(values or {})}
        where = {"receiver_kind": receiver.kind, "receiver": receiver.id, "state": OutboxState.WAITING}
        when = {"priority": int(priority), "due_at": due_at or now, "created_at": now}
        await connection.execute(outbox.insert().values(**facts, **where, **when))
        return row

    async def drop(
        self,
        connection: AsyncConnection,
        school: str,
        kinds: Iterable[str],
        subject: int,
        *,
        receiver_kind: str | None = None,
    ) -> int:
        """Take back rows about a subject that were not sent yet; return how many."""
        where = [_about(school, kinds, subject), outbox.c.state == OutboxState.WAITING]
        if receiver_kind:
            where.append(outbox.c.receiver_kind == receiver_kind)
        done = await connection.execute(update(outbox).where(and_(*where)).values(state=OutboxState.DROPPED))
        return done.rowcount

    async def show_again(self, connection: AsyncConnection, school: str, kinds: Iterable[str], subject: int) -> None:
        """Let what was sent about a subject show its new state; a row that is under way is shown again after it."""
        again = case((outbox.c.state == OutboxState.SENT, OutboxState.STALE.value), else_=outbox.c.state)
        due = case((outbox.c.state == OutboxState.SENT, self._clock.now()), else_=outbox.c.due_at)
        states = (OutboxState.WAITING, OutboxState.SENT, OutboxState.STALE)
        await connection.execute(
            update(outbox)
            .where(_about(school, kinds, subject), outbox.c.state.in_(states))
            .values(shown_version=outbox.c.shown_version + 1, state=again, due_at=due)
        )


def _about(school: str, kinds: Iterable[str], subject: int) -> ColumnElement[bool]:
    return and_(outbox.c.school == school, outbox.c.kind.in_(list(kinds)), outbox.c.subject == subject)
