"""The desks of reports and cases on a core of fakes, wired as the composition root does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.cases.desk import Cases
from bot.cases.facts import CaseView
from bot.cases.protocol import Protocols, read_protocols
from bot.findings.facts import AlertCard
from bot.findings.measures import Measures
from bot.findings.review import Review
from bot.media.config import MediaConfig, read_media_config
from bot.media.sent import SentFiles
from bot.media.store import HoldStore
from bot.people import Actor
from bot.ports import ChatMessage
from bot.reports.desk import DRAFT_TIMER, SENT_LOOK, Reports
from bot.reports.facts import Receipt
from bot.school import School
from bot.screening.verdict import Severity, SignalName
from bot.storage.files import FileStore
from bot.storage.tables import alert
from bot.texts import Texts
from tests.builders import PUPIL, TEACHER, Core, a_core, a_message, a_verdict, wired
from tests.fakes import FakeInspector

ROOT = Path(__file__).parent.parent
TEXTS = Texts.load(ROOT / "data" / "texts")
CONFIG = read_media_config(ROOT / "data" / "media" / "media.toml")
PROTOCOLS = read_protocols(ROOT / "data" / "protocol")


@dataclass
class Desks:
    """A core with both desks. ``protocols`` may be replaced."""

    core: Core
    reports: Reports
    review: Review
    protocols: Protocols
    inspector: FakeInspector
    sieve: SentFiles
    cases: Cases = field(init=False)

    async def actor(self, user: str, school: str | None = None) -> Actor:
        return await (self.core.actor(user, school) if school else self.core.actor(user))

    async def seen(self, text: str = "stomme sukkel", **changes: object) -> ChatMessage:
        """A pupil writes something that is flagged."""
        message = a_message(text, **changes)
        await self.core.watch.handle(message)
        return message

    async def alerts(self) -> list[AlertCard]:
        rows = await self.core.rows(alert)
        return [await self.review.card(row["school"], row["id"]) for row in rows]

    async def filed(self, user: str = PUPIL, *, anonymous: bool = False, **fields: str) -> Receipt:
        """A pupil files a report."""
        return await filed(self.reports, await self.actor(user), anonymous=anonymous, **fields)

    async def a_case(self, user: str = TEACHER) -> int:
        """A flagged message became a case."""
        await self.seen()
        card = (await self.alerts())[-1]
        return await self.cases.open_from(await self.actor(user), card.id)

    async def at(self, step: str, user: str = TEACHER) -> tuple[int, Actor, CaseView]:
        """A case that went on to a step by the book."""
        case, actor = await self.a_case(user), await self.actor(user)
        return case, actor, await walked(self.cases, actor, case, step)


async def filed(
    desk: Reports, actor: Actor, *, anonymous: bool, class_name: str | None = None, **fields: Any
) -> Receipt:
    """A pupil files a report by the command."""
    draft = await desk.draft(actor.school.guild, actor.id, origin="command", class_name=class_name)
    told = {"what": "Iemand scheldt mij steeds uit in de groep.", **fields}
    return await desk.file(actor, draft, anonymous=anonymous, **told)


async def walked(desk: Cases, actor: Actor, case: int, step: str) -> CaseView:
    """A case goes on to a step by the book."""
    view = await desk.reading.view(actor, case)
    while view.step.id != step:
        await ticked(desk, actor, case, view)
        view = await desk.done(actor, case, view.step.id, note="gepraat", date="over 2 weken")
    return view


async def ticked(desk: Cases, actor: Actor, case: int, view: CaseView) -> None:
    """Every check mark of the step is set."""
    for check in view.step.checks:
        await desk.check(actor, case, view.step.id, check.key, note="moeder")


@asynccontextmanager
async def the_desks(*schools: School, config: MediaConfig = CONFIG) -> AsyncIterator[Desks]:
    """Give both desks on a core of their own; "sukkel" is an insult, "dood" a threat."""
    async with a_core(*schools) as core:
        core.screening.teach("sukkel", a_verdict(Severity.ALERT, SignalName.INSULT))
        core.screening.teach("maak je dood", a_verdict(Severity.URGENT, SignalName.THREAT))
        core.screening.teach("wil niet meer leven", a_verdict(Severity.URGENT, SignalName.CRISIS))
        yield _wire(core, config)


def _wire(core: Core, config: MediaConfig) -> Desks:
    parts: dict[str, Any] = {name: getattr(core, name) for name in Core.__dataclass_fields__}
    parts |= {"schools": core.book.current, "judge": core.screening.judge_text, "texts": TEXTS}
    parts["papers"] = ROOT / "data" / "papers"
    parts["files"] = FileStore(folder=core.state / "files", vault=core.vault)
    store = HoldStore(vault=core.vault, clock=core.clock, ids=core.ids)
    parts["sieve"] = sieve = wired(SentFiles, {**parts, "store": store, "config": config})
    reports = wired(Reports, parts)
    parts |= {"report_taken": reports.taken, "reports": reports.of_cases}
    parts["measures"] = wired(Measures, parts)
    parts["review"] = review = wired(Review, parts)
    desks = Desks(core, reports, review, PROTOCOLS, core.inspector, sieve)
    parts["protocols"] = lambda: desks.protocols
    desks.cases = wired(Cases, parts)
    core.runner.on(DRAFT_TIMER, reports.on_draft)
    core.runner.on(SENT_LOOK, reports.on_look)
    core.runner.on("followup", desks.cases.on_followup)
    return desks
