"""The road of one file: what is it, what is in it, what does that show. Runs inside the child process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from typing import Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from bot.media import parts, pictures
from bot.media.config import MediaConfig
from bot.media.facts import MediaFacts, MediaKind
from bot.media.film import Film
from bot.media.position import tells_position
from bot.media.sniff import KINDS, formats, named_kind
from bot.media.sound import length
from bot.media.tally import Seen, Tally
from bot.media.unreadable import Reason, UnreadableError

Pixels = npt.NDArray[np.uint8]
T = TypeVar("T")
DEEPEST = 2  # a docx in a zip is homework; a zip in a zip in a zip is not
MEDIA = {MediaKind.IMAGE, MediaKind.FILM, MediaKind.SOUND}


class Looks(Protocol):
    """What looks at one picture."""

    def look(self, picture: Pixels) -> Seen:
        """Return what an RGB picture shows."""
        ...


class Looker:
    """Gives the facts of one file after the other."""

    def __init__(self, config: MediaConfig, eyes: Looks) -> None:
        self._limits = config.limits
        self._urgent = config.nudity.urgent
        self._eyes = eyes
        self._ways: dict[str, Callable[[bytes, Tally, int], None]] = {
            "zip": self._zip,
            "pdf": self._pdf,
            "svg": self._svg,
            "text": self._text,
            "ole": self._carved,
        }

    def look(self, name: str, content: bytes) -> MediaFacts:
        """Return the facts; whatever is wrong with the file stands in ``error``."""
        tally = Tally()
        if len(content) > self._limits.bytes:
            tally.fail(Reason.TOO_LARGE)
            kind = named_kind(name) or MediaKind.OTHER
        else:
            kind = self._file(name, content, tally, 0)
        return tally.facts(name, kind, content, self._urgent)

    def _file(self, name: str, content: bytes, tally: Tally, depth: int) -> MediaKind:
        found = formats(content)
        kind = KINDS[found[0]]
        promised = named_kind(name)
        unseen = kind in {MediaKind.OTHER, MediaKind.DOCUMENT} and found[0] not in {"resource", "svg"}
        if unseen and promised is not None and promised in MEDIA:
            tally.fail(Reason.EMPTY if found[0] == "empty" else Reason.WRONG_NAME)
            kind = promised
        elif found[0] in {"empty", "archive"} or (found[0] == "unknown" and promised is MediaKind.DOCUMENT):
            tally.fail(Reason.EMPTY if found[0] == "empty" else Reason.NOT_OPENED)
        if len(found) > 1:
            tally.fail(Reason.TWO_KINDS)
        for form in found:
            kind = self._guarded(form, kind, content, tally, depth)
        return kind

    def _guarded(self, form: str, kind: MediaKind, content: bytes, tally: Tally, depth: int) -> MediaKind:
        try:
            return self._form(form, kind, content, tally, depth)
        except UnreadableError as error:
            tally.fail(error.reason)
        except MemoryError:
            tally.fail(Reason.TOO_MUCH_MEMORY)
        return kind

    def _form(self, form: str, kind: MediaKind, content: bytes, tally: Tally, depth: int) -> MediaKind:
        if way := self._ways.get(form):
            way(content, tally, depth)
        elif KINDS.get(form) is MediaKind.IMAGE:
            tally.exif_position |= tells_position(content)
            self._pictures(pictures.pictures(content, self._limits), tally)
        elif KINDS.get(form) in {MediaKind.FILM, MediaKind.SOUND}:
            tally.exif_position |= tells_position(content)
            kind = self._recording(form, content, tally)
            if depth:
                tally.inside.add(kind.value)
        return kind

    def _pictures(self, found: Iterable[Pixels], tally: Tally) -> None:
        for picture in found:
            tally.add(self._eyes.look(picture))

    def _recording(self, form: str, content: bytes, tally: Tally) -> MediaKind:
        if KINDS[form] is MediaKind.SOUND:
            tally.duration = length(content, form)
            return MediaKind.SOUND
        try:
            film = Film(content, self._limits)
        except UnreadableError:
            if (seconds := length(content, form)) is None or form not in {"mp4", "mkv", "asf"}:
                raise
            tally.duration = seconds  # a container with sound alone
            return MediaKind.SOUND
        tally.duration = film.duration
        for frame in film.frames():
            tally.add(self._eyes.look(frame), turned=False)
        return MediaKind.FILM

    def _zip(self, content: bytes, tally: Tally, depth: int) -> None:
        if depth >= DEEPEST:
            raise UnreadableError(Reason.NESTED)
        for name, part in parts.zip_parts(content, self._limits):
            self._part(PurePosixPath(name).name, part, tally, depth)

    def _part(self, name: str, part: bytes, tally: Tally, depth: int) -> None:
        tally.unpacked += len(part)
        form = formats(part)[0]
        nothing = KINDS[form] is MediaKind.OTHER and form != "archive" and named_kind(name) is None
        if form == "empty" or nothing:
            return
        tally.parts += KINDS[form] in MEDIA
        if tally.unpacked > self._limits.unpacked_bytes:
            raise UnreadableError(Reason.TOO_LARGE)
        if tally.parts > self._limits.parts:
            raise UnreadableError(Reason.TOO_MANY_PARTS)
        self._file(name, part, tally, depth + 1)

    def _pdf(self, content: bytes, tally: Tally, depth: int) -> None:
        before = len(tally.seen)
        for image in self._counted(parts.pdf_pictures(content, self._limits), tally):
            image.thumbnail((pictures.SIDE, pictures.SIDE))
            tally.add(self._eyes.look(np.asarray(image.convert("RGB"))))
        if len(tally.seen) == before:
            self._carved(content, tally, depth)  # a damaged table of contents hides pictures that readers still show

    def _svg(self, content: bytes, tally: Tally, depth: int) -> None:
        if parts.is_active(content):
            tally.fail(Reason.SCRIPT)
        self._text(content, tally, depth)

    def _text(self, content: bytes, tally: Tally, depth: int) -> None:
        for part in self._counted(parts.data_pictures(content), tally):
            self._part("", part, tally, depth)

    def _carved(self, content: bytes, tally: Tally, _depth: int) -> None:
        for part in self._counted(parts.carved(content), tally):
            try:
                self._pictures(pictures.pictures(part, self._limits), tally)
            except UnreadableError:  # bytes that only begin like a picture are common in old Office files
                continue

    def _counted(self, found: Iterable[T], tally: Tally) -> Iterator[T]:
        for part in found:
            tally.parts += 1
            if tally.parts > self._limits.parts:
                raise UnreadableError(Reason.TOO_MANY_PARTS)
            yield part
