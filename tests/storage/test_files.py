"""Kept files: encrypted, readable by their owner only, found again, erased."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import NotFoundError, StorageError
from bot.storage.files import FileStore
from bot.storage.vault import Vault, new_key

SCHOOL, OTHER = "11", "12"


@pytest.fixture
def vault() -> Vault:
    return Vault({SCHOOL: {1: new_key()}, OTHER: {1: new_key()}})


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> FileStore:
    return FileStore(folder=tmp_path, vault=vault)


def files_under(folder: Path) -> int:
    return len([path for path in folder.rglob("*") if path.is_file()])


async def test_a_file_comes_back_and_lies_encrypted_for_its_owner_only(store: FileStore, tmp_path: Path) -> None:
    name = await store.keep(SCHOOL, b"GEHEIM" * 100)
    assert await store.read(SCHOOL, name) == b"GEHEIM" * 100
    kept = tmp_path / SCHOOL / name
    assert b"GEHEIM" not in kept.read_bytes()
    assert oct(kept.stat().st_mode & 0o777) == "0o600"


async def test_the_same_contents_are_kept_once_and_schools_share_nothing(store: FileStore, tmp_path: Path) -> None:
    names = {await store.keep(SCHOOL, b"x"), await store.keep(SCHOOL, b"x"), await store.keep(OTHER, b"x")}
    assert len(names) == 2
    assert files_under(tmp_path) == 2


async def test_a_changed_file_does_not_open(store: FileStore, tmp_path: Path) -> None:
    name = await store.keep(SCHOOL, b"x")
    path = tmp_path / SCHOOL / name
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    with pytest.raises(StorageError):
        await store.read(SCHOOL, name)


async def test_an_erased_file_is_gone_and_erasing_twice_is_fine(store: FileStore) -> None:
    name = await store.keep(SCHOOL, b"x")
    await store.forget(SCHOOL, name)
    await store.forget(SCHOOL, name)
    with pytest.raises(NotFoundError):
        await store.read(SCHOOL, name)


async def test_a_new_key_seals_old_files_anew(store: FileStore, vault: Vault, tmp_path: Path) -> None:
    name = await store.keep(SCHOOL, b"x")
    vault.learn(SCHOOL, 2, new_key())
    assert (await store.reseal(SCHOOL), await store.reseal(SCHOOL), await store.reseal(OTHER)) == (1, 0, 0)
    assert (tmp_path / SCHOOL / name).read_bytes()[:2] == b"\0\x02"
    assert await store.read(SCHOOL, name) == b"x"
