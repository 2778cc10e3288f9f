"""The road of what may be nudity. No such picture may exist: a homework sheet stands in, by a threshold below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogs.practice.cli import practice

HERE = Path(__file__).parent
SHIPPED = HERE.parents[2] / "data" / "media" / "media.toml"
SHEET = HERE.parents[2] / "data" / "practice" / "media" / "huiswerk.png"
THRESHOLD, LOW = "urgent = 0.8 ", "urgent = 0.01 "  # the sheet scores 0.014, every other picture of the room less


@pytest.mark.parametrize("scenario", ["possible_nudity", "sent_files"])
def test_only_the_coordinator_hears_of_it_and_nobody_sees_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path, scenario: str
) -> None:
    own = tmp_path / "data" / "media"
    own.mkdir(parents=True)
    shipped = SHIPPED.read_text(encoding="utf-8")
    assert THRESHOLD in shipped
    (own / "media.toml").write_text(shipped.replace(THRESHOLD, LOW), encoding="utf-8")
    monkeypatch.setenv("KLASWACHT_DATA", str(own.parent))
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path / "state"))
    assert practice(HERE / f"{scenario}.jsonl") == 0, capfd.readouterr().err
    sheet = len(SHEET.read_bytes())  # of it the hash and the facts alone are kept
    assert not [one for one in (tmp_path / "state" / "files").rglob("*") if one.stat().st_size > sheet // 2]
