"""What screening says of a message: signals with reasons, and how urgently a person should look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How urgently a person should look. ``quiet`` is never stored; ``notice`` waits in the review queue."""

    QUIET = "quiet"
    NOTICE = "notice"
    ALERT = "alert"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 (quiet) to 3 (urgent)."""
        return list(Severity).index(self)

    @property
    def flagged(self) -> bool:
        """Whether a person should look now: alert or urgent."""
        return self in {Severity.ALERT, Severity.URGENT}


class SignalName(StrEnum):
    """All signals, by the names that stand in files and on the command line."""

    INSULT = "insult"
    THREAT = "threat"
    IDENTITY_ATTACK = "identity_attack"
    SEXUAL = "sexual"
    INCITEMENT = "incitement"
    EXCLUSION = "exclusion"
    CRISIS = "crisis"
    PERSONAL_DATA = "personal_data"
    CONTACT = "contact"
    LINK = "link"
    FLOOD = "flood"
    DANGEROUS_FILE = "dangerous_file"
    MEDIA = "media"
    CAPTION_NAMES = "caption_names"
    IMITATION = "imitation"


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason to look.

    ``score`` 0 to 1; ``rule``: the protocol's identifier (A8, F1, ...); ``source``: model, words, pattern, file or
    history; ``reason``: key of a text that says it to people; ``words``: the words that mattered, shown only to people
    who may see the message, never logged.
    """

    signal: SignalName
    score: float
    rule: str
    source: str
    reason: str
    severity: Severity
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """All signals of one message. ``engine``: model or words (the fallback; then the model looks again later).

    ``notes``: keys of texts that say what else was seen (an unknown language, why a bad word did not count).
    ``score``: how near to an alert the texts come, 0 to 1; from 0.5 on they reach it. For figures, not for people.
    """

    severity: Severity
    signals: tuple[Signal, ...]
    engine: str = "model"
    notes: tuple[str, ...] = ()
    score: float = 0.0

    @property
    def flagged(self) -> bool:
        """Whether a person should look now."""
        return self.severity.flagged

    @property
    def crisis(self) -> bool:
        """Whether the writer may be in distress; then the message takes another road than the review queue."""
        return any(s.signal is SignalName.CRISIS and s.severity.flagged for s in self.signals)


QUIET = Verdict(Severity.QUIET, ())
