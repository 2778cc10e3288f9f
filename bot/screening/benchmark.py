"""``klaswacht benchmark model``: the embedded model beside what such bots do today, ratios from one run.

The rivals run in a process of their own and need ``klaswacht[detoxify]``: ``Detoxify.predict`` a message at a time on
an XLM-R-base of random weights (speed does not depend on them), and on the project's own checkpoint.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from bot.errors import SetupError
from bot.screening.model import load_model

CHILD: Final = "bot.screening.benchmark_child"
TEXTS: Final = 256
RIVAL_TEXTS: Final = 48
WARM_UP: Final = 4
KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast an engine is: messages a second with two threads, milliseconds a message with one (median)."""

    throughput: float
    latency_ms: float


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The figures of one run; ``load_s`` and ``added_mb``: what opening the embedded model costs."""

    embedded: Speed
    load_s: float
    added_mb: float
    rivals: dict[str, Speed]

    def lines(self) -> list[str]:
        """Return the figures for a person: the embedded model first, then how many times faster than each rival."""
        own = self.embedded
        speed = f"{own.throughput:.0f} messages/s (2 threads), {own.latency_ms:.1f} ms a message (1 thread)"
        told = [f"embedded: {speed}, loads in {self.load_s:.2f} s, adds {self.added_mb:.0f} MB"]
        for name, rival in self.rivals.items():
            faster = f"{own.throughput / rival.throughput:.1f}x the throughput"
            sooner = f"1/{rival.latency_ms / own.latency_ms:.1f} of the latency"
            theirs = f"{rival.throughput:.1f} messages/s, {rival.latency_ms:.1f} ms a message"
            told.append(f"{name}: {theirs}; embedded has {faster} and {sooner}")
        return told

    def as_dict(self) -> dict[str, object]:
        """Return the figures for a file."""
        return asdict(self)


def benchmark(model: Path, texts: Sequence[str], *, rivals: bool = True) -> Benchmark:
    """Measure the embedded model on texts, and its rivals in another process.

    Raises ``ModelFileError``: the model can't be used; ``SetupError``: the rivals' packages are not installed.
    """
    chosen = list(texts[:TEXTS])
    before, begun = _peak_mb(), perf_counter()
    single = load_model(model, threads=1)
    load_s = perf_counter() - begun
    latency = median_ms(lambda text: single.score([text]), chosen)
    added = _peak_mb() - before
    double = load_model(model, threads=2)
    double.score(chosen[:WARM_UP])
    begun = perf_counter()
    double.score(chosen)
    embedded = Speed(len(chosen) / (perf_counter() - begun), latency)
    return Benchmark(embedded, load_s, added, _rivals(model, chosen[:RIVAL_TEXTS]) if rivals else {})


def median_ms(score: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return the median of the milliseconds that one text takes, after a warm-up."""
    for text in texts[:WARM_UP]:
        score(text)
    taken = []
    for text in texts:
        begun = perf_counter()
        score(text)
        taken.append((perf_counter() - begun) * 1000)
    return sorted(taken)[len(taken) // 2]


def _rivals(model: Path, texts: Sequence[str]) -> dict[str, Speed]:
    asked = json.dumps({"model": str(model), "texts": list(texts)})
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", CHILD], input=asked, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["-"])[-1]
        raise SetupError("error.screening.rivals", reason=last)
    return {name: Speed(**speed) for name, speed in json.loads(done.stdout.splitlines()[-1]).items()}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
