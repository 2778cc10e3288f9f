"""Every hostile string as a word of the command line: an answer or a refusal in words, never a trace or an escape."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from tests.commands.test_keeping import SCHOOL_FILE
from tests.trust.hostile import KINDS

COMMANDS = {
    "export": ("privacy", "export", "{}"),
    "erase": ("privacy", "erase", "{}"),
    "school": ("privacy", "report", "--school", "{}"),
    "head": ("audit", "verify", "--head", "{}"),
    "limit": ("audit", "show", "--limit", "{}"),
    "restore": ("restore", "{}"),
}
WORDS = tuple(dict.fromkeys(text for kind in KINDS.values() for text in kind[:3]))
STEERING = ("\x1b", "\x9b", "\x07", "\x08")


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_hostile_word_is_refused_in_words(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "school.toml").write_text(SCHOOL_FILE, encoding="utf-8")
    (tmp_path / "klas.csv").write_text("account,voornaam,achternaam,klas\n6,Daan,de Boer,7b\n", encoding="utf-8")
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    monkeypatch.setenv("KLASWACHT_SCHOOL_FILE", str(tmp_path / "school.toml"))
    monkeypatch.chdir(tmp_path)
    for text in (text for text in WORDS if "\x00" not in text and "--help" not in text):
        words = ["--" if word == "{}" and text.startswith("-") else word for word in COMMANDS[command]]
        done = CliRunner().invoke(app, [word.replace("{}", text) if word != "--" else text for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), (text, done.exception)
        assert [one for one in STEERING if one in done.output] == [], text
        assert "Traceback" not in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["klas.csv", "school.toml", "state"]
