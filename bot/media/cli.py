"""What ``klaswacht screen-media``, ``evaluate-media`` and ``fuzz media`` do; they print JSON alone."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from bot.media.inspector import MediaInspector
from bot.settings import Settings, data_file, data_folder, read_settings

FAILED = 1


@asynccontextmanager
async def opened(settings: Settings | None = None) -> AsyncIterator[MediaInspector]:
    """Give an inspector with the school's thresholds, or the shipped ones. Raises ``SetupError``: no child starts."""
    config = data_file(settings or read_settings(), "media/media.toml")
    async with MediaInspector(config, data_folder() / "media") as inspector:
        yield inspector


async def screen_media(files: Iterable[Path], out: TextIO = sys.stdout) -> int:
    """Print one JSON object a file, flushed; needs no school, database or token. Returns the exit code."""
    async with opened() as inspector:
        for path in files:
            facts = await inspector.inspect(path.name, path)
            _print({**facts.line(), "file": str(path)}, out)
    return 0


async def evaluate_media(faces: Path, others: Path, out: TextIO = sys.stdout) -> int:
    """Print how many people are found and how many pictures without people are flagged."""
    from bot.media.measure import evaluate  # noqa: PLC0415 - NumPy and Pillow are loaded only where they are used

    async with opened() as inspector:
        _print(await evaluate(inspector, faces, others), out)
    return 0


async def fuzz_media(count: int = 1000, seed: int = 4, out: TextIO = sys.stdout) -> int:
    """Print what damaged files gave; the exit code says whether one passed in silence."""
    from bot.media.fuzz import fuzz  # noqa: PLC0415

    async with opened() as inspector:
        result = await fuzz(inspector, count, seed)
    _print(asdict(result), out)
    return FAILED if result.silent else 0


def _print(told: object, out: TextIO) -> None:
    out.write(json.dumps(told, ensure_ascii=False) + "\n")
    out.flush()
