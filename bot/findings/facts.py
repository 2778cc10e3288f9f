"""What people see of an alert: facts for the cards, made anew each time one is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.ports import ChatMessage
from bot.screening.verdict import Severity


class AlertKind(StrEnum):
    """What an alert is about. ``crisis`` and ``staff`` never stand in the review queue."""

    FINDING = "finding"
    CRISIS = "crisis"
    REPORT = "report"
    MEDIA = "media"
    IMITATION = "imitation"
    STAFF = "staff"


class AlertState(StrEnum):
    """How far an alert is."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How an alert was closed.

    ``moved``: its message got worse and stands under another alert now; ``answered``: its report was talked over.
    """

    DISMISSED = "dismissed"
    CASE = "case"
    MOVED = "moved"
    ANSWERED = "answered"


class FindingState(StrEnum):
    """How far a finding is."""

    OPEN = "open"
    TAKEN = "taken"
    DISMISSED = "dismissed"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class SignalShown:
    """One reason to look, as people read it. ``reason`` is the key of a text."""

    signal: str
    score: float
    rule: str
    source: str
    reason: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class AlertCard:
    """One alert as it is now. ``author`` of a report is its maker, None when anonymous; ids are the platform's."""

    id: int
    school: str
    kind: str
    severity: Severity
    state: str
    class_name: str | None
    channel: str | None
    author: str | None
    target: str | None
    count: int
    signals: tuple[SignalShown, ...]
    said_at: datetime | None
    url: str
    claimed_by: str | None
    case_id: int | None
    case_number: int | None
    report_id: int | None
    anonymous: bool
    outcome: str | None
    engine: str
    removed: bool
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A kept message: its text, its later versions as (moment, text), when it was deleted, and the files' names."""

    author: str
    text: str
    at: datetime
    url: str
    edited: tuple[tuple[datetime, str], ...] = ()
    deleted_at: datetime | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteShown:
    """What a colleague wrote when passing an alert on, or as the reason of a decision."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class PairHistory:
    """What was seen between the same two people (or of the same author) since a moment, this alert left out."""

    findings: int
    dismissed: int
    cases: tuple[int, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything behind "Toon". ``context`` is fetched now and not kept; ``report``: the report's id."""

    card: AlertCard
    messages: tuple[ShownMessage, ...]
    context: tuple[ChatMessage, ...]
    history: PairHistory
    notes: tuple[NoteShown, ...]
    report: int | None
