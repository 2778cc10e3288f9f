"""Figures: people found, pictures flagged, copies found again; processor seconds and memory of a process."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from bot.media import samples
from bot.media.facts import MediaFacts, People
from bot.media.fingerprint import TURNS, distance, same_picture
from bot.media.inspector import MediaInspector

COPIES = ("recompressed", "resized", "mirrored", "captioned", "brightened", "rotated")


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a folder's files: ``flagged`` is people "yes", ``found`` is "yes" or "maybe"."""

    files: int
    flagged: int
    found: int
    unreadable: int
    urgent: int

    def line(self) -> dict[str, object]:
        """Return it with percentages."""
        of = max(self.files, 1) / 100
        return {**asdict(self), "flagged_pct": round(self.flagged / of, 1), "found_pct": round(self.found / of, 1)}


@dataclass(frozen=True, slots=True)
class CopyShare:
    """Copies found again, by kind, and other pairs taken for copies."""

    found: dict[str, int]
    tried: int
    other_pairs: int
    other_hits: int
    nearest_other: int | None


async def evaluate(inspector: MediaInspector, faces: Path, others: Path) -> dict[str, object]:
    """Measure a folder of pictures of people and a folder without; both must be foreign to the project."""
    with_people = [await inspector.inspect(path.name, path) for path in _files(faces)]
    without = [await inspector.inspect(path.name, path) for path in _files(others)]
    copies = await _copies(inspector, [*_files(faces), *_files(others)])
    pairs = _pairs([*with_people, *without], copies, inspector.config.same_picture.distance)
    told = {"people": share(with_people, inspector).line(), "no_people": share(without, inspector).line()}
    return {**told, "copies": asdict(pairs)}


def share(facts: Iterable[MediaFacts], inspector: MediaInspector) -> Share:
    """Count a folder's facts."""
    seen = list(facts)
    return Share(
        files=len(seen),
        flagged=sum(one.people is People.YES for one in seen),
        found=sum(one.people is not People.NO for one in seen),
        unreadable=sum(one.error is not None for one in seen),
        urgent=sum(one.nudity >= inspector.config.nudity.urgent for one in seen),
    )


def peak_memory(pid: int | None) -> float | None:
    """Return the most memory (MB, resident) that a process has held; None where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if pid is None or not status.exists():
        return None
    lines = status.read_text(encoding="ascii").splitlines()
    peak = next((line for line in lines if line.startswith("VmHWM")), None)
    return round(int(peak.split()[1]) / 1024, 1) if peak else None


def processor_seconds(pid: int | None) -> float:
    """Return the seconds of processor that a process has used, whatever else the machine does; 0.0 where untold."""
    status = Path(f"/proc/{pid}/stat")
    if pid is None or not status.exists():
        return 0.0
    fields = status.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def copies_of(picture: Image.Image) -> dict[str, bytes]:
    """Return copies of a picture as children make them."""
    width, height = picture.size
    captioned = picture.copy()
    pen = ImageDraw.Draw(captioned)
    bar = height // 8
    pen.rectangle((0, height - bar, width, height), fill="black")
    pen.text((width // 20, height - bar), "haha moet je zien", fill="white", font_size=max(bar * 2 // 3, 8))
    smaller = picture.resize((max(width * 2 // 5, 64), max(height * 2 // 5, 64)), Image.Resampling.BILINEAR)
    made = {
        "recompressed": (picture, 35),
        "resized": (smaller, 85),
        "mirrored": (ImageOps.mirror(picture), 85),
        "captioned": (captioned, 85),
        "brightened": (ImageEnhance.Brightness(picture).enhance(1.3), 85),
        "rotated": (picture.transpose(Image.Transpose.ROTATE_90), 85),
    }
    return {
        name: samples.encoded(np.asarray(image), "JPEG", quality=quality) for name, (image, quality) in made.items()
    }


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def _copies(inspector: MediaInspector, files: list[Path]) -> dict[str, tuple[int, int]]:
    found, most = dict.fromkeys(COPIES, (0, 0)), inspector.config.same_picture.distance
    for path in files:
        first = await inspector.inspect(path.name, path)
        if not first.pdqs or first.frames > 1:
            continue
        with Image.open(path) as image:
            picture = ImageOps.exif_transpose(image).convert("RGB")
        for name, content in copies_of(picture).items():
            again = await inspector.inspect("copy.jpg", content)
            hit = same_picture(again.pdqs, first.pdqs[::TURNS], most)
            found[name] = (found[name][0] + hit, found[name][1] + 1)
    return found


def _pairs(facts: list[MediaFacts], copies: dict[str, tuple[int, int]], most: int) -> CopyShare:
    prints = {one.sha256: one.pdqs for one in facts if one.pdqs and one.frames == 1}
    nearest = [
        min(distance(mine, theirs) for mine in one for theirs in other[::TURNS])
        for one, other in combinations(list(prints.values()), 2)
    ]
    hits = sum(bits <= most for bits in nearest)
    tried = max((count for _, count in copies.values()), default=0)
    found = {name: hit for name, (hit, _) in copies.items()}
    return CopyShare(found, tried, len(nearest), hits, min(nearest, default=None))
