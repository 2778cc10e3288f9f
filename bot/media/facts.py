"""What was seen in a file: facts for a decision, never a description of a person."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any


class MediaKind(StrEnum):
    """What a file is, by its content."""

    IMAGE = "image"
    FILM = "film"
    SOUND = "sound"
    DOCUMENT = "document"
    OTHER = "other"


class People(StrEnum):
    """Whether people are in it; ``maybe``: it looks like a photo, or it can't be seen."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"

    @property
    def rank(self) -> int:
        """0 (no) to 2 (yes)."""
        return {"no": 0, "maybe": 1, "yes": 2}[self.value]


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """All that is known of one file.

    ``faces``: the most counted in one picture or frame; ``nudity`` 0 to 1; ``pdq``: 64 hexadecimal digits of the
    picture as it is (None: too little detail, or no picture); ``pdqs``: for comparing: its print turned
    and mirrored in eight ways, the same without an eighth below and above (of a document: those of each picture in it;
    of a film: one of each frame looked at);
    ``exif_position``: whether it tells where it was made; ``duration`` in seconds; ``frames`` looked at; ``inside``:
    kinds of files inside a document; ``signals``: names as in ``bot.screening.verdict.SignalName``; ``error``: None,
    or ``unreadable:`` and why.
    """

    file: str
    kind: MediaKind
    faces: int = 0
    people: People = People.NO
    nudity: float = 0.0
    sha256: str = ""
    pdq: str | None = None
    pdqs: tuple[str, ...] = ()
    photo_like: bool = False
    exif_position: bool = False
    duration: float | None = None
    frames: int = 0
    inside: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    error: str | None = None

    @property
    def needs_consent(self) -> bool:
        """Whether consent must be on record: people in it, or film or sound (rule A6)."""
        recorded = {MediaKind.FILM, MediaKind.SOUND}
        return self.people is People.YES or self.kind in recorded or not recorded.isdisjoint(self.inside)

    def line(self) -> dict[str, object]:
        """Return what ``klaswacht screen-media`` prints for a file."""
        return {
            "file": self.file,
            "kind": self.kind.value,
            "faces": self.faces,
            "people": self.people.value,
            "needs_consent": self.needs_consent,
            "nudity": round(self.nudity, 4),
            "sha256": self.sha256,
            "pdq": self.pdq,
            "signals": list(self.signals),
            "error": self.error,
        }

    def packed(self) -> dict[str, Any]:
        """Return all fields as plain values."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}

    @classmethod
    def unpacked(cls, values: dict[str, Any]) -> MediaFacts:
        """Return facts from what ``packed`` gave. Raises ``KeyError``, ``TypeError`` or ``ValueError``: not that."""
        known = {field.name: values[field.name] for field in fields(cls)}
        known |= {"kind": MediaKind(values["kind"]), "people": People(values["people"])}
        known |= {name: tuple(values[name]) for name in ("pdqs", "inside", "signals")}
        return cls(**known)
