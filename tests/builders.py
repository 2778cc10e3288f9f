"""Builders: one line makes a message, a school, a person, or a whole core on fakes and a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, select

from bot.alerts.choices import DmChoices
from bot.alerts.config import read_rules
from bot.alerts.ladder import Ladder
from bot.alerts.opening import Alerts
from bot.alerts.outage import Outage
from bot.alerts.outbox import Outbox
from bot.alerts.refusals import Refusals
from bot.alerts.sending import Sender
from bot.clock import Busy, Ids, SteeredClock
from bot.findings.evidence import EvidenceStore
from bot.findings.measures import Measures
from bot.findings.patterns import Patterns
from bot.findings.recording import Recorder
from bot.findings.review import Review
from bot.marks import Marks
from bot.media.byhand import TakenByHand
from bot.media.config import read_media_config
from bot.media.patience import Onlooker
from bot.media.store import HoldStore
from bot.people import Actor, People
from bot.ports import Attachment, ChatMessage, Member, Person, Surface, SurfaceKind
from bot.readback import ReadBack
from bot.recheck import Recheck
from bot.reports.kept import Kept
from bot.runner import Runner
from bot.school import ClassRoom, Pupil, School, Schools
from bot.schoolbook import SchoolBook
from bot.screening.verdict import Severity, Signal, SignalName, Verdict
from bot.storage.audit import Audit
from bot.storage.engine import Database, database_url, open_database
from bot.storage.files import FileStore
from bot.storage.keys import add_school_key, open_vault
from bot.storage.tables import metadata
from bot.storage.vault import Vault
from bot.timers import Timers
from bot.watch import Watch
from tests.fakes import FakeHistory, FakeInspector, FakeMedia, FakeMessenger, FakeRoster, FakeScreening

SCHOOL = "1100000000000000001"
OTHER_SCHOOL = "1100000000000000002"
STAFF_CHANNEL = "1100000000000000201"
CLASS_CHANNEL = "1100000000000000501"
OTHER_CLASS_CHANNEL = "1100000000000000502"
COORDINATOR = "1100000000000000301"
SUPERVISOR = "1100000000000000302"
TEACHER = "1100000000000000303"
SECOND = "1100000000000000304"
OTHER_TEACHER = "1100000000000000305"
MODERATOR = "1100000000000000306"
MODERATOR_ROLE = "1100000000000000401"
PUPIL = "1100000000000000601"
TARGET = "1100000000000000602"
THIRD = "1100000000000000603"
CLASS = "Groep 7b"
OTHER_CLASS = "Groep 8a"

TUESDAY_10 = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # Tuesday 10:00 in Amsterdam
FIRST_ID = 1500000000000000000
WRAPPING = bytes(range(32))
MEDIA = read_media_config(Path(__file__).parent.parent / "data" / "media" / "media.toml")
RULES = read_rules(Path(__file__).parent.parent / "data" / "alerts.toml")


class TickClock(SteeredClock):
    """A steered clock that stands still by itself."""

    def __init__(self, start: datetime = TUESDAY_10) -> None:
        super().__init__(start, monotonic=lambda: 0.0)

    def forward(self, **amount: float) -> None:
        """Go on by an amount, e.g. ``minutes=5``."""
        self.set(self.now() + timedelta(**amount))


def id_at(moment: datetime) -> str:
    """Return the lowest id of a moment; ``a_message`` gives ids of just after TUESDAY_10."""
    return str(FIRST_ID + int((moment - TUESDAY_10).total_seconds()) * 1_000_000)


def a_school(**changes: Any) -> School:
    """Return a school with two classes; the teachers of 7b take DMs."""
    facts: dict[str, Any] = {
        "name": "De Regenboog",
        "guild": SCHOOL,
        "staff_channel": STAFF_CHANNEL,
        "coordinators": [f"user:{COORDINATOR}"],
        "moderators": [f"role:{MODERATOR_ROLE}"],
        "supervisor": f"user:{SUPERVISOR}",
        "holidays": ["2026-12-21/2027-01-03"],
        "classes": (
            ClassRoom(name=CLASS, channels=(CLASS_CHANNEL,), teachers=(f"user:{TEACHER}", f"user:{SECOND}"), dm=True),
            ClassRoom(name=OTHER_CLASS, channels=(OTHER_CLASS_CHANNEL,), teachers=(f"user:{OTHER_TEACHER}",)),
        ),
        "pupils": (Pupil(PUPIL, "Daan", "de Boer", CLASS), Pupil(TARGET, "Noor", "Bakker", CLASS)),
    }
    return School.model_validate({**facts, **changes})


def a_person(user: str = PUPIL, name: str = "Daan", *, bot: bool = False) -> Person:
    return Person(user, name, bot)


_COUNTER = [0]


def a_message(text: str = "hoi", **changes: Any) -> ChatMessage:
    """Return a message of a pupil to another in the class channel; each has a fresh, later id."""
    _COUNTER[0] += 1
    number = changes.pop("id", str(FIRST_ID + _COUNTER[0]))
    channel = changes.pop("channel", CLASS_CHANNEL)
    facts: dict[str, Any] = {
        "school": SCHOOL,
        "author": a_person(),
        "at": TUESDAY_10,
        "mentions": (a_person(TARGET, "Noor"),),
        "surfaces": (Surface(SurfaceKind.TEXT, text),),
        "url": f"https://discord.com/channels/{SCHOOL}/{channel}/{number}",
    }
    return ChatMessage(id=number, channel=channel, **{**facts, **changes})


def an_edit(message: ChatMessage, text: str, revision: str = "2026-11-24T09:05:00+00:00") -> ChatMessage:
    """Return a later version of a message."""
    return replace(message, surfaces=(Surface(SurfaceKind.TEXT, text),), revision=revision)


def a_file(name: str = "foto.png", **changes: Any) -> Attachment:
    facts: dict[str, Any] = {"id": "77", "size": 1000, "url": "https://cdn.example/77", "content_type": "image/png"}
    return Attachment(name=name, **{**facts, **changes})


def a_signal(signal: SignalName = SignalName.INSULT, severity: Severity = Severity.ALERT, **changes: Any) -> Signal:
    facts: dict[str, Any] = {"score": 0.9, "rule": "F1", "source": "model", "reason": f"screening.reason.{signal}"}
    return Signal(signal=signal, severity=severity, **{**facts, **changes})


def a_verdict(severity: Severity = Severity.ALERT, signal: SignalName = SignalName.INSULT) -> Verdict:
    return Verdict(severity, (a_signal(signal, severity, words=("stom",)),))


def a_member(user: str, name: str = "", *roles: str, locale: str | None = None) -> Member:
    return Member(user, name or user, frozenset(roles), frozenset({CLASS_CHANNEL}), locale)


def everybody() -> tuple[Member, ...]:
    """Return the members of the school."""
    plain = (COORDINATOR, SUPERVISOR, TEACHER, SECOND, OTHER_TEACHER, PUPIL, TARGET, THIRD)
    return (*(a_member(user) for user in plain), a_member(MODERATOR, "Mo", MODERATOR_ROLE))


@dataclass
class Core:
    """A core on fakes. ``rows(table)`` are a table's rows as dictionaries; ``taken`` are the reports taken up."""

    database: Database
    vault: Vault
    clock: TickClock
    ids: Ids
    book: SchoolBook
    messenger: FakeMessenger
    roster: FakeRoster
    history: FakeHistory
    screening: FakeScreening
    media: FakeMedia
    inspector: FakeInspector
    onlooker: Onlooker
    pictures: TakenByHand
    people: People
    audit: Audit
    outbox: Outbox
    timers: Timers
    alerts: Alerts
    evidence: EvidenceStore
    choices: DmChoices
    review: Review
    watch: Watch
    readback: ReadBack
    marks: Marks
    recheck: Recheck
    busy: Busy
    outage: Outage
    runner: Runner
    ladder: Ladder
    state: Path
    taken: list[int]

    async def actor(self, user: str, school: str = SCHOOL) -> Actor:
        return await self.people.actor(school, user)

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        async with self.database.read() as connection:
            found = await connection.execute(select(table).order_by(*table.primary_key))
            return [dict(row) for row in found.mappings()]

    async def advance(self, **amount: float) -> None:
        """Let time go by; what becomes due is done."""
        await self.runner.advance_to(self.clock.now() + timedelta(**amount), self.clock)

    async def say(self, text: str, verdict: Verdict | None = None, **changes: Any) -> ChatMessage:
        """Let a pupil write, and everything that is due happen; ``verdict`` teaches screening first."""
        if verdict is not None:
            self.screening.teach(text, verdict)
        message = a_message(text, **changes)
        self.history.add(message)
        await self.watch.handle(message)
        await self.runner.drain()
        return message


@asynccontextmanager
async def a_core(*schools: School, start: datetime = TUESDAY_10) -> AsyncIterator[Core]:
    """Give a core with one school (or those given), everybody being a member."""
    with TemporaryDirectory() as folder:
        state = Path(folder)
        database = open_database(database_url(None, state))
        async with database.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        core = await restarted(database, state, TickClock(start), schools or (a_school(),))
        try:
            yield core
        finally:
            await database.close()


async def restarted(database: Database, state: Path, clock: TickClock, schools: tuple[School, ...]) -> Core:
    """Return a fresh core on a database, as after a start."""
    ids, book = Ids(clock), SchoolBook(Schools())
    messenger, roster, history, screening = FakeMessenger(), FakeRoster(), FakeHistory(), FakeScreening()
    vault = await open_vault(database, WRAPPING)
    for school in schools:
        book.put(school)
        roster.add(school.guild, *everybody())
        await add_school_key(database, vault, WRAPPING, school.guild, clock.now())
    parts: dict[str, Any] = {"database": database, "clock": clock, "ids": ids, "vault": vault, "schools": book.current}
    parts |= {"rules": RULES, "messenger": messenger, "history": history, "screening": screening, "busy": Busy()}
    parts |= {"media": FakeMedia(), "inspector": FakeInspector(), "config": MEDIA}
    parts["onlooker"] = Onlooker(parts["inspector"])
    parts["store"] = HoldStore(vault=vault, clock=clock, ids=ids)
    parts["pictures"] = wired(TakenByHand, parts)
    people = parts["people"] = People(book.current, roster)
    audit = parts["audit"] = wired(Audit, parts)
    for name, part in (("outbox", Outbox), ("timers", Timers), ("alerts", Alerts), ("evidence", EvidenceStore)):
        parts[name] = wired(part, parts)
    parts["files"] = FileStore(folder=state / "files", vault=vault)
    parts["reported"] = wired(Kept, parts)
    taken: list[int] = []

    async def report_taken(_connection: object, _actor: object, report: int) -> None:
        taken.append(report)

    parts |= {"report_taken": report_taken, "id_at": id_at}
    parts |= {"patterns": Patterns(RULES), "pause": lambda _seconds: asyncio.sleep(0)}
    chain = (("refusals", Refusals), ("sender", Sender), ("outage", Outage), ("runner", Runner), ("marks", Marks))
    more = (("recorder", Recorder), ("recheck", Recheck), ("watch", Watch), ("readback", ReadBack))
    last = (("measures", Measures), ("review", Review), ("choices", DmChoices), ("ladder", Ladder))
    for name, part in (*chain, *more, *last):
        parts[name] = wired(part, parts)
    parts["runner"].on("ladder", parts["ladder"].due)
    parts["runner"].on("recheck", parts["watch"].recheck_due)
    known = {field: parts[field] for field in Core.__dataclass_fields__ if field in parts}
    return Core(**{**known, "book": book, "roster": roster, "people": people, "audit": audit}, state=state, taken=taken)


def wired(part: Any, parts: dict[str, Any]) -> Any:
    """Build a part from those it asks for by name."""
    asked = signature(part).parameters
    return part(**{name: parts[name] for name in asked if name in parts})
