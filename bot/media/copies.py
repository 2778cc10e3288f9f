"""Copies of pictures as children make them, and how many are found again: a part of ``klaswacht evaluate-media``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from bot.media import samples
from bot.media.config import Limits, MediaConfig
from bot.media.eyes import small_prints
from bot.media.facts import MediaFacts, MediaKind
from bot.media.fingerprint import TURNS, distance, same_picture
from bot.media.pictures import Pixels, allow_large, pictures
from bot.media.unreadable import UnreadableError

COPIES = ("recompressed", "resized", "thumbnail", "mirrored", "captioned", "brightened", "rotated")
THUMBNAIL = 48  # pixels of the smaller side: an avatar or an emoji


@dataclass(frozen=True, slots=True)
class CopyShare:
    """Copies found again, by kind, of ``tried`` pictures; and other pairs taken for copies.

    ``missed``: which copies were not found; ``without_print``: pictures with too little detail to compare, of which
    no changed copy can be found; ``alike``: the pairs behind ``other_hits``; ``nearest_other``: in how many of 256
    bits the nearest other pair differs.
    """

    tried: int
    found: dict[str, int]
    missed: tuple[str, ...]
    without_print: tuple[str, ...]
    other_pairs: int
    other_hits: int
    alike: tuple[tuple[str, str], ...]
    nearest_other: int | None

    def line(self) -> dict[str, object]:
        """Return it as plain values."""
        return asdict(self)


def copies_of(picture: Image.Image) -> dict[str, bytes]:
    """Return copies of a picture as children make them."""
    width, height = picture.size
    captioned = picture.copy()
    pen = ImageDraw.Draw(captioned)
    bar = height // 8
    pen.rectangle((0, height - bar, width, height), fill="black")
    pen.text((width // 20, height - bar), "haha moet je zien", fill="white", font_size=max(bar * 2 // 3, 8))
    smaller = picture.resize((max(width * 2 // 5, 64), max(height * 2 // 5, 64)), Image.Resampling.BILINEAR)
    tiny = THUMBNAIL / min(width, height)
    thumbnail = picture.resize((round(width * tiny), round(height * tiny)), Image.Resampling.LANCZOS)
    made = {
        "recompressed": (picture, 35),
        "resized": (smaller, 85),
        "thumbnail": (thumbnail, 85),
        "mirrored": (ImageOps.mirror(picture), 85),
        "captioned": (captioned, 85),
        "brightened": (ImageEnhance.Brightness(picture).enhance(1.3), 85),
        "rotated": (picture.transpose(Image.Transpose.ROTATE_90), 85),
    }
    return {
        name: samples.encoded(np.asarray(image), "JPEG", quality=quality) for name, (image, quality) in made.items()
    }


def find_copies(config: MediaConfig, seen: Mapping[Path, MediaFacts]) -> CopyShare:
    """Make copies of every still picture that was looked at, and count which are found, and which other pairs."""
    most, quality = config.same_picture.distance, config.same_picture.quality
    allow_large(config.limits)
    found, missed, still = dict.fromkeys(COPIES, 0), [], {}
    for path, facts in seen.items():
        if facts.kind is not MediaKind.IMAGE or facts.frames != 1 or facts.error is not None:
            continue
        still[path] = facts
        for name, copy in _made(path, config.limits):
            if same_picture(small_prints(copy, quality), facts.pdqs[::TURNS], most):
                found[name] += 1
            else:
                missed.append(f"{told(path)}: {name}")
    nearest = list(_nearest(still))
    alike = tuple((told(one), told(other)) for bits, one, other in nearest if bits <= most)
    return CopyShare(
        tried=len(still),
        found=found,
        missed=tuple(missed),
        without_print=tuple(told(path) for path, facts in still.items() if not facts.pdqs),
        other_pairs=len(nearest),
        other_hits=len(alike),
        alike=alike,
        nearest_other=min((bits for bits, *_ in nearest), default=None),
    )


def told(path: Path) -> str:
    """Return what a picture is called in the figures: its folder and its name."""
    return f"{path.parent.name}/{path.name}"


def _made(path: Path, limits: Limits) -> Iterator[tuple[str, Pixels]]:
    try:
        picture = next(pictures(path.read_bytes(), limits))
    except (UnreadableError, OSError):
        return
    for name, content in copies_of(Image.fromarray(picture)).items():
        yield name, next(pictures(content, limits))


def _nearest(still: Mapping[Path, MediaFacts]) -> Iterator[tuple[int, Path, Path]]:
    # one file under two names is no other pair
    prints = {facts.sha256: (path, facts.pdqs) for path, facts in still.items() if facts.pdqs}
    for (path, one), (beside, other) in combinations(prints.values(), 2):
        yield min(distance(mine, theirs) for mine in one for theirs in other[::TURNS]), path, beside
