"""The road of what may be nudity. No such picture may exist: a homework sheet stands in, by a threshold below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogs.practice.cli import practice
from tests.journeys.media.room import DATA, HERE, PATIENCE_S, own_data

SHEET = DATA / "practice" / "media" / "huiswerk.png"
THRESHOLD, LOW = "urgent = 0.8 ", "urgent = 0.01 "  # the sheet scores 0.014, every other picture of the room less


@pytest.mark.parametrize("scenario", ["possible_nudity", "sent_files"])
def test_only_the_coordinator_hears_of_it_and_nobody_sees_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, scenario: str
) -> None:
    monkeypatch.setenv("KLASWACHT_DATA", own_data(tmp_path / "data", THRESHOLD, LOW))
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path / "state"))
    assert practice(HERE / f"{scenario}.jsonl", start_s=PATIENCE_S) == 0, capfd.readouterr().err
    sheet = len(SHEET.read_bytes())  # of it the hash and the facts alone are kept
    assert not [one for one in (tmp_path / "state" / "files").rglob("*") if one.stat().st_size > sheet // 2]
