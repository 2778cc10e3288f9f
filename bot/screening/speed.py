"""How fast the embedded engine is, for ``klaswacht benchmark model``; a process of its own, prints one JSON line.

``python -m bot.screening.speed FOLDER THREADS TEXTS`` (a file with a message a line): seconds to load, megabytes added,
milliseconds a message one at a time, messages a second in batches.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.pulse import memory_mb

BATCH, WARM = 32, 8


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured. ``one_ms``: median for one message at a time; ``per_second``: in batches of 32."""

    load_s: float
    added_mb: float
    one_ms: float
    per_second: float


def measured(load: Callable[[], Callable[[Sequence[str]], Any]], texts: Sequence[str], rounds: int) -> Speed:
    """Load an engine and ask it all texts: one at a time, and in batches, of which the best of ``rounds`` counts."""
    before, began = memory_mb()[0], time.perf_counter()
    ask = load()
    load_s, added_mb = time.perf_counter() - began, memory_mb()[0] - before
    for text in texts[:WARM]:
        ask([text])
    alone = sorted(_seconds(ask, [text]) for text in texts)
    ordered = sorted(texts, key=len)
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    best = min(sum(_seconds(ask, batch) for batch in batches) for _ in range(rounds))
    return Speed(round(load_s, 2), round(added_mb, 1), round(1000 * alone[len(alone) // 2], 2), len(texts) / best)


def _seconds(ask: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> float:
    began = time.perf_counter()
    ask(texts)
    return time.perf_counter() - began


def main() -> None:
    """Measure the embedded engine."""
    folder, threads, file = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    from bot.screening.model import load_model  # noqa: PLC0415 - what importing takes counts as loading

    texts = file.read_text(encoding="utf-8").splitlines()
    speed = measured(lambda: load_model(folder, threads).score, texts, rounds=3)
    sys.stdout.write(json.dumps(asdict(speed)) + "\n")


if __name__ == "__main__":
    main()
