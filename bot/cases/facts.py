"""The facts of a case, as they are shown: nothing here can change anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.media.unreadable import Reason
from bot.reports.facts import FileTold


class CaseState(StrEnum):
    """Whether somebody still works on it."""

    OPEN = "open"
    CLOSED = "closed"


class Side(StrEnum):
    """Whose parents, whose letter: the protocol's two sides without its hard words."""

    HURT = "hurt"
    DID = "did"


class Form(StrEnum):
    """In what shape a letter comes."""

    PDF = "pdf"
    DOCX = "docx"


class Answer(StrEnum):
    """What a look whether it really stopped can find."""

    STOPPED = "stopped"
    GOES_ON = "goes_on"


class Action(StrEnum):
    """What can be done with a case where it stands now (the buttons to show)."""

    DONE = "done"
    SKIP = "skip"
    BACK = "back"
    CHECK = "check"
    PUPILS = "pupils"
    EVIDENCE = "evidence"
    LETTER = "letter"
    FOLLOWUP = "followup"
    POLICE = "police"  # goes on: step S8
    AGREE_AGAIN = "agree_again"  # goes on: back to S6 with new looks
    DOSSIER = "dossier"
    POLICE_FILE = "police_file"
    HAND_OVER = "hand_over"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class File:
    """A document to hand over. The name never holds the name of a person."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Need:
    """What a step asks before it is done. ``label`` is a sentence in the reader's language."""

    key: str
    label: str
    met: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A check mark of a step. ``asks_who``: who agreed and when must be told (``Cases.check(note=..., date=...)``)."""

    key: str
    label: str
    ticked: bool
    asks_who: bool
    by: str | None = None
    at: datetime | None = None
    note: str | None = field(default=None, repr=False)
    date: str | None = None


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A number or site to hand on. ``kind``: phone or site; ``checked``: when somebody last made sure it is right."""

    key: str
    kind: str
    value: str
    label: str
    checked: date


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step in the list of all. ``state``: done, skipped, now or ahead."""

    id: str
    title: str
    state: str


@dataclass(frozen=True, slots=True)
class StepView:
    """The step that a case stands at, in the reader's language.

    ``note`` and ``date``: required, optional or none (then no form is needed for them).
    """

    id: str
    title: str
    goal: str
    say: tuple[str, ...]
    tips: tuple[str, ...]
    note_hint: str
    date_hint: str
    note: str
    date: str
    needs: tuple[Need, ...]
    checks: tuple[Check, ...]
    references: tuple[ReferenceLine, ...]
    tools: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Whether all that is needed is there (a required note or date comes with the form)."""
        return all(need.met for need in self.needs)


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One kept thing: message, edit, deletion, context, file or added. ``size`` in bytes for files.

    ``text`` holds what was written; ``fingerprint`` is SHA-256 in hex.
    """

    id: int
    kind: str
    author: str | None
    text: str = field(repr=False)
    at: datetime | None
    kept_at: datetime
    kept_by: str | None
    channel: str | None
    message: str | None
    url: str | None
    fingerprint: str | None
    file: str | None = field(repr=False)
    finding: int | None
    report: int | None
    unread: Reason | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A date at which somebody looks whether it really stopped. ``state``: planned, due, done or dropped.

    ``seen``: findings between these pupils since the look before; None while it is planned.
    """

    id: int
    due_at: datetime
    state: str
    seen_from: datetime
    seen: int | None
    outcome: Answer | None
    answered_by: str | None
    answered_at: datetime | None
    note: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """A follow-up as it is shown when it arrives. ``seen_now`` counts the findings up to this moment."""

    followup: FollowUp
    case: int
    number: int
    class_name: str | None
    hurt: tuple[str, ...]
    did: tuple[str, ...]
    seen_now: int
    last: bool
    agreement: str | None = field(repr=False)
    agreement_date: str | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened. ``action`` as in the table ``case_event``; ``text``: a note or reason."""

    step: str
    action: str
    detail: str
    by: str
    at: datetime
    text: str | None = field(repr=False)
    date: str | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. ``step`` is its id; ``title`` the step's title in the reader's language."""

    id: int
    number: int
    class_name: str | None
    state: CaseState
    step: str
    title: str
    owner: str
    hurt: tuple[str, ...]
    did: tuple[str, ...]
    created_at: datetime
    next_look: datetime | None
    same_pair: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case where it stands now, for one reader.

    ``actions``: what this reader can do with it now; ``told``: what became of the files that were just added.
    """

    id: int
    number: int
    school: str
    class_name: str | None
    state: CaseState
    owner: str
    forms: tuple[str, ...]
    hurt: tuple[str, ...]
    did: tuple[str, ...]
    step: StepView
    steps: tuple[StepLine, ...]
    actions: tuple[Action, ...]
    findings: int
    reports: tuple[int, ...]
    evidence: int
    followups: tuple[FollowUp, ...]
    agreement: str | None = field(repr=False)
    agreement_date: str | None
    events: tuple[EventLine, ...]
    created_at: datetime
    closed_at: datetime | None
    outcome: str | None
    version: int
    told: tuple[FileTold, ...] = ()
