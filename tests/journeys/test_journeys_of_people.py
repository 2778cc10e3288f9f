"""Whole journeys, played against the loopback Discord with the bot as a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogs.practice.cli import practice

JOURNEYS = sorted(Path(__file__).parent.glob("*.jsonl"))


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda path: path.stem)
def test_a_journey_holds(
    journey: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path))
    assert practice(journey) == 0, capfd.readouterr().err
