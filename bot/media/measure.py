"""Figures: people found, pictures flagged, copies found again; processor seconds and memory of a process."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import InputError
from bot.media.copies import find_copies, told
from bot.media.facts import MediaFacts, MediaKind, People
from bot.media.inspector import MediaInspector
from bot.screening import figures


@dataclass(frozen=True, slots=True)
class FolderShare:
    """What was seen in a folder: ``flagged`` is people "yes", ``found`` is "yes" or "maybe".

    ``names``: the pictures in which people were missed, or seen where nobody is; ``left_out``: files without a
    picture, film or sound in them, such as a text; they count nowhere.
    """

    files: int
    flagged: int
    found: int
    unreadable: int
    urgent: int
    left_out: int
    names: tuple[str, ...]

    def line(self, names: str) -> dict[str, object]:
        """Return it with percentages and their 95% intervals; ``names`` says what the names are."""
        return {
            "files": self.files,
            **_percent("flagged", self.flagged, self.files),
            **_percent("found", self.found, self.files),
            "unreadable": self.unreadable,
            "urgent": self.urgent,
            "left_out": self.left_out,
            names: list(self.names),
        }


async def evaluate(inspector: MediaInspector, faces: Path, others: Path) -> dict[str, object]:
    """Measure a folder of pictures of people and a folder without; both must be foreign to the project.

    Raises ``InputError``: one of them is no folder, or holds no files.
    """
    folders = [_files(folder) for folder in (faces, others)]
    with_people, without = [{path: await inspector.inspect(path.name, path) for path in files} for files in folders]
    missed = [path for path, facts in with_people.items() if facts.people is People.NO]
    seen = [path for path, facts in without.items() if facts.people is People.YES]
    urgent = inspector.config.nudity.urgent
    return {
        "people": share(with_people, missed, urgent).line("not_found"),
        "no_people": share(without, seen, urgent).line("flagged_files"),
        "copies": find_copies(inspector.config, {**with_people, **without}).line(),
    }


def share(seen: Mapping[Path, MediaFacts], names: Iterable[Path], urgent: float) -> FolderShare:
    """Count a folder's facts; nudity from ``urgent`` on is counted as such."""
    recorded = {MediaKind.FILM, MediaKind.SOUND}
    media = {path: one for path, one in seen.items() if one.frames or one.error or one.kind in recorded}
    return FolderShare(
        files=len(media),
        flagged=sum(one.people is People.YES for one in media.values()),
        found=sum(one.people is not People.NO for one in media.values()),
        unreadable=sum(one.error is not None for one in media.values()),
        urgent=sum(one.nudity >= urgent for one in media.values()),
        left_out=len(seen) - len(media),
        names=tuple(told(path) for path in names if path in media),
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


def _percent(name: str, hits: int, files: int) -> dict[str, object]:
    of = figures.Share(hits, files)
    value = None if of.value is None else round(100 * of.value, 1)
    interval = None if of.interval is None else [round(100 * end, 1) for end in of.interval]
    return {name: hits, f"{name}_pct": value, f"{name}_interval": interval}


def _files(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    if not found:
        raise InputError("error.media.no_folder", folder=folder)
    return found
