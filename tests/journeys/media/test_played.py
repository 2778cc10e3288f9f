"""Journeys of pictures on the shipped settings: a server, the bot in its own process, people who click."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogs.practice.cli import practice

HERE = Path(__file__).parent
SCENARIOS = ("removed_by_hand", "surfaces")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_goes_as_people_expect(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, scenario: str
) -> None:
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path / "state"))
    assert practice(HERE / f"{scenario}.jsonl") == 0, capfd.readouterr().err
