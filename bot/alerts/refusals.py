"""What happens when the platform refuses a delivery: a closed private message, a channel without access.

Staff get it in the staff channel instead, and a coordinator is told (once a day for each person). What is for a pupil
waits behind "Mijn berichten": nobody else may get it. The staff channel itself has no replacement; its rows wait.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.due import OutboxRow
from bot.alerts.outbox import PUPIL_KINDS, Outbox, Priority
from bot.clock import Clock
from bot.ports import Receiver
from bot.school import School, Schools
from bot.storage.tables import outbox

DM_CLOSED = "alerts.notice.dm_closed"
CHANNEL_CLOSED = "alerts.notice.channel_closed"


class Refusals:
    """Finds another road for what was refused."""

    def __init__(self, *, clock: Clock, outbox: Outbox, schools: Callable[[], Schools]) -> None:
        self._clock = clock
        self._outbox = outbox
        self._schools = schools

    async def take_over(self, connection: AsyncConnection, row: OutboxRow) -> bool:
        """Write the rows that replace a refused one; False when there is none and the row itself must wait."""
        school = self._schools().get(row.school)
        if row.kind in PUPIL_KINDS:
            return True
        if school is None:
            return False
        if row.receiver.kind == "channel":
            await self._tell(connection, school, row.receiver.id, CHANNEL_CLOSED)
            return False
        await self._to_staff_channel(connection, school, row)
        if row.kind != "notice":
            await self._tell(connection, school, row.receiver.id, DM_CLOSED)
        return True

    async def _to_staff_channel(self, connection: AsyncConnection, school: School, row: OutboxRow) -> None:
        kind, values = row.kind, {**row.values, "ping": row.receiver.id}
        if "private" in values:
            values["bare"] = "yes"
        elif kind == "alert":  # its card stands in the staff channel already; this one names the person
            kind, values = "alert_reminder", {**values, "why": "alerts.why.dm_closed"}
        receiver = Receiver("channel", school.staff_channel)
        await self._outbox.enqueue(
            connection, school.guild, kind, row.subject, receiver, values=values, priority=row.priority
        )

    async def _tell(self, connection: AsyncConnection, school: School, about: str, text: str) -> None:
        values = {"text": text, "user" if text == DM_CLOSED else "channel": about}
        told = await self._told_today(connection, school, values)
        for receiver in _tellable(school, about):
            if receiver.id not in told:
                await self._outbox.enqueue(
                    connection, school.guild, "notice", 0, receiver, values=values, priority=Priority.NORMAL
                )

    async def _told_today(self, connection: AsyncConnection, school: School, values: dict[str, str]) -> set[str]:
        day = self._clock.now().astimezone(school.zone).date()
        since = datetime.combine(day, time(), school.zone)
        asked = select(outbox.c.receiver, outbox.c["values"].label("given")).where(
            outbox.c.school == school.guild, outbox.c.kind == "notice", outbox.c.created_at >= since
        )
        return {row.receiver for row in await connection.execute(asked) if row.given == values}


def _tellable(school: School, about: str) -> list[Receiver]:
    """Return the first coordinator who can be told; the staff channel when that is the person, or a role."""
    users = [holder.removeprefix("user:") for holder in school.coordinators if holder.startswith("user:")]
    if about == school.staff_channel:
        return [Receiver("user", user) for user in users]
    others = [user for user in users if user != about]
    return [Receiver("user", others[0])] if others else [Receiver("channel", school.staff_channel)]
