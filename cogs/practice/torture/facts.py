"""The facts of a torture run: what was said and promised on the platform, and what the database holds afterwards."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """How long it goes on: until so many kills, or so many seconds, whichever comes first."""

    kills: int
    seed: int
    seconds: float | None
    school: Path
    state: Path
    language: str = "nl"


@dataclass(slots=True)
class Post:
    """A message of a pupil as it stands on the platform. ``bad``: its last version is above the threshold."""

    id: int
    bad: bool
    gone: bool = False


class Promise(StrEnum):
    """What the bot told a person that it did; ``key`` is how that is found again."""

    REPORT = "report"  # the report's words
    DRAFT = "draft"  # the words of a private message
    TAKEN = "taken"  # the alert's id
    DISMISSED = "dismissed"  # the reason
    CASE = "case"  # the alert's id
    STEP = "step"  # the case's id and the step's
    NOTE = "note"  # the note's words
    ANSWER = "answer"  # the answer's words
    CONSENT = "consent"  # where the proof of the consent lies
    WHO = "who"  # who a pupil says is in a picture


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise."""

    what: Promise
    key: str


@dataclass(frozen=True, slots=True)
class Copied:
    """A whole backup, and what was promised before it began."""

    file: Path
    promised: tuple[Promised, ...]


@dataclass(slots=True)
class Record:
    """What happened on the platform's side.

    ``ended``: exit codes of programs that ended by themselves or in error. ``moments``: how often the bot died when.
    ``leaver``: what is kept on the pupil who is erased on the way. ``older``: facts of the database that an earlier
    version left.
    """

    posts: dict[int, Post] = field(default_factory=dict)
    promised: list[Promised] = field(default_factory=list)
    drafts: dict[int, str] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    kills: int = 0
    starts: int = 0
    moments: Counter[str] = field(default_factory=Counter)
    troubles: dict[str, int] = field(default_factory=dict)
    copies: list[Copied] = field(default_factory=list)
    photos: list[Post] = field(default_factory=list)
    leaver: list[str] = field(default_factory=list)
    erased: bool = False
    older: int = 0
    unanswered: int = 0
    start_seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class KeptAlert:
    """An alert in the database."""

    id: int
    state: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A row of the outbox in the database; its id is the nonce of the message."""

    id: int
    kind: str
    subject: int
    receiver: str
    state: str
    due: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database of a school holds, opened. ``held``: the messages on the photo road."""

    findings: tuple[tuple[str, int | None], ...]
    alerts: Mapping[int, KeptAlert]
    rows: tuple[KeptRow, ...]
    texts: Mapping[Promise, frozenset[str]]
    waiting_for_model: int
    audit_rows: int
    audit_wrong: int | None
    whole: bool
    older: int = 0
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that was not kept: the key of a sentence, and its values."""

    key: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it."""

    counts: Mapping[str, object]
    breaches: tuple[Breach, ...]
