"""From the form to a filed report: clean, screen, route; then report, evidence, alert and audit in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.people import Actor
from bot.reports.alarm import ReportAlarm, Route, holders_of
from bot.reports.facts import FileTold, Receipt, ReceiverLine, ReceiverRole, ReportState
from bot.reports.hours import look_moment
from bot.reports.kept import Kept
from bot.reports.receivers import COORDINATOR, SUPERVISOR, Receivers, by_key, classes_of, without
from bot.reports.receiving import Receiving
from bot.reports.seal import ANONYMOUS
from bot.reports.sifting import Sent, Sifted
from bot.reports.store import ReportStore
from bot.reports.told import Told
from bot.school import ClassRoom
from bot.screening.verdict import QUIET, Severity, SignalName, Verdict
from bot.storage.audit import Audit
from bot.storage.engine import Database

LOG = logging.getLogger(__name__)
URGENT_SIGNALS = frozenset({SignalName.THREAT, SignalName.INCITEMENT, SignalName.CRISIS})


@dataclass(frozen=True, slots=True)
class Filing:
    """What a pupil sends in."""

    draft: int
    told: Told = field(repr=False)
    anonymous: bool
    files: tuple[Sifted, ...]
    receiver: str | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A filing that was looked at: how urgent it is, whether its writer may be in distress, and where it goes."""

    filing: Filing
    severity: Severity
    crisis: bool
    route: Route


class Clerk:
    """Takes reports in."""

    def __init__(
        self,
        *,
        database: Database,
        store: ReportStore,
        kept: Kept,
        receiving: Receiving,
        receivers: Receivers,
        alarm: ReportAlarm,
        audit: Audit,
        clock: Clock,
        judge: Callable[[str], Awaitable[Verdict]],
    ) -> None:
        self._database = database
        self._store = store
        self._kept = kept
        self._receiving = receiving
        self._receivers = receivers
        self._alarm = alarm
        self._audit = audit
        self._clock = clock
        self._judge = judge

    async def file(self, actor: Actor, filing: Filing) -> Receipt:
        """File a report once; the same form sent twice gives the same receipt."""
        verdict = await self.judged(filing.told.what)
        async with self._database.read() as connection:
            draft = await self._draft(connection, actor, filing)
            authors = await self._authors(connection, draft)
        ready = Ready(filing, severity_of(verdict), verdict.crisis, await self._route(actor, filing, draft, authors))
        async with self._database.write() as connection:
            draft = await self._draft(connection, actor, filing)
            if draft is not None and draft["state"] != ReportState.DRAFT:
                await self._complete(connection, draft, filing)
                told = await self._receiving.told(connection, actor.school.guild, draft["id"])
                return self._receipt(actor, (draft["id"], draft["number"]), ready, told)
            row = draft["id"] if draft else await self._fresh(connection, actor, ready.route)
            number = await self._write(connection, actor, row, ready)
            await self._raise(connection, actor, row, ready)
            told = await self._receiving.told(connection, actor.school.guild, row)
        return self._receipt(actor, (row, number), ready, told)

    async def distress(self, actor: Actor, draft: int) -> None:
        """Bring a private message in despair to the adults at once, its writer sealed; the pupil need press nothing."""
        async with self._database.write() as connection:
            row = await self._store.find(connection, actor.school.guild, draft)
            if row is None or row["state"] != ReportState.DRAFT or not self._is_of(row, actor):
                return
            said = Told(self._store.seals.text(row, "what_sealed"), "", "")
            filing = Filing(draft, said, anonymous=True, files=(), receiver=None)
            ready = Ready(filing, Severity.URGENT, crisis=True, route=Route(None, COORDINATOR, (), ()))
            await self._write(connection, actor, draft, ready)
            filed = await self._store.get(connection, actor.school.guild, draft)
            alert = await self._alarm.raise_crisis(connection, actor.school, filed)
            await self._store.change(connection, actor.school.guild, draft, alert=alert)

    async def judged(self, text: str) -> Verdict:
        """Return what screening says of a pupil's words; a report goes through whatever happens to screening."""
        try:
            return await self._judge(text)
        except Exception as error:  # noqa: BLE001 - a report must never be lost to a model
            LOG.error("screening of a report failed: %s", type(error).__name__)  # noqa: TRY400 - no contents in logs
            return QUIET

    async def _draft(self, connection: AsyncConnection, actor: Actor, filing: Filing) -> RowMapping | None:
        """Return the draft; None when it is gone, somebody else's, or filed before with other words."""
        row = await self._store.find(connection, actor.school.guild, filing.draft)
        if row is None or not self._is_of(row, actor):
            return None
        if row["state"] != ReportState.DRAFT and self._store.seals.text(row, "what_sealed") != filing.told.what:
            return None
        return row

    def _is_of(self, row: RowMapping, actor: Actor) -> bool:
        mine: bool = row["reporter_mark"] == self._store.seals.mark(actor.school.guild, actor.id)
        return mine

    async def _complete(self, connection: AsyncConnection, row: RowMapping, filing: Filing) -> None:
        """Add what the form says to a report that was filed with the same words before (twice sent, or in despair).

        A name, once given, is not taken back; files that came before are not kept twice.
        """
        school, seals = row["school"], self._store.seals
        fields = (("who_sealed", filing.told.who), ("since_sealed", filing.told.since))
        fresh: dict[str, Any] = {
            name: seals.seal(school, row["id"], name, text) for name, text in fields if text and not row[name]
        }
        if row["anonymous"] and not filing.anonymous:
            fresh["anonymous"] = False
        if fresh:
            await self._store.change(connection, school, row["id"], **fresh)
        kept = {one["fingerprint"] for one in await self._kept.rows(connection, school, row["id"])}
        more = [one for one in filing.files if one.facts.sha256 not in kept]
        await self._receiving.keep(connection, school, more, Sent(report=row["id"], left_out=tuple(row["left_out"])))

    async def _authors(self, connection: AsyncConnection, draft: RowMapping | None) -> tuple[str, ...]:
        if draft is None:
            return ()
        rows = await self._kept.rows(connection, draft["school"], draft["id"])
        return tuple(row["author"] for row in rows if row["author"])

    async def _route(self, actor: Actor, filing: Filing, draft: RowMapping | None, authors: Sequence[str]) -> Route:
        rooms = _rooms(actor, draft["class_name"] if draft else None)
        left_out = await self._receivers.accused(actor.school, filing.told.who, authors)
        everyone = without(await self._receivers.of(actor, rooms), left_out)
        chosen = by_key(everyone).get(filing.receiver or "")
        class_name = chosen.class_name if chosen and chosen.class_name else (rooms[0].name if rooms else None)
        if chosen is None and holders_of(actor.school, SUPERVISOR, left_out) and left_out:
            chosen = ReceiverLine(SUPERVISOR, ReceiverRole.SUPERVISOR, None, "")
        if chosen is None or (chosen.user == _first_teacher(everyone) and not left_out):
            lines = tuple(line for line in everyone if line.class_name in {class_name, None})
            return Route(class_name, None, left_out, lines)
        coordinators = tuple(line for line in everyone if line.key == COORDINATOR)
        return Route(class_name, chosen.key, left_out, tuple(dict.fromkeys((chosen, *coordinators))))

    async def _fresh(self, connection: AsyncConnection, actor: Actor, route: Route) -> int:
        about = {"origin": "command", "class_name": route.class_name}
        return await self._store.add_draft(connection, actor.school.guild, actor.id, what=None, **about)

    async def _write(self, connection: AsyncConnection, actor: Actor, row: int, ready: Ready) -> int:
        school, filing, route = actor.school.guild, ready.filing, ready.route
        facts = {"class_name": route.class_name, "receiver": route.chosen, "left_out": list(route.left_out)}
        number = await self._store.file(
            connection, school, row, filing.told, anonymous=filing.anonymous, severity=ready.severity, **facts
        )
        await self._receiving.keep(connection, school, filing.files, Sent(report=row, left_out=route.left_out))
        if route.chosen is None and not route.left_out:  # else only those whom the pupil chose hear of it
            await self._receiving.into_case(connection, school, row)
        who = ANONYMOUS if filing.anonymous else actor.id
        await self._audit.note(connection, school, who, "report", f"report:{row}")
        return number

    async def _raise(self, connection: AsyncConnection, actor: Actor, row: int, ready: Ready) -> None:
        await self._alarm.raise_report(connection, actor.school, row, ready.severity, ready.route)
        if ready.crisis:
            filed = await self._store.get(connection, actor.school.guild, row)
            await self._alarm.raise_crisis(connection, actor.school, filed)

    def _receipt(self, actor: Actor, filed: tuple[int, int], ready: Ready, files: tuple[FileTold, ...]) -> Receipt:
        return Receipt(
            report=filed[0],
            number=filed[1],
            anonymous=ready.filing.anonymous,
            severity=ready.severity,
            crisis=ready.crisis,
            receivers=ready.route.lines,
            look=look_moment(actor.school, self._clock.now()),
            left_out=bool(ready.route.left_out),
            files=files,
        )


def severity_of(verdict: Verdict) -> Severity:
    """Return how urgent a report is: a person always looks; threats and despair are urgent."""
    urgent = any(signal.signal in URGENT_SIGNALS and signal.severity.flagged for signal in verdict.signals)
    return Severity.URGENT if urgent else Severity.ALERT


def _first_teacher(lines: Sequence[ReceiverLine]) -> str | None:
    return next((line.user for line in lines if line.class_name), None)


def _rooms(actor: Actor, class_name: str | None) -> tuple[ClassRoom, ...]:
    rooms = classes_of(actor)
    named = actor.school.class_named(class_name) if class_name else None
    return (named, *(room for room in rooms if room != named)) if named else rooms
