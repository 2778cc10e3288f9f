"""A two-second benchmark prints a whole table; no time is asserted."""

import json
import re
import sys

import pytest

from bot.commands.benchmark import RAID_BAD, RAID_THREATS, make_table
from bot.pulse import Pulse, memory_mb
from bot.screening.speed import measured
from cogs.practice.benchmark import tables
from cogs.practice.benchmark.facts import Line, Phase, percentile
from cogs.practice.phrases import Phrases


def values(lines: list[Line]) -> dict[str, str]:
    return {line.key.removeprefix("benchmark."): line.value for line in lines}


def test_two_seconds_of_the_road_give_a_whole_table() -> None:
    lines = make_table(tables.road, [Phase(20, 2)], 0.1, 0.05)
    found = values(lines)
    assert [found[name] for name in ("bad", "lost", "untold")] == ["4", "0", "0"]
    spread = re.compile(r"\d+( / \d+){3} ms \(n=\d+\)")
    assert all(spread.fullmatch(found[name]) for name in ("first", "every", "bare", "stall"))
    assert re.fullmatch(r"\d+ MB", found["memory"])
    table = tables.printed(lines, "benchmark.road", Phrases(), "nl").splitlines()
    assert len(table) == len(lines) + 2


def test_a_short_raid_loses_nothing_and_ends() -> None:
    raid = [Phase(60, 2), Phase(10, 60, until_quiet=True)]
    found = values(make_table(tables.load, raid, RAID_BAD, RAID_THREATS))
    assert [found[name] for name in ("lost", "untold", "model_waits")] == ["0", "0", "0"]
    assert re.fullmatch(r"\d+ s", found["behind"])


def test_a_percentile_is_a_value_that_was_seen() -> None:
    assert [percentile([3, 1, 2], share) for share in (0, 0.5, 0.95)] == [1, 2, 3]


async def test_the_pulse_tells_a_stall_and_whose_it_was() -> None:
    moments, worked = iter([0.0, 0.105, 0.2, 0.205]), iter([0.0, 0.09, 0.1, 0.1, 0.1])
    pulse = Pulse(now=lambda: next(moments), worked=lambda: next(worked))
    with pytest.raises((StopIteration, RuntimeError)):
        await pulse.run()
    assert pulse._late == pytest.approx(0.1)
    assert pulse._own == pytest.approx(0.09)


def test_memory_is_known_on_this_system() -> None:
    now, most = memory_mb()
    assert most > 0
    assert now <= most or sys.platform != "linux"


def test_an_engine_is_measured_one_at_a_time_and_in_batches() -> None:
    asked: list[int] = []

    def load() -> object:
        return lambda texts: asked.append(len(texts))

    speed = measured(load, [f"bericht {number}" for number in range(40)], rounds=2)  # type: ignore[arg-type]
    assert asked == [1] * 48 + [32, 8] * 2
    assert json.dumps(speed.one_ms)
