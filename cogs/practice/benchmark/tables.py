"""The tables of ``road`` and ``load``: what was measured, the goal, and the ratio against a yardstick of the run."""

from collections.abc import Sequence

from cogs.practice.benchmark.facts import Line, Outcome, percentile
from cogs.practice.phrases import Phrases

ROAD_GOAL_MS, ROAD_STALL_MS, MEMORY_GOAL_MB = 1000, 50, 500
LOAD_STALL_MS, BACKLOG_GOAL_S = 100, 120
P50, P95, P99 = 0.5, 0.95, 0.99


def road(outcome: Outcome) -> list[Line]:
    """Return the figures of the road at an ordinary pace."""
    seen, arrived = outcome.seen, outcome.arrived
    first = list(arrived.first.values())
    bare = percentile(seen.bare_ms, P95)
    goal = f"< {ROAD_GOAL_MS} ms"
    return [
        *_written(outcome),
        Line("benchmark.first", spread(first), goal, times(percentile(first, P95), bare)),
        Line("benchmark.every", spread(arrived.every), goal, times(percentile(arrived.every, P95), bare)),
        Line("benchmark.bare", spread(seen.bare_ms)),
        *_health(outcome, ROAD_STALL_MS),
    ]


def load(outcome: Outcome) -> list[Line]:
    """Return the figures of a raid and of what comes after it."""
    seen, first = outcome.seen, outcome.arrived.first
    threats = [took for message, took in first.items() if message in seen.threats]
    others = [took for message, took in first.items() if message not in seen.threats]
    ratio = times(percentile(others, P50), percentile(threats, P50))
    behind = f"{seen.behind_s:.0f} s" if seen.behind_s is not None else "-"
    return [
        *_written(outcome),
        Line("benchmark.threats", spread(threats), "", ratio),
        Line("benchmark.others", spread(others)),
        Line("benchmark.behind", behind, f"< {BACKLOG_GOAL_S} s"),
        Line("benchmark.busy", str(max((look.busy for look in seen.looks), default=0))),
        Line("benchmark.model_waits", str(outcome.kept.waiting_for_model), "0"),
        *_health(outcome, LOAD_STALL_MS),
    ]


def printed(lines: Sequence[Line], title: str, phrases: Phrases, language: str) -> str:
    """Return a table as text."""
    heads = [phrases.say(language, f"benchmark.head.{name}") for name in ("what", "value", "goal", "against")]
    rows = [heads, *([phrases.say(language, line.key), line.value, line.goal, line.against] for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    told = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([phrases.say(language, title), *told])


def _written(outcome: Outcome) -> list[Line]:
    seen = outcome.seen
    total = seen.quiet + len(seen.bad)
    pace = total / seen.written_s if seen.written_s else 0
    found = {message for message, _ in outcome.kept.findings}
    lost = sum(1 for message in seen.bad if str(message) not in found)
    untold = sum(1 for message in seen.bad if message not in outcome.arrived.first)
    return [
        Line("benchmark.written", f"{total} ({pace:.1f}/s)"),
        Line("benchmark.bad", str(len(seen.bad))),
        Line("benchmark.lost", str(lost), "0"),
        Line("benchmark.untold", str(untold), "0"),
    ]


def _health(outcome: Outcome, stall_ms: int) -> list[Line]:
    seen = outcome.seen
    stalls, own = [look.stall_ms for look in seen.looks], [look.stall_own_ms for look in seen.looks]
    most = max((look.memory_most_mb for look in seen.looks), default=0.0)
    total = seen.quiet + len(seen.bad)
    worked = seen.looks[-1].loop_cpu_s - seen.looks[0].loop_cpu_s if seen.looks else 0.0
    idle = max(seen.idle_ms, default=float("nan"))
    return [
        Line("benchmark.stall", spread(stalls), f"< {stall_ms} ms", times(max(stalls, default=0.0), idle)),
        Line("benchmark.stall_own", spread(own), f"< {stall_ms} ms"),
        Line("benchmark.idle", spread(seen.idle_ms)),
        Line("benchmark.loop", f"{1000 * worked / total if total else 0:.1f} ms"),
        Line("benchmark.memory", f"{most:.0f} MB", f"< {MEMORY_GOAL_MB} MB", times(most, seen.memory_before_mb)),
    ]


def spread(values: Sequence[float]) -> str:
    """Return median, 95th and 99th percentile and the longest, in milliseconds."""
    if not values:
        return "-"
    parts = (percentile(values, P50), percentile(values, P95), percentile(values, P99), max(values))
    return " / ".join(f"{part:.0f}" for part in parts) + f" ms (n={len(values)})"


def times(value: float, yardstick: float) -> str:
    """Return how many times the yardstick a value is."""
    return f"{value / yardstick:.1f}x" if yardstick > 0 else ""
