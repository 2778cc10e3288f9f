"""What the adapter needs of the core; ``bot.core.Core`` is it."""

from __future__ import annotations

from typing import Protocol

from bot.alerts.choices import DmChoices
from bot.cases.desk import Cases
from bot.clock import Busy, Clock
from bot.consent.register import ConsentRegister
from bot.findings.review import Review
from bot.media.desk import MediaDesk
from bot.media.entrance import MediaEntrance
from bot.media.intake import MediaIntake
from bot.people import People
from bot.privacy.logbook import Logbook
from bot.readback import ReadBack
from bot.reports.desk import Reports
from bot.schoolbook import SchoolBook
from bot.setup import Setup
from bot.texts import Texts
from bot.watch import Judge, Watch


class Core(Protocol):
    """The services, as attributes."""

    @property
    def clock(self) -> Clock:
        """Tells the time."""
        ...

    @property
    def texts(self) -> Texts:
        """All sentences."""
        ...

    @property
    def book(self) -> SchoolBook:
        """The schools in use now."""
        ...

    @property
    def people(self) -> People:
        """Who somebody is."""
        ...

    @property
    def watch(self) -> Watch:
        """The entrance of messages."""
        ...

    @property
    def readback(self) -> ReadBack:
        """Reads what was missed."""
        ...

    @property
    def review(self) -> Review:
        """The review of alerts."""
        ...

    @property
    def reports(self) -> Reports:
        """The desk of reports."""
        ...

    @property
    def cases(self) -> Cases:
        """The desk of cases."""
        ...

    @property
    def media(self) -> MediaDesk:
        """The desk of pictures, films and sound."""
        ...

    @property
    def intake(self) -> MediaIntake:
        """Takes in messages with media."""
        ...

    @property
    def entrance(self) -> MediaEntrance:
        """Looks at files."""
        ...

    @property
    def consents(self) -> ConsentRegister:
        """The register of consent."""
        ...

    @property
    def logbook(self) -> Logbook:
        """The audit log, for the coordinator."""
        ...

    @property
    def choices(self) -> DmChoices:
        """Who takes alerts by private message."""
        ...

    @property
    def screening(self) -> Judge:
        """Judges a message."""
        ...

    @property
    def setup(self) -> Setup:
        """Setting up a school."""
        ...

    @property
    def busy(self) -> Busy:
        """Counts the work under way."""
        ...
