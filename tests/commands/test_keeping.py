"""The commands that look after what is kept, as a person types them."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.__main__ import app
from tests.builders import PUPIL, SCHOOL

SCHOOL_FILE = f"""
[school]
name = "De Regenboog"
guild = "{SCHOOL}"
staff_channel = "1100000000000000201"
coordinators = ["user:1100000000000000301"]
roster = "klas.csv"
"""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "school.toml").write_text(SCHOOL_FILE, encoding="utf-8")
    (tmp_path / "klas.csv").write_text(f"account,voornaam,achternaam,klas\n{PUPIL},Daan,de Boer,7b\n", encoding="utf-8")
    folder = tmp_path / "state"
    folder.mkdir()
    monkeypatch.setenv("KLASWACHT_STATE", str(folder))
    monkeypatch.setenv("KLASWACHT_SCHOOL_FILE", str(tmp_path / "school.toml"))
    for name in (
        "KLASWACHT_KEY",
        "KLASWACHT_KEY_OLD",
        "KLASWACHT_DATABASE_URL",
        "KLASWACHT_DATA",
        "KLASWACHT_LANGUAGE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return folder


def typed(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def contents(state: Path) -> list[str]:
    with closing(sqlite3.connect(state / "klaswacht.db")) as connection:
        return list(connection.iterdump())


def test_a_fresh_key_has_32_bytes_and_is_another_each_time() -> None:
    keys = [typed("keys", "new").stdout.strip() for _ in range(2)]
    assert [len(base64.b64decode(key)) for key in keys] == [32, 32]
    assert keys[0] != keys[1]


def test_status_tells_counts_and_times_only(state: Path) -> None:
    done = typed("status")
    assert [done.exit_code, "Signaleringen: niets" in done.stdout, (state / "klaswacht.db").exists()] == [0, True, True]


def test_the_log_is_verified_and_shown(state: Path) -> None:
    typed("privacy", "erase", PUPIL, "--yes")
    shown = typed("audit", "show").stdout
    assert re.fullmatch(r"1\t\S+ \S+\t\(opdrachtregel\)\tprivacy_erase\tperson:[0-9a-f]{16}\n", shown)
    assert typed("audit", "verify").exit_code == 0
    with closing(sqlite3.connect(state / "klaswacht.db")) as connection:
        connection.execute("UPDATE audit SET verb = 'privacy_erasf'")
        connection.commit()
    assert typed("audit", "verify").exit_code == 1


def test_a_head_that_was_posted_shows_a_cut_end(state: Path) -> None:
    typed("privacy", "erase", PUPIL, "--yes")
    head = re.search(r"1-[0-9a-f]{16}", typed("audit", "verify").stderr)
    assert head
    assert typed("audit", "verify", "--head", head[0]).exit_code == 0
    with closing(sqlite3.connect(state / "klaswacht.db")) as connection:
        connection.execute("DELETE FROM audit")
        connection.commit()
    assert [typed("audit", "verify").exit_code, typed("audit", "verify", "--head", head[0]).exit_code] == [0, 1]


def test_another_key_is_said_and_opens_nothing(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed("privacy", "erase", PUPIL, "--yes")
    before = contents(state)
    monkeypatch.setenv("KLASWACHT_KEY", typed("keys", "new").stdout.strip())
    done = typed("audit", "show")
    assert [done.exit_code, "sleutel past niet" in done.stderr, done.stdout] == [2, True, ""]
    assert contents(state) == before


def test_a_lost_key_is_said_and_no_other_is_made(state: Path) -> None:
    typed("status")
    (state / "klaswacht.key").unlink()
    done = typed("status")
    assert [done.exit_code, "de sleutel is er niet" in done.stderr] == [2, True]
    assert not (state / "klaswacht.key").exists()


def test_the_wrapping_key_changes_at_one_start_and_the_old_one_is_of_no_use_after(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("privacy", "erase", PUPIL, "--yes")
    old, new = (state / "klaswacht.key").read_text(encoding="ascii"), typed("keys", "new").stdout.strip()
    monkeypatch.setenv("KLASWACHT_KEY", new)
    monkeypatch.setenv("KLASWACHT_KEY_OLD", old)
    assert "(opdrachtregel)" in typed("audit", "show").stdout
    monkeypatch.delenv("KLASWACHT_KEY_OLD")
    assert "(opdrachtregel)" in typed("audit", "show").stdout
    monkeypatch.setenv("KLASWACHT_KEY", old.strip())
    assert typed("audit", "show").exit_code == 2


def test_what_is_no_head_is_said(state: Path) -> None:
    assert state
    done = typed("audit", "verify", "--head", "../../x")
    assert [done.exit_code, "geen kop" in done.stderr] == [2, True]


def test_rotation_is_planned_for_the_process_that_runs(state: Path) -> None:
    assert typed("keys", "rotate").exit_code == 0
    with closing(sqlite3.connect(state / "klaswacht.db")) as connection:
        assert connection.execute("SELECT kind FROM timer").fetchall() == [("keys",)]


def test_a_backup_holds_database_and_files_but_not_the_key_and_can_be_put_back(state: Path, tmp_path: Path) -> None:
    typed("status")
    kept = state / "files" / SCHOOL / ("a" * 64)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"sealed")
    copy = tmp_path / "copy.zip"
    assert typed("backup", copy).exit_code == 0
    with zipfile.ZipFile(copy) as bundle:
        assert sorted(bundle.namelist()) == [f"files/{SCHOOL}/{'a' * 64}", "klaswacht.db"]
    key = (state / "klaswacht.key").read_bytes().strip()
    assert key not in copy.read_bytes()
    assert oct(copy.stat().st_mode & 0o777) == "0o600"
    kept.unlink()
    (state / "klaswacht.db").unlink()
    assert typed("restore", copy).exit_code == 0
    assert [kept.read_bytes(), typed("status").exit_code] == [b"sealed", 0]
    assert [path.name for path in tmp_path.glob("*.part*")] == []


def test_a_name_that_no_file_can_have_is_refused_in_words(state: Path) -> None:
    assert state
    typed("status")
    done = [typed(verb, "x" * 300) for verb in ("backup", "restore")]
    assert [(one.exit_code, isinstance(one.exception, SystemExit), one.stderr != "") for one in done] == [
        (2, True, True)
    ] * 2


def test_a_backup_never_overwrites(state: Path, tmp_path: Path) -> None:
    assert state
    (tmp_path / "there").write_text("precious", encoding="utf-8")
    done = typed("backup", tmp_path / "there")
    assert [done.exit_code, "there bestaat al" in done.stderr] == [2, True]
    assert (tmp_path / "there").read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("damage", ["cut", "changed", "text", "missing"])
def test_a_damaged_backup_changes_nothing(state: Path, tmp_path: Path, damage: str) -> None:
    typed("status")
    copy = tmp_path / "copy.zip"
    typed("backup", copy)
    content = bytearray(copy.read_bytes())
    content[20_000] ^= 0xFF
    damaged = {"cut": copy.read_bytes()[:-100], "changed": bytes(content), "text": b"no backup", "missing": None}[
        damage
    ]
    copy.unlink()
    if damaged is not None:
        copy.write_bytes(damaged)
    before = contents(state)
    done = typed("restore", copy)
    assert [done.exit_code, "Traceback" in done.output, done.stderr != ""] == [2, False, True]
    assert contents(state) == before


def test_a_backup_is_not_put_back_under_a_running_bot(state: Path, tmp_path: Path) -> None:
    typed("status")
    typed("backup", tmp_path / "copy.zip")
    with closing(sqlite3.connect(state / "klaswacht.db")) as bot:
        bot.execute("PRAGMA journal_mode=WAL")
        bot.execute("SELECT count(*) FROM finding").fetchall()
        done = typed("restore", tmp_path / "copy.zip")
    assert [done.exit_code, "nog aan" in done.stderr] == [2, True]


def test_names_inside_a_bundle_lead_nowhere_else(state: Path, tmp_path: Path) -> None:
    assert state
    typed("status")
    typed("backup", tmp_path / "copy.zip")
    with zipfile.ZipFile(tmp_path / "copy.zip", "a") as bundle:
        bundle.writestr("files/../../evil", b"x")
        bundle.writestr(f"files/{SCHOOL}/../../../evil", b"x")
        bundle.writestr("/tmp/evil", b"x")  # noqa: S108 - must not be written
    assert typed("restore", tmp_path / "copy.zip").exit_code == 0
    assert list(tmp_path.rglob("evil")) == []


def test_the_register_is_printed(state: Path) -> None:
    assert state
    done = typed("privacy", "report")
    assert [done.exit_code, done.stdout.startswith("# Register van verwerkingen: Klaswacht, De Regenboog")] == [0, True]


def test_what_is_kept_on_somebody_is_written_under_a_name_that_tells_nobody(state: Path, tmp_path: Path) -> None:
    assert state
    (tmp_path / "out").mkdir()
    assert typed("privacy", "export", "daan DE BOER", "--out", tmp_path / "out").exit_code == 0
    files = sorted((tmp_path / "out").iterdir())
    assert [re.fullmatch(r"klaswacht-[0-9a-f]{8}\.(json|txt)", path.name) is not None for path in files] == [True, True]
    assert [oct(path.stat().st_mode & 0o777) for path in files] == ["0o600", "0o600"]
    assert json.loads(files[0].read_text(encoding="utf-8"))["kept"]["class_list"][0]["first_name"] == "Daan"


def test_erasing_first_says_what_it_would_do(state: Path) -> None:
    done = typed("privacy", "erase", PUPIL)
    assert [done.exit_code, "--yes" in done.stdout, (state / "erased.jsonl").exists()] == [0, True, False]
    done = typed("privacy", "erase", PUPIL, "--yes")
    assert [done.exit_code, (state / "erased.jsonl").exists()] == [0, True]


@pytest.mark.parametrize("words", [("privacy", "erase", "Niemand Nergens"), ("privacy", "export", "../../x")])
def test_somebody_unknown_is_said(state: Path, words: tuple[str, ...]) -> None:
    assert state
    done = typed(*words)
    assert [done.exit_code, "Niemand gevonden" in done.stderr] == [2, True]


def test_an_unknown_school_is_said(state: Path) -> None:
    assert state
    done = typed("privacy", "erase", PUPIL, "--school", "5")
    assert [done.exit_code, SCHOOL in done.stderr] == [2, True]


def test_retention_runs_by_hand(state: Path) -> None:
    assert state
    done = typed("privacy", "retention")
    assert [done.exit_code, "niets ouder" in done.stdout] == [0, True]


def test_a_wrong_retention_table_stops_with_line_and_reason(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert state
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "retention.toml").write_text("[register]\n", encoding="utf-8")
    monkeypatch.setenv("KLASWACHT_DATA", str(tmp_path / "own"))
    done = typed("privacy", "retention")
    assert [done.exit_code, "line 1: [register] controller" in done.stderr] == [2, True]
