"""A film made by a program, for measuring: a soft picture along which a camera slides. Nobody is in it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from bot.media.samples import noise

RATE = 25  # pictures a second
SLIDE = 120  # pixels that the camera has to slide over


def film(seconds: float, width: int = 1920, height: int = 1080) -> bytes:
    """Return an MP4. Raises ``OSError``: the codec is not there."""
    small = Image.fromarray(noise((width + SLIDE) // 10, (height + SLIDE) // 10, seed=3))
    scene = np.asarray(small.resize((width + SLIDE, height + SLIDE), Image.Resampling.BICUBIC))
    with tempfile.TemporaryDirectory(prefix="klaswacht-") as folder:
        path = Path(folder) / "film.mp4"
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), RATE, (width, height))
        if not writer.isOpened():
            raise OSError("mp4v")
        for number in range(int(seconds * RATE)):
            down, across = number % SLIDE, (number // 2) % SLIDE
            writer.write(np.ascontiguousarray(scene[down : down + height, across : across + width]))
        writer.release()
        return path.read_bytes()
