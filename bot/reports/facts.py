"""The facts of reporting: what a pupil is told beforehand, files, is told afterwards, and what staff see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.media.unreadable import Reason
from bot.screening.verdict import Severity

WHAT_LIMIT = 2000  # characters; a form field of the platform holds 4000, a card 4096
WHO_LIMIT = 300
SINCE_LIMIT = 100
ANSWER_LIMIT = 1500  # characters of one answer, so that it fits one message with the words around it
FILES_LIMIT = 5
FILE_BYTES_LIMIT = 10 * 1024 * 1024


class ReportState(StrEnum):
    """Where a report is."""

    DRAFT = "draft"
    OPEN = "open"
    TAKEN = "taken"
    CLOSED = "closed"


class ReceiverRole(StrEnum):
    """What a receiver is to the pupil's class."""

    TEACHER = "teacher"
    SECOND = "second"
    COORDINATOR = "coordinator"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that came with a report."""

    name: str
    content: bytes = field(repr=False)
    content_type: str | None = None


class Fate(StrEnum):
    """What becomes of a file.

    ``unread``: kept, but nobody could look at it; ``later``: put away, opened to nobody until it was looked at;
    ``withheld``: it may show nudity, and only its hash and the facts stay; ``sealed``: the same where the board
    decided that it is kept, sealed.
    """

    KEPT = "kept"
    UNREAD = "unread"
    LATER = "later"
    WITHHELD = "withheld"
    SEALED = "sealed"

    @property
    def away(self) -> bool:
        """Whether it is kept from everybody because it may show nudity."""
        return self in {Fate.WITHHELD, Fate.SEALED}


@dataclass(frozen=True, slots=True)
class FileTold:
    """One file as people hear of it. ``number``: its place; ``case``: of the removed picture that it shows again."""

    number: int
    fate: Fate
    unread: Reason | None = None
    copy: bool = False
    case: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiverLine:
    """Somebody who can receive a report.

    ``key`` is what ``Reports.file(receiver=...)`` takes; ``user`` is None for a role such as the coordinators;
    ``name`` is what the platform tells now, empty when unknown.
    """

    key: str
    role: ReceiverRole
    user: str | None
    name: str
    class_name: str | None = None


@dataclass(frozen=True, slots=True)
class LookMoment:
    """When somebody looks: now, or at the next opening of the school (UTC); ``hours`` as in the school file."""

    open_now: bool
    at: datetime
    local: datetime
    hours: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What a pupil sees before anything is asked. The first receiver is the default."""

    school: str
    school_name: str
    class_name: str | None
    classes: tuple[str, ...]
    receivers: tuple[ReceiverLine, ...]
    look: LookMoment


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the pupil is told when the report is in.

    ``crisis``: also show the words with 112, 113 and the Kindertelefoon; ``left_out``: it is about staff, who don't
    get to see it; ``files``: what became of each.
    """

    report: int
    number: int
    anonymous: bool
    severity: Severity
    crisis: bool
    receivers: tuple[ReceiverLine, ...]
    look: LookMoment
    left_out: bool = False
    files: tuple[FileTold, ...] = ()


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One line of the talk. ``direction``: ``in`` (pupil) or ``out`` (staff); ``by``: a member of staff, or None."""

    id: int
    direction: str
    by: str | None
    text: str = field(repr=False)
    at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file kept with a report. ``evidence`` is its row's id; ``size`` in bytes; ``fingerprint``: SHA-256, hex."""

    evidence: int
    name: str = field(repr=False)
    size: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """The message that a report is about, as it stood when it was reported; ``url``: where it stands."""

    author: str
    text: str = field(repr=False)
    at: datetime
    url: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as staff see it. ``reporter`` is None when it is anonymous; ``told``: what became of its files."""

    id: int
    number: int
    state: ReportState
    anonymous: bool
    reporter: str | None
    class_name: str | None
    severity: Severity
    what: str = field(repr=False)
    who: str = field(repr=False)
    since: str = field(repr=False)
    created_at: datetime
    taken_by: str | None
    alert: int | None
    case: int | None
    origin: str
    message: KeptMessage | None
    files: tuple[ReportFile, ...]
    talk: tuple[TalkLine, ...]
    seal_opened_by: str | None
    seal_opened_at: datetime | None
    can_open_seal: bool
    told: tuple[FileTold, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its maker sees it. ``taken_by``: who took it up."""

    id: int
    number: int
    state: ReportState
    anonymous: bool
    what: str = field(repr=False)
    created_at: datetime
    taken_by: str | None
    talk: tuple[TalkLine, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something a pupil has not been able to read yet; shown once under "Mijn berichten".

    ``kind`` is the outbox kind (report_answer, report_taken, report_closed, seal_opened, crisis_pupil, pupil_note,
    ...); ``text``: the answer's own words, where it has them. ``bot.reports.words.waiting_line`` says it in words;
    for kinds of other areas ``values`` are as in the delivery. ``row``: the outbox row that did not arrive, if any.
    """

    kind: str
    subject: int
    report: int | None
    number: int | None
    text: str | None = field(repr=False)
    at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True, slots=True)
class ReportTold:
    """What a report said, without who made it; for the dossier of its case."""

    number: int
    at: datetime
    what: str = field(repr=False)
    who: str = field(repr=False)
    since: str = field(repr=False)
