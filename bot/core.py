"""The core as a whole: what the platform's adapter must give it, and the services it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.alerts.choices import DmChoices
from bot.cases.desk import Cases
from bot.clock import Busy, Clock
from bot.consent.register import ConsentRegister
from bot.errors import SetupError
from bot.findings.review import Review
from bot.media.desk import MediaDesk
from bot.media.entrance import MediaEntrance
from bot.media.inspector import MediaInspector
from bot.media.intake import MediaIntake
from bot.media.patience import Onlooker
from bot.media.ports import MediaGateway
from bot.people import People
from bot.ports import History, Messenger, Roster
from bot.privacy.logbook import Logbook
from bot.readback import ReadBack
from bot.reports.desk import Reports
from bot.runner import Runner
from bot.schoolbook import SchoolBook
from bot.screening.judge import Screening
from bot.settings import Settings
from bot.setup import Setup
from bot.storage.audit import Audit
from bot.texts import Texts
from bot.watch import Watch


@dataclass(frozen=True, slots=True)
class Ports:
    """What the platform's adapter gives. ``id_at``: the lowest message id of a moment."""

    messenger: Messenger
    roster: Roster
    history: History
    media: MediaGateway
    id_at: Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Core:
    """The services, as the adapter uses them. ``model_trouble``: why a model that was asked for does not judge."""

    settings: Settings
    clock: Clock
    texts: Texts
    book: SchoolBook
    people: People
    screening: Screening
    watch: Watch
    readback: ReadBack
    review: Review
    choices: DmChoices
    reports: Reports
    cases: Cases
    media: MediaDesk
    intake: MediaIntake
    entrance: MediaEntrance
    consents: ConsentRegister
    setup: Setup
    audit: Audit
    logbook: Logbook
    runner: Runner
    busy: Busy
    inspector: MediaInspector
    onlooker: Onlooker
    model_trouble: SetupError | None

    async def close(self) -> None:
        """Write down what is only in memory, stop the model's thread and the child process that looks at files."""
        await self.watch.flush()
        self.screening.close()
        await self.onlooker.close()
        await self.inspector.close()
