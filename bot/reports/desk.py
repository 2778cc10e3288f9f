"""The desk of reports: where pupils tell, staff answer, and a seal is opened.

page -> draft -> file -> (taken, answer, write) -> close. Every step that concerns the pupil is a row of the outbox,
written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.opening import Alerts
from bot.alerts.outbox import Outbox
from bot.clock import Clock, Ids
from bot.people import Actor, Verb, require
from bot.ports import ChatMessage, Roster
from bot.reports.alarm import ReportAlarm
from bot.reports.facts import (
    FileTold,
    KeptFile,
    OwnReport,
    Receipt,
    ReportPage,
    ReportState,
    ReportView,
    Waiting,
)
from bot.reports.filing import Clerk, Filing
from bot.reports.hours import look_moment
from bot.reports.incase import CaseReports
from bot.reports.kept import FileStore, Kept
from bot.reports.receivers import Receivers, classes_of
from bot.reports.receiving import SENT_LOOK, Receiving
from bot.reports.seal import Seals
from bot.reports.showing import Showing
from bot.reports.sifting import Sent, Sieve
from bot.reports.store import ReportStore
from bot.reports.talking import Talking
from bot.reports.told import told
from bot.reports.unsealing import Unsealing
from bot.screening.verdict import Verdict
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.tables import report as report_table
from bot.storage.vault import Vault
from bot.timers import Timers

__all__ = ["DRAFT_TIMER", "SENT_LOOK", "Reports"]
DRAFT_TIMER = "draft"
DRAFT_LIFE = timedelta(days=1)


class Reports:
    """What can be done with reports. ``of_cases`` is what the desk of cases does with them."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        roster: Roster,
        alerts: Alerts,
        outbox: Outbox,
        timers: Timers,
        audit: Audit,
        files: FileStore,
        sieve: Sieve,
        judge: Callable[[str], Awaitable[Verdict]],
    ) -> None:
        self._database = database
        self._clock = clock
        self._timers = timers
        self._seals = Seals(vault)
        self._receivers = Receivers(roster, clock)
        self._store = ReportStore(seals=self._seals, clock=clock, ids=ids)
        self._kept = Kept(vault=vault, clock=clock, ids=ids, files=files)
        self._alarm = ReportAlarm(alerts=alerts, outbox=outbox, seals=self._seals)
        common: dict[str, Any] = {"database": database, "store": self._store, "alarm": self._alarm, "audit": audit}
        about: dict[str, Any] = {"database": database, "clock": clock, "timers": timers, "sieve": sieve}
        self._receiving = Receiving(**about, kept=self._kept)
        parts: dict[str, Any] = {"kept": self._kept, "receiving": self._receiving, "receivers": self._receivers}
        self._clerk = Clerk(**common, **parts, clock=clock, judge=judge)
        self._talking = Talking(**common, outbox=outbox, clock=clock, judged=self._clerk.judged)
        staff: dict[str, Any] = {"database": database, "store": self._store, "audit": audit}
        self._showing = Showing(**staff, kept=self._kept, receiving=self._receiving)
        self._unsealing = Unsealing(**staff, outbox=outbox, clock=clock)
        self.of_cases = CaseReports(store=self._store, kept=self._kept, talking=self._talking)

    async def page(self, actor: Actor, class_name: str | None = None) -> ReportPage:
        """Return who will see what; nothing is kept."""
        require(actor, Verb.REPORT)
        rooms = classes_of(actor)
        named = actor.school.class_named(class_name) if class_name else None
        shown = (named,) if named else rooms
        return ReportPage(
            school=actor.school.guild,
            school_name=actor.school.name,
            class_name=shown[0].name if shown else None,
            classes=tuple(room.name for room in rooms),
            receivers=await self._receivers.of(actor, shown),
            look=look_moment(actor.school, self._clock.now()),
        )

    async def draft(
        self,
        school: str,
        user: str,
        *,
        what: str | None = None,
        origin: str,
        class_name: str | None = None,
        channel: str | None = None,
        message: str | None = None,
        files: Sequence[KeptFile] = (),
        evidence: ChatMessage | None = None,
    ) -> int:
        """Begin a report (origin: command, menu, dm); its text is erased after a day unless it is filed."""
        sifted = await self._receiving.look(school, files)
        private = origin == "dm"  # a private channel would name the pupil of an anonymous report
        about = {"origin": origin, "class_name": class_name, "channel": None if private else channel}
        async with self._database.write() as connection:
            where = {**about, "message": None if private else message}
            row = await self._store.add_draft(connection, school, user, what=what, **where)
            if evidence is not None:
                await self._kept.message(connection, row, evidence)
            await self._receiving.keep(connection, school, sifted, Sent(report=row))
            await self._timers.plan(connection, school, DRAFT_TIMER, row, self._clock.now() + DRAFT_LIFE)
        return row

    async def distress(self, actor: Actor, draft: int) -> None:
        """Bring a private message in despair to the designated adults at once; its writer's name stays sealed.

        The adapter calls it when the verdict on a private message is a crisis. The pupil can still add to it by name
        or anonymously; nothing is erased after a day.
        """
        await self._clerk.distress(actor, draft)

    async def draft_files(self, actor: Actor, draft: int) -> tuple[FileTold, ...]:
        """Return what became of the files of somebody's own draft."""
        async with self._database.read() as connection:
            row = await self._store.find(connection, actor.school.guild, draft)
            if row is None or row["reporter_mark"] != self._seals.mark(actor.school.guild, actor.id):
                return ()
            return await self._receiving.told(connection, actor.school.guild, draft)

    async def draft_text(self, actor: Actor, draft: int) -> str:
        """Return what a draft already says, to fill the form with; empty when it is gone or somebody else's."""
        async with self._database.read() as connection:
            row = await self._store.find(connection, actor.school.guild, draft)
        if row is None or row["reporter_mark"] != self._seals.mark(actor.school.guild, actor.id):
            return ""
        return self._seals.text(row, "what_sealed")

    async def file(
        self,
        actor: Actor,
        draft: int,
        *,
        anonymous: bool,
        what: str,
        who: str = "",
        since: str = "",
        files: Sequence[KeptFile] = (),
        receiver: str | None = None,
    ) -> Receipt:
        """File a report and return what the pupil is told.

        Raises
        ------
        InputError: ``what`` shows nothing or something is too long or too large; nothing is lost.
        """
        require(actor, Verb.REPORT)
        fields, sifted = told(what, who, since), await self._receiving.look(actor.school.guild, files)
        return await self._clerk.file(actor, Filing(draft, fields, anonymous, sifted, receiver))

    async def view(self, actor: Actor, report: int) -> ReportView:
        """Return a report for staff; audited."""
        return await self._showing.view(actor, report)

    async def report_file(self, actor: Actor, report: int, evidence: int) -> KeptFile:
        """Return one file of a report; audited."""
        return await self._showing.file(actor, report, evidence)

    async def on_look(self, subject: int, school: str) -> None:
        """Timer ``sent_look``: look again at a file that there was no time for."""
        await self._receiving.on_look(subject, school)

    async def of_alert(self, school: str, alert: int) -> int | None:
        """Return the report that an alert is about."""
        where = and_(report_table.c.school == school, report_table.c.alert == alert)
        async with self._database.read() as connection:
            found: int | None = await connection.scalar(select(report_table.c.id).where(where))
        return found

    async def taken(self, connection: AsyncConnection, actor: Actor, report: int) -> None:
        """Note, inside the caller's transaction, that somebody took a report up; the pupil hears it."""
        await self._talking.taken(connection, actor, report)

    async def answer(self, actor: Actor, report: int, text: str) -> int:
        """Answer the pupil; returns the talk line's id."""
        return await self._talking.answer(actor, report, text)

    async def write(self, actor: Actor, report: int, text: str) -> int:
        """Let the pupil write on; returns the talk line's id."""
        return await self._talking.write(actor, report, text)

    async def close(self, actor: Actor, report: int, text: str = "") -> None:
        """Close a report; the pupil hears it, with these words when there are any."""
        await self._talking.close(actor, report, text)

    async def waiting(self, actor: Actor) -> list[Waiting]:
        """Return what could not be read yet, oldest first; it keeps waiting until ``read``."""
        return await self._talking.waiting(actor)

    async def read(self, actor: Actor, shown: Sequence[Waiting]) -> None:
        """Note that somebody has these before them, once the platform took the page."""
        await self._talking.read(actor, shown)

    async def mine(self, actor: Actor) -> list[OwnReport]:
        """Return somebody's own reports, newest first."""
        return await self._talking.mine(actor)

    async def talk_text(self, school: str, report: int, talk: int) -> str:
        """Return one line of the talk, for the messenger that delivers it."""
        return await self._talking.text_of(school, report, talk)

    async def own(self, school: str, report: int) -> OwnReport:
        """Return a report as its maker sees it, for the messenger that tells the maker; no rights asked."""
        async with self._database.read() as connection:
            return await self._store.as_own(connection, await self._store.get(connection, school, report))

    async def reporter(self, school: str, report: int) -> str:
        """Return the platform id of a report's maker, for the outbox only.

        A row for the maker of an anonymous report says ``receiver_kind`` "reporter" and ``receiver`` the report's id.
        """
        async with self._database.read() as connection:
            return self._seals.reporter(await self._store.get(connection, school, report))

    async def open_seal(self, actor: Actor, report: int, reason: str) -> str:
        """Open the seal of an anonymous report: returns the user id; audited, and the pupil is told.

        Raises
        ------
        NotAllowedError: not the coordinator, or the report is about this person.
        InputError: no reason.
        """
        return await self._unsealing.open(actor, report, reason)

    async def on_draft(self, subject: int, school: str) -> None:
        """Timer ``draft``: erase a draft that was not filed, with all that was kept with it."""
        files: list[str] = []
        async with self._database.write() as connection:
            row = await self._store.find(connection, school, subject)
            if row is not None and row["state"] == ReportState.DRAFT:
                files = await self._kept.forget(connection, school, subject)
                await self._store.drop_draft(connection, school, subject)
        await self._kept.erase(school, files)
