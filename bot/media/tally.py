"""Adds up what the parts of one file show; the worst part counts for the whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from bot.media.facts import MediaFacts, MediaKind, People
from bot.media.unreadable import Reason, told
from bot.screening.verdict import SignalName


@dataclass(frozen=True, slots=True)
class Seen:
    """What one picture or frame shows. ``pdqs``: its prints, empty when it has too little detail."""

    faces: int
    people: People
    nudity: float
    photo_like: bool
    pdqs: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """The sum so far of one file."""

    seen: list[Seen] = field(default_factory=list)
    pdqs: list[str] = field(default_factory=list)
    inside: set[str] = field(default_factory=set)
    reasons: list[Reason] = field(default_factory=list)
    exif_position: bool = False
    duration: float | None = None
    parts: int = 0
    unpacked: int = 0

    def add(self, seen: Seen, *, turned: bool = True) -> None:
        """Count a picture; ``turned``: keep the prints of its rotations and mirrors too."""
        self.seen.append(seen)
        self.pdqs += seen.pdqs if turned else seen.pdqs[:1]

    def fail(self, reason: Reason) -> None:
        """Note that a part could not be looked at."""
        self.reasons.append(reason)

    def facts(self, name: str, kind: MediaKind, content: bytes, urgent: float) -> MediaFacts:
        """Return the facts of the whole file; from nudity ``urgent`` on it carries the signal ``sexual``."""
        nudity = max((seen.nudity for seen in self.seen), default=0.0)
        facts = MediaFacts(
            file=name,
            kind=kind,
            faces=max((seen.faces for seen in self.seen), default=0),
            people=self._people(kind),
            nudity=nudity,
            sha256=hashlib.sha256(content).hexdigest(),
            pdq=self.pdqs[0] if self.pdqs else None,
            pdqs=tuple(self.pdqs),
            photo_like=any(seen.photo_like for seen in self.seen),
            exif_position=self.exif_position,
            duration=self.duration,
            frames=len(self.seen),
            inside=tuple(sorted(self.inside)),
            error=told(self.reasons[0]) if self.reasons else None,
        )
        return replace(facts, signals=signals_of(facts, urgent, self.reasons))

    def _people(self, kind: MediaKind) -> People:
        found = [seen.people for seen in self.seen]
        if kind in {MediaKind.FILM, MediaKind.SOUND} or self.inside & {"film", "sound"}:
            found.append(People.MAYBE)
        if self.reasons and kind is not MediaKind.OTHER:
            found.append(People.MAYBE)
        return max(found, key=lambda people: people.rank, default=People.NO)


def signals_of(facts: MediaFacts, urgent: float, reasons: list[Reason]) -> tuple[str, ...]:
    """Return the names of the signals that these facts raise."""
    raised = {
        SignalName.MEDIA: facts.needs_consent or facts.people is People.MAYBE or bool(reasons),
        SignalName.SEXUAL: facts.nudity >= urgent,
        SignalName.DANGEROUS_FILE: not {Reason.SCRIPT, Reason.TWO_KINDS}.isdisjoint(reasons),
    }
    return tuple(name.value for name, true in raised.items() if true)


def unseen(name: str, kind: MediaKind, sha256: str, reason: Reason) -> MediaFacts:
    """Return the facts of a file that nobody could look at."""
    people = People.NO if kind is MediaKind.OTHER else People.MAYBE
    facts = MediaFacts(name, kind, people=people, sha256=sha256, error=told(reason))
    return replace(facts, signals=signals_of(facts, 1.1, [reason]))
