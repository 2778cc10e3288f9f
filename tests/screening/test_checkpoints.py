"""Only a checkpoint that was fetched, pinned or said yes to is opened."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.screening.checkpoints import Checkpoints
from bot.screening.manifest import ModelFileError

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def a_file(folder: Path, content: bytes = b"weights") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / "some.ckpt").write_bytes(content)
    return folder / "some.ckpt"


def refused(checkpoints: Checkpoints, asked: str, sha256: str | None = None) -> str:
    with pytest.raises(ModelFileError) as caught:
        checkpoints.find(asked, sha256)
    return caught.value.key


def test_a_file_of_a_stranger_is_refused(tmp_path: Path) -> None:
    assert refused(Checkpoints(tmp_path / "models"), str(a_file(tmp_path))) == "error.engine.untrusted"


def test_a_file_that_was_said_yes_to_is_found_until_it_changes(tmp_path: Path) -> None:
    checkpoints, file = Checkpoints(tmp_path / "models"), a_file(tmp_path)
    checkpoints.trust(file, NOW)
    assert checkpoints.find(str(file)).checkpoint == file
    file.write_bytes(b"others")
    assert refused(checkpoints, str(file)) == "error.engine.untrusted"


def test_saying_yes_to_a_second_file_keeps_the_first(tmp_path: Path) -> None:
    checkpoints, first, second = Checkpoints(tmp_path / "m"), a_file(tmp_path / "a"), a_file(tmp_path / "b", b"x")
    for file in (first, second):
        checkpoints.trust(file, NOW)
    assert [checkpoints.find(str(file)).checkpoint for file in (first, second)] == [first, second]


def test_a_pinned_hash_stands_in_for_the_yes_and_is_kept_to(tmp_path: Path) -> None:
    checkpoints, file = Checkpoints(tmp_path / "models"), a_file(tmp_path)
    pinned = hashlib.sha256(b"weights").hexdigest()
    assert checkpoints.find(str(file), pinned.upper()).sha256 == pinned


def test_a_name_that_was_not_fetched_is_told(tmp_path: Path) -> None:
    assert refused(Checkpoints(tmp_path), "multilingual") == "error.engine.unknown"


def test_a_file_without_configuration_is_told(tmp_path: Path) -> None:
    checkpoints, file = Checkpoints(tmp_path / "models"), a_file(tmp_path)
    checkpoints.trust(file, NOW)
    (tmp_path / "config.json").unlink()
    assert refused(checkpoints, str(file)) == "error.engine.config"


def test_the_configuration_may_lie_in_a_folder_beside_it(tmp_path: Path) -> None:
    checkpoints, file = Checkpoints(tmp_path / "models"), a_file(tmp_path)
    (tmp_path / "hf").mkdir()
    (tmp_path / "config.json").rename(tmp_path / "hf" / "config.json")
    checkpoints.trust(file, NOW)
    assert checkpoints.find(str(file)).folder == tmp_path / "hf"


def test_a_broken_list_of_trusted_files_trusts_none(tmp_path: Path) -> None:
    file = a_file(tmp_path)
    (tmp_path / "trusted.json").write_text("{", encoding="utf-8")
    assert refused(Checkpoints(tmp_path), str(file)) == "error.file.unreadable"
