"""The road of what may be nudity. No such picture may exist: a homework sheet stands in, by a threshold below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogs.practice.cli import practice

HERE = Path(__file__).parent
SHIPPED = HERE.parents[2] / "data" / "media" / "media.toml"
THRESHOLD, LOW = "urgent = 0.8 ", "urgent = 0.01 "  # the sheet scores 0.014, every other picture of the room less


def test_only_the_coordinator_hears_of_it_and_nobody_sees_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    own = tmp_path / "data" / "media"
    own.mkdir(parents=True)
    shipped = SHIPPED.read_text(encoding="utf-8")
    assert THRESHOLD in shipped
    (own / "media.toml").write_text(shipped.replace(THRESHOLD, LOW), encoding="utf-8")
    monkeypatch.setenv("KLASWACHT_DATA", str(own.parent))
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path / "state"))
    assert practice(HERE / "possible_nudity.jsonl") == 0, capfd.readouterr().err
    assert not list((tmp_path / "state" / "files").rglob("*"))  # the hash and the facts alone are kept
