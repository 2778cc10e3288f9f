"""The benchmark's own part; the rivals need torch and are measured by the command."""

from __future__ import annotations

from bot.screening.benchmark import Benchmark, Speed, benchmark
from tests.screening.conftest import DATA


def test_the_embedded_model_is_measured() -> None:
    found = benchmark(DATA / "model", ["hoi", "wat moeten we morgen meenemen voor gym?"] * 4, rivals=False)
    assert (found.rivals, found.embedded.throughput > 0, found.embedded.latency_ms > 0) == ({}, True, True)


def test_ratios_are_told() -> None:
    found = Benchmark(Speed(400.0, 4.0), 0.5, 100.0, {"rival": Speed(20.0, 80.0)})
    assert "20.0x the throughput and 1/20.0 of the latency" in found.lines()[1]
    assert found.as_dict()["load_s"] == 0.5
