"""The door of the console: every command that opens a school's data is for the bot's own account only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from bot.__main__ import app
from bot.commands.door import Commands, Guarded
from bot.rights import TABLE, Kind, Role
from bot.settings import data_folder
from bot.texts import Texts
from tests.trust.console import walked

TEXTS = Texts.load(data_folder() / "texts")
SHELL = {thing.name: row for row in TABLE for thing in row.things() if thing.kind is Kind.CONSOLE}
CLOSED = sorted(name for name, row in SHELL.items() if Role.OUTSIDER not in row.who)
ARGUMENTS = {"backup": ["b.bin"], "restore": ["b.bin"], "privacy export": ["1"], "privacy erase": ["1"]}
ARGUMENTS["media hand-over"] = ["1", "--to", "b.bin"]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "state"
    folder.mkdir()
    monkeypatch.setenv("KLASWACHT_STATE", str(folder))
    return folder


def test_every_command_stands_behind_the_door() -> None:
    assert [path for path, command in walked(get_command(app)) if not isinstance(command, Guarded)] == []


@pytest.mark.parametrize("name", CLOSED)
def test_another_account_is_refused_in_words_and_leaves_no_trace(
    name: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **more: Path(path) != state and allowed(path, mode, **more))
    result = CliRunner().invoke(app, [*name.split(), *ARGUMENTS.get(name, [])])
    assert result.exit_code == 2
    assert TEXTS.get("error.rights.operate", "nl") in result.output.replace("\n", " ")
    assert list(state.parent.rglob("*")) == [state]


@pytest.mark.parametrize("name", ["status", "audit verify", "privacy retention", "keys rotate"])
def test_the_bots_own_account_is_let_in(name: str, state: Path) -> None:
    result = CliRunner().invoke(app, name.split())
    assert (result.exit_code, (state / "klaswacht.db").exists()) == (0, True)


def test_a_command_that_is_not_in_the_table_is_for_nobody() -> None:
    shell = Commands()
    shell.command("new")(lambda: None)
    shell.command("labels")(lambda: None)
    runner = CliRunner()
    assert [runner.invoke(shell, [name]).exit_code for name in ("new", "labels")] == [2, 0]
