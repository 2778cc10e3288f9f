"""How staff hear of a report: an alert in the same transaction, and a word when the pupil writes on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import RowMapping, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.choices import wants_dm
from bot.alerts.opening import Alerts, NewAlert
from bot.alerts.outbox import Outbox, Priority
from bot.alerts.routing import USER, Holders, crisis_receivers
from bot.findings.facts import Outcome
from bot.ports import Receiver
from bot.reports.facts import ReceiverLine
from bot.reports.receivers import COORDINATOR, SUPERVISOR
from bot.reports.seal import Seals
from bot.school import School
from bot.screening.verdict import Severity
from bot.storage.tables import report as report_table

SAID = "report_said"


@dataclass(frozen=True, slots=True)
class Route:
    """Where a report goes. ``chosen``: what the pupil picked, None for the class teachers; ``lines``: who sees it."""

    class_name: str | None
    chosen: str | None
    left_out: tuple[str, ...]
    lines: tuple[ReceiverLine, ...]


def holders_of(school: School, chosen: str | None, left_out: tuple[str, ...]) -> Holders:
    """Return the only people to tell, as in the school file; nobody in particular for the class teachers."""
    if chosen is None:
        return ()
    supervisor = (school.supervisor,) if school.supervisor else ()
    asked = {COORDINATOR: school.coordinators, SUPERVISOR: (*supervisor, *school.coordinators)}
    out = {f"{USER}{user}" for user in left_out}
    holders = asked.get(chosen, (f"{USER}{chosen}",))
    return tuple(holder for holder in holders if holder not in out)


class ReportAlarm:
    """Tells staff, inside the caller's transaction."""

    def __init__(self, *, alerts: Alerts, outbox: Outbox, seals: Seals) -> None:
        self._alerts = alerts
        self._outbox = outbox
        self._seals = seals

    async def raise_report(
        self, connection: AsyncConnection, school: School, report: int, severity: Severity, route: Route
    ) -> int:
        """Open the alert of a report and return its id."""
        new = NewAlert(
            school=school,
            kind="report",
            severity=severity,
            group_key=f"report:{report}",
            class_name=route.class_name,
            receivers=holders_of(school, route.chosen, route.left_out),
            left_out=frozenset(route.left_out),
        )
        opened = await self._alerts.open(connection, new)
        same = (report_table.c.school == school.guild) & (report_table.c.id == report)
        await connection.execute(update(report_table).where(same).values(alert=opened))
        return opened

    async def raise_crisis(self, connection: AsyncConnection, school: School, row: RowMapping) -> int:
        """Tell the designated adults at once that a pupil may be in distress; the pupil gets the numbers.

        Returns the alert's id. Its ``group_key`` ends in ``report:ID``.
        """
        out = frozenset(row["left_out"] or ())
        holders = tuple(holder for holder in crisis_receivers(school) if holder.removeprefix(USER) not in out)
        new = NewAlert(
            school=school,
            kind="crisis",
            severity=Severity.URGENT,
            group_key=f"crisis:report:{row['id']}",
            class_name=row["class_name"],
            receivers=holders or school.coordinators,
            left_out=out,
        )
        opened = await self._alerts.open(connection, new)
        about = (school.guild, "crisis_pupil", opened, self._seals.receiver(row))
        await self._outbox.enqueue(connection, *about, priority=Priority.CRISIS)
        same = (report_table.c.school == school.guild) & (report_table.c.id == row["id"])
        await connection.execute(update(report_table).where(same).values(crisis=True))
        return opened

    async def close(self, connection: AsyncConnection, row: RowMapping, by: str) -> None:
        """Close the alert of a report that was answered and closed; reminders stop, cards show it."""
        if row["alert"] is not None:
            await self._alerts.close(connection, row["school"], row["alert"], Outcome.ANSWERED, by)

    async def tell_staff(self, connection: AsyncConnection, school: School, row: RowMapping) -> None:
        """Tell whoever has the report that the pupil wrote on; else those it was for."""
        values = {"number": str(row["number"])}
        for receiver, more in await self._staff(connection, school, row):
            about = (school.guild, SAID, row["id"], receiver)
            await self._outbox.enqueue(connection, *about, values={**values, **more}, priority=Priority.URGENT)

    async def _staff(
        self, connection: AsyncConnection, school: School, row: RowMapping
    ) -> list[tuple[Receiver, dict[str, str]]]:
        user, private = row["taken_by"], {"private": "yes"}
        if row["receiver"] is None:
            if user and await wants_dm(connection, school, user, row["class_name"]):
                return [(Receiver("user", user), {})]
            return [(Receiver("channel", school.staff_channel), {"ping": user} if user else {})]
        if user:
            return [(Receiver("user", user), private)]
        holders = holders_of(school, row["receiver"], tuple(row["left_out"] or ()))
        users = [holder.removeprefix(USER) for holder in holders if holder.startswith(USER)]
        if users:
            return [(Receiver("user", one), private) for one in users]
        return [(Receiver("channel", school.staff_channel), {**private, "bare": "yes"})]
