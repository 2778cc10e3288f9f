"""The talk between a pupil and whoever took the report, through the bot, also when the report is anonymous."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import PUPIL_KINDS, Outbox, OutboxState, Priority
from bot.clock import Clock
from bot.errors import NotFoundError, WrongStateError
from bot.people import Actor, Role, Verb, require
from bot.reports.access import require_reader
from bot.reports.alarm import ReportAlarm
from bot.reports.facts import OwnReport, ReportState, Waiting
from bot.reports.seal import REPORTER
from bot.reports.store import ReportStore
from bot.reports.told import line
from bot.screening.verdict import Verdict
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.tables import outbox

ANSWER = "report_answer"


class Talking:
    """Carries words between pupil and staff."""

    def __init__(
        self,
        *,
        database: Database,
        store: ReportStore,
        outbox: Outbox,
        alarm: ReportAlarm,
        audit: Audit,
        clock: Clock,
        judged: Callable[[str], Awaitable[Verdict]],
    ) -> None:
        self._database = database
        self._store = store
        self._outbox = outbox
        self._alarm = alarm
        self._audit = audit
        self._clock = clock
        self._judged = judged

    async def taken(self, connection: AsyncConnection, actor: Actor, report: int) -> None:
        """Note that somebody took a report up; the pupil hears it once."""
        row = await self._store.get(connection, actor.school.guild, report)
        require_reader(actor, row, await self._store.about(connection, row))
        if row["state"] == ReportState.TAKEN and row["taken_by"] == actor.id:
            return
        facts = {"state": ReportState.TAKEN, "taken_by": actor.id}
        await self._store.change(connection, row["school"], report, **facts)
        await self._tell(connection, row, "report_taken", by=actor.id)

    async def answer(self, actor: Actor, report: int, text: str) -> int:
        """Answer the pupil; returns the line's id."""
        said = line(text)
        async with self._database.write() as connection:
            row = await self._store.get(connection, actor.school.guild, report)
            require_reader(actor, row, await self._store.about(connection, row))
            if row["taken_by"] is None:
                raise WrongStateError("error.report.take_first", number=row["number"])
            added = await self._store.say(connection, row, "out", said, actor.id)
            await self._tell(connection, row, ANSWER, by=actor.id, talk=added)
            await self._audit.note(connection, row["school"], actor.id, "reply", f"report:{report}")
        return added

    async def write(self, actor: Actor, report: int, text: str) -> int:
        """Let the pupil write on; staff hear it. Words of despair take the crisis road besides."""
        said = line(text)
        require(actor, Verb.REPLY_OWN, extra=frozenset({Role.REPORTER}))
        verdict = await self._judged(said)
        async with self._database.write() as connection:
            row = await self._store.own(connection, actor.school.guild, report, actor.id)
            added = await self._store.say(connection, row, "in", said)
            if row["state"] == ReportState.CLOSED:
                again = ReportState.TAKEN if row["taken_by"] else ReportState.OPEN
                await self._store.change(connection, row["school"], report, state=again, closed_at=None)
            await self._alarm.tell_staff(connection, actor.school, row)
            if verdict.crisis:
                await self._alarm.raise_crisis(connection, actor.school, row)
            who = self._store.seals.audited(row)
            await self._audit.note(connection, row["school"], who, "reply_own", f"report:{report}")
        return added

    async def close(self, actor: Actor, report: int, text: str) -> None:
        """Close a report; the pupil hears it, with these words when there are any."""
        said = line(text, required=False)
        async with self._database.write() as connection:
            row = await self._store.get(connection, actor.school.guild, report)
            require_reader(actor, row, await self._store.about(connection, row), Verb.CLOSE_REPORT)
            if row["state"] == ReportState.CLOSED:
                raise WrongStateError("error.report.closed", number=row["number"])
            await self.close_row(connection, row, actor.id, said)
            await self._alarm.close(connection, row, actor.id)
            await self._audit.note(connection, row["school"], actor.id, "close_report", f"report:{report}")

    async def close_row(self, connection: AsyncConnection, row: RowMapping, by: str, said: str) -> None:
        """Close a report inside the caller's transaction and let the pupil hear it."""
        facts = {"state": ReportState.CLOSED, "closed_at": self._clock.now(), "taken_by": row["taken_by"] or by}
        await self._store.change(connection, row["school"], row["id"], **facts)
        values = {"talk": await self._store.say(connection, row, "out", said, by)} if said else {}
        await self._tell(connection, row, "report_closed", by=by, **values)

    async def mine(self, actor: Actor) -> list[OwnReport]:
        """Return somebody's own reports, newest first."""
        require(actor, Verb.MY_MESSAGES)
        async with self._database.read() as connection:
            rows = await self._store.all_own(connection, actor.school.guild, actor.id)
            return [await self._store.as_own(connection, row) for row in rows]

    async def waiting(self, actor: Actor) -> list[Waiting]:
        """Return what could not be read yet, oldest first."""
        require(actor, Verb.MY_MESSAGES)
        async with self._database.read() as connection:
            rows = await self._store.all_own(connection, actor.school.guild, actor.id)
            numbers = {row["id"]: row["number"] for row in rows}
            refused = await _refused(connection, actor, numbers)
            brings = {row["values"].get("talk"): row["id"] for row in refused if row["kind"] == ANSWER}
            answers = [one for row in rows for one in await self._answers(connection, row, brings)]
        others = [_waiting(row, numbers) for row in refused if row["kind"] != ANSWER]
        return sorted((*others, *answers), key=lambda one: one.at)

    async def read(self, actor: Actor, shown: Sequence[Waiting]) -> None:
        """Note that somebody has these before them."""
        school, rows = actor.school.guild, [one.row for one in shown if one.row]
        arrived = and_(outbox.c.school == school, outbox.c.id.in_(rows), outbox.c.state == OutboxState.REFUSED)
        facts = {"state": OutboxState.SENT, "sent_at": self._clock.now()}
        async with self._database.write() as connection:
            await self._store.mark_read(connection, school, [one.subject for one in shown if one.kind == ANSWER])
            await connection.execute(update(outbox).where(arrived).values(**facts))

    async def text_of(self, school: str, report: int, talk: int) -> str:
        """Return one line of the talk. Raises ``NotFoundError``."""
        async with self._database.read() as connection:
            lines = await self._store.lines(connection, school, report)
        found = next((one.text for one in lines if one.id == talk), None)
        if found is None:
            raise NotFoundError("error.report.gone")
        return found

    async def _answers(
        self, connection: AsyncConnection, row: RowMapping, brings: Mapping[str | None, int]
    ) -> list[Waiting]:
        lines = await self._store.unread(connection, row)
        return [
            Waiting(
                kind=ANSWER,
                subject=one.id,
                report=row["id"],
                number=row["number"],
                text=one.text,
                at=one.at,
                values={"by": one.by or ""},
                row=brings.get(str(one.id)),
            )
            for one in lines
        ]

    async def _tell(self, connection: AsyncConnection, row: RowMapping, kind: str, **values: object) -> None:
        told = {"number": str(row["number"]), **{name: str(value) for name, value in values.items()}}
        receiver = self._store.seals.receiver(row)
        about = (row["school"], kind, row["id"], receiver)
        await self._outbox.enqueue(connection, *about, values=told, priority=Priority.PUPIL)


async def _refused(connection: AsyncConnection, actor: Actor, numbers: Mapping[int, int]) -> Sequence[RowMapping]:
    """Return the rows for somebody that the platform refused to bring."""
    to_user = and_(outbox.c.receiver_kind == "user", outbox.c.receiver == actor.id)
    own = [str(number) for number in numbers]
    to_reporter = and_(outbox.c.receiver_kind == REPORTER, outbox.c.receiver.in_(own))
    refused = and_(
        outbox.c.school == actor.school.guild,
        outbox.c.kind.in_(sorted(PUPIL_KINDS)),
        outbox.c.state == OutboxState.REFUSED,
        or_(to_user, to_reporter),
    )
    return (await connection.execute(select(outbox).where(refused).order_by(outbox.c.id))).mappings().all()


def _waiting(row: RowMapping, numbers: Mapping[int, int]) -> Waiting:
    at: datetime = row["created_at"]
    report = row["subject"] if row["subject"] in numbers else None
    number = numbers.get(row["subject"])
    return Waiting(row["kind"], row["subject"], report, number, None, at, dict(row["values"]), row["id"])
