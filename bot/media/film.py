"""Films: a few frames spread from first to last that differ from each other (scene changes), and the length."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from bot.media.config import Limits
from bot.media.pictures import SIDE, is_new
from bot.media.unreadable import Reason, UnreadableError

Pixels = npt.NDArray[np.uint8]

LAST_MS = 250.0  # before the end: the very last moment often holds no frame
LONGEST_S = 24 * 3600.0  # containers claim absurd lengths
LEAST = 3  # places that are looked at however busy the machine is: first, last, middle
CLOSEST_MS = 400.0  # looking nearer together than this shows nothing new


class Film:
    """A film in memory. Raises ``UnreadableError``: too large a frame, or no film stream in it."""

    def __init__(self, content: bytes, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        source: Any = io.BytesIO(content)  # its own type is only a Protocol in the library's C++
        self._reader: Any = cv2.VideoCapture(source, cv2.CAP_FFMPEG, [])
        if not self._reader.isOpened():
            raise UnreadableError(Reason.BROKEN)
        width, height = (self._reader.get(p) for p in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT))
        if not width or not height:
            raise UnreadableError(Reason.BROKEN)
        if width * height > limits.film_pixels:
            raise UnreadableError(Reason.TOO_LARGE)

    @property
    def duration(self) -> float | None:
        """Seconds, when the container says so."""
        frames, rate = (self._reader.get(p) for p in (cv2.CAP_PROP_FRAME_COUNT, cv2.CAP_PROP_FPS))
        seconds = frames / rate if rate > 0 and frames > 0 else 0.0
        return seconds if 0 < seconds < LONGEST_S else None

    def frames(self) -> Iterator[Pixels]:
        """Yield differing RGB frames: first, last and middle, then ever finer between, as long as time allows.

        Raises ``UnreadableError`` when not one frame can be read.
        """
        end, shown, found = self._clock() + self._limits.film_seconds, list[Any](), 0
        for looked, place in enumerate(self._places()):
            late = looked >= LEAST and self._clock() > end
            if found >= self._limits.film_frames or late:
                return
            frame = self._at(place)
            if frame is None and not place:
                raise UnreadableError(Reason.BROKEN)
            if frame is not None and is_new(frame, shown):
                found += 1
                yield frame

    def _places(self) -> Iterator[float]:
        length = (self.duration or 0.0) * 1000
        yield 0.0
        if length <= LAST_MS:
            return
        yield length - LAST_MS
        parts = 2
        while length / parts >= CLOSEST_MS:
            yield from (length * part / parts for part in range(1, parts, 2))
            parts *= 2

    def _at(self, place: float) -> Pixels | None:
        if place and not self._reader.set(cv2.CAP_PROP_POS_MSEC, place):
            return None
        read, frame = self._reader.read()
        if not read or frame is None:
            return None
        scale = SIDE / max(frame.shape[:2])
        if scale < 1:
            frame = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), dtype=np.uint8)
