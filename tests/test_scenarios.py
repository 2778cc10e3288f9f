"""The six scenarios that ship are played against the loopback Discord and the bot as a process of its own."""

from pathlib import Path

import pytest

from cogs.practice.cli import practice

FOLDER = Path(__file__).parent.parent / "data" / "practice" / "scenarios"
PATIENCE_S = 60.0  # a machine that does something else too
NAMES = ("belediging", "anoniem", "foto", "vals_alarm", "dichte_dms", "kill")


def test_six_scenarios_ship() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.jsonl")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_holds(name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("KLASWACHT_STATE", raising=False)
    assert practice(FOLDER / f"{name}.jsonl", start_s=PATIENCE_S) == 0, capfd.readouterr().err
