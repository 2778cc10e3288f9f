"""Whole journeys, played against the loopback Discord with the bot as a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogs.practice.cli import practice
from tests.journeys.planted import found, planted

LEAST_BYTES = 100_000
PATIENCE_S = 60.0  # a machine that does something else too
JOURNEYS = sorted(Path(__file__).parent.glob("*.jsonl"))


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda path: path.stem)
def test_a_journey_holds_and_leaves_nothing_readable_behind(
    journey: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path))
    monkeypatch.setenv("KLASWACHT_LOG_LEVEL", "DEBUG")
    assert practice(journey, start_s=PATIENCE_S) == 0, capfd.readouterr().err
    assert found(tmp_path, planted(journey)) == []
    key = (tmp_path / "klaswacht.key").read_text(encoding="ascii").strip()
    assert [name for name, _ in found(tmp_path, frozenset((key,)))] == ["klaswacht.key"]
    assert (tmp_path / "klaswacht.db").stat().st_size > LEAST_BYTES


def test_what_is_looked_for_would_be_found(tmp_path: Path) -> None:
    [journey] = [path for path in JOURNEYS if path.stem.startswith("from_insult_to_closed_case")]
    words = planted(journey)
    assert {"Noor vertelde dat het al weken duurt.", "vertelde"} <= words
    (tmp_path / "a.log").write_text("iemand vertelde iets", encoding="utf-8")
    (tmp_path / "b.db").write_text("vertelde", encoding="utf-16-le")
    (tmp_path / "vertelde.txt").write_text("", encoding="utf-8")
    assert sorted(found(tmp_path, words)) == [("a.log", "vertelde"), ("b.db", "vertelde"), ("vertelde.txt", "vertelde")]
