"""Writes the rows by which people hear of an alert: the staff card, private messages, reminders.

The staff card is always there and is the review queue; who takes no private messages is mentioned on it
(``values["ping"]``, ``values["ping_roles"]``: ids with a space between). A private alert goes to its people alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.choices import wants_dm
from bot.alerts.outbox import Outbox, Priority
from bot.alerts.routing import ROLE, USER, Holders, Route
from bot.ports import Receiver
from bot.school import School
from bot.screening.verdict import Severity

PRIVATE = {"private": "yes"}


@dataclass(frozen=True, slots=True)
class Told:
    """One telling: of which alert, how urgently, when, and what is said beside the card."""

    alert: int
    route: Route
    severity: Severity
    due_at: datetime
    values: Mapping[str, str]

    @property
    def kind(self) -> str:
        """The kind of the first telling's rows."""
        return "crisis" if self.route.kind == "crisis" else "alert"

    @property
    def priority(self) -> Priority:
        """What overtakes what."""
        if self.route.kind == "crisis":
            return Priority.CRISIS
        return Priority.URGENT if self.severity is Severity.URGENT else Priority.NORMAL


@dataclass(frozen=True, slots=True)
class _Row:
    school: str
    kind: str
    receiver: Receiver
    values: Mapping[str, str]


class Telling:
    """Tells the people of one rung."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def first(self, connection: AsyncConnection, school: School, holders: Holders, told: Told) -> None:
        """Show the card in the staff channel and tell the first rung; a private alert only tells its people."""
        pings = await self._messages(connection, school, holders, told, told.kind)
        if not told.route.private:
            await self._staff(connection, school, told, told.kind, pings)
        elif pings or not holders:
            await self._staff(connection, school, told, told.kind, {**pings, "bare": "yes"})

    async def remind(self, connection: AsyncConnection, school: School, holders: Holders, told: Told) -> None:
        """Remind the people of a rung: by private message, else in the staff channel."""
        kind = "crisis" if told.route.kind == "crisis" else "alert_reminder"
        pings = await self._messages(connection, school, holders, told, kind)
        if pings:
            bare = {"bare": "yes"} if told.route.private else {}
            await self._staff(connection, school, told, kind, {**pings, **bare})

    async def _messages(
        self, connection: AsyncConnection, school: School, holders: Holders, told: Told, kind: str
    ) -> dict[str, str]:
        users: list[str] = []
        for user in (holder.removeprefix(USER) for holder in holders if holder.startswith(USER)):
            if told.route.private or await wants_dm(connection, school, user, told.route.class_name):
                await self._write(connection, told, _Row(school.guild, kind, Receiver("user", user), {}))
            else:
                users.append(user)
        roles = [holder.removeprefix(ROLE) for holder in holders if holder.startswith(ROLE)]
        pings = {"ping": " ".join(users), "ping_roles": " ".join(roles)}
        return {name: ids for name, ids in pings.items() if ids}

    async def _staff(
        self, connection: AsyncConnection, school: School, told: Told, kind: str, values: dict[str, str]
    ) -> None:
        row = _Row(school.guild, kind, Receiver("channel", school.staff_channel), values)
        await self._write(connection, told, row)

    async def _write(self, connection: AsyncConnection, told: Told, row: _Row) -> None:
        values = {**told.values, **(PRIVATE if told.route.private else {}), **row.values}
        await self._outbox.enqueue(
            connection,
            row.school,
            row.kind,
            told.alert,
            row.receiver,
            values=values,
            priority=told.priority,
            due_at=told.due_at,
        )
