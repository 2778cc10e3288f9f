"""The facts of a benchmark run."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cogs.practice.torture.facts import Kept


@dataclass(frozen=True, slots=True)
class Phase:
    """So many messages a second, for so many seconds; ``until_quiet``: at most so long, ends when no work is behind."""

    per_second: float
    seconds: float
    until_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written: phases, and which share is above the threshold (threats are a part of that)."""

    phases: Sequence[Phase]
    bad: float
    threats: float
    school: Path
    state: Path
    seed: int = 1
    language: str = "nl"


@dataclass(frozen=True, slots=True)
class Look:
    """How the bot was doing at a moment; ``at``: seconds since the first message."""

    at: float
    stall_ms: float
    stall_own_ms: float
    loop_cpu_s: float
    memory_mb: float
    memory_most_mb: float
    busy: int
    due: int


@dataclass(slots=True)
class Seen:
    """What was seen on the platform's side. Ids of messages with the second at which they were written."""

    quiet: int = 0
    bad: set[int] = field(default_factory=set)
    threats: set[int] = field(default_factory=set)
    looks: list[Look] = field(default_factory=list)
    bare_ms: list[float] = field(default_factory=list)
    idle_ms: list[float] = field(default_factory=list)
    behind_s: float | None = None
    written_s: float = 0.0
    memory_before_mb: float = 0.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """How many milliseconds after the gateway event each request about an alert was accepted."""

    first: dict[int, float]
    every: list[float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All of one run."""

    seen: Seen
    arrived: Arrived
    kept: Kept


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: the key of its name, what was measured, the goal, and the ratio against a yardstick."""

    key: str
    value: str
    goal: str = ""
    against: str = ""


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share lies; not a number when there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
