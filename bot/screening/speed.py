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
from statistics import median
from typing import Any

from bot.pulse import memory_mb

BATCH, WARM = 32, 8


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured, by the clock and (``cpu``) in processor time, which a busy machine changes less.

    ``one_ms``: median for one message at a time; ``per_second``: in batches of 32.
    """

    load_s: float
    added_mb: float
    one_ms: float
    one_cpu_ms: float
    per_second: float
    per_cpu_second: float


def measured(load: Callable[[], Callable[[Sequence[str]], Any]], texts: Sequence[str], rounds: int) -> Speed:
    """Load an engine and ask it all texts: one at a time, and in batches, of which the best of ``rounds`` counts."""
    before, began = memory_mb()[0], time.perf_counter()
    ask = load()
    load_s, added_mb = time.perf_counter() - began, memory_mb()[0] - before
    for text in texts[:WARM]:
        ask([text])
    alone = [_took(ask, [text]) for text in texts]
    ordered = sorted(texts, key=len)
    batches = [ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH)]
    together = [[_took(ask, batch) for batch in batches] for _ in range(rounds)]
    return Speed(
        load_s=round(load_s, 2),
        added_mb=round(added_mb, 1),
        one_ms=round(1000 * median(took[0] for took in alone), 2),
        one_cpu_ms=round(1000 * median(took[1] for took in alone), 2),
        per_second=len(texts) / min(sum(took[0] for took in turn) for turn in together),
        per_cpu_second=len(texts) / min(sum(took[1] for took in turn) for turn in together),
    )


def _took(ask: Callable[[Sequence[str]], Any], texts: Sequence[str]) -> tuple[float, float]:
    """Return the seconds by the clock, and those of all processors of this process."""
    began, worked = time.perf_counter(), time.process_time()
    ask(texts)
    return time.perf_counter() - began, max(time.process_time() - worked, 1e-9)


def main() -> None:
    """Measure the embedded engine."""
    folder, threads, file = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    from bot.screening.model import load_model  # noqa: PLC0415 - what importing takes counts as loading

    texts = file.read_text(encoding="utf-8").splitlines()
    speed = measured(lambda: load_model(folder, threads).score, texts, rounds=3)
    sys.stdout.write(json.dumps(asdict(speed)) + "\n")


if __name__ == "__main__":
    main()
