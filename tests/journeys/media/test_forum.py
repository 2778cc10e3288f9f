"""A picture that opens a forum post can't be put back by the bot; a later one in it can."""

from __future__ import annotations

from pathlib import Path

import pytest

from cogs.practice.cli import practice
from tests.journeys.media.room import DATA, HERE, PATIENCE_S

SCHOOL = DATA / "practice" / "school.toml"
CHANNELS, FORUM = '"1100000000000000503"]', "1100000000000000504"


def test_the_pupil_may_open_it_again_with_the_same_picture(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path / "state"))
    school = SCHOOL.read_text(encoding="utf-8").replace(CHANNELS, f'{CHANNELS[:-1]}, "{FORUM}"]', 1)
    forum = f'\n[[channel]]\nid = "{FORUM}"\nname = "werkstukken"\nkind = "class"\ntype = "forum"\n'
    (tmp_path / "school.toml").write_text(school + forum, encoding="utf-8")
    (tmp_path / "klaslijst.csv").write_bytes((SCHOOL.parent / "klaslijst.csv").read_bytes())
    assert practice(HERE / "forum_post.jsonl", school=tmp_path / "school.toml", start_s=PATIENCE_S) == 0, (
        capfd.readouterr().err
    )
