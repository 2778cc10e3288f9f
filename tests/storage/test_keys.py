"""Keys: made once, kept from others, changed while running, and a lost one is said."""

from __future__ import annotations

import base64
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import SetupError, StorageError
from bot.findings.evidence import content_place
from bot.storage.files import FileStore
from bot.storage.keys import KEY_FILE, open_vault, wrapping_key
from bot.storage.rotation import Rotation
from bot.storage.tables import evidence, school_key
from bot.storage.vault import Place, Vault, new_key
from tests.builders import SCHOOL, TEACHER, WRAPPING, Core, a_core, a_verdict


@pytest.fixture
async def core() -> AsyncIterator[Core]:
    async with a_core() as made:
        yield made


def made(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_the_first_start_makes_a_key_that_only_its_owner_can_read(core: Core, tmp_path: Path) -> None:
    async with core.database.write() as connection:
        await connection.execute(school_key.delete())
    key = await wrapping_key(core.database, None, tmp_path)
    assert [len(key), stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode)] == [32, 0o600]
    assert await wrapping_key(core.database, None, tmp_path) == key


async def test_a_lost_key_is_said_and_no_new_one_is_made(core: Core, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as error:
        await wrapping_key(core.database, None, tmp_path)
    assert [error.value.key, made(tmp_path)] == ["error.storage.key_missing", []]


async def test_another_key_does_not_open_the_database(core: Core) -> None:
    with pytest.raises(StorageError) as error:
        await open_vault(core.database, new_key())
    assert error.value.key == "error.storage.key_lost"


async def test_a_written_key_must_be_32_bytes(core: Core, tmp_path: Path) -> None:
    assert await wrapping_key(core.database, base64.b64encode(WRAPPING).decode(), tmp_path) == WRAPPING
    with pytest.raises(SetupError):
        await wrapping_key(core.database, "geheim", tmp_path)


async def test_the_wrapping_key_changes_at_a_restart_with_the_old_one_beside_it(core: Core) -> None:
    fresh, sealed = new_key(), core.vault.seal(Place(SCHOOL, "t", "c_sealed", 1), "tekst")
    await open_vault(core.database, fresh, WRAPPING)
    vault = await open_vault(core.database, fresh)
    assert vault.open(Place(SCHOOL, "t", "c_sealed", 1), sealed) == "tekst"


async def test_rotation_seals_everything_anew_and_nothing_is_lost(core: Core) -> None:
    await core.say("stomme koe", a_verdict())
    teacher = await core.actor(TEACHER)
    await core.review.show(teacher, (await core.review.queue(teacher))[0].id)
    mark = core.vault.mark(SCHOOL, "p", "x")
    files = FileStore(folder=core.state / "files", vault=core.vault)
    name = await files.keep(SCHOOL, b"kiekje")
    rotation = Rotation(
        database=core.database, clock=core.clock, vault=core.vault, files=files, audit=core.audit, wrapping=WRAPPING
    )
    await rotation.due(0, "")
    (row,) = await core.rows(evidence)
    assert [row["content_sealed"][:2], core.vault.mark(SCHOOL, "p", "x")] == [b"\x00\x02", mark]
    vault = await open_vault(core.database, WRAPPING)
    assert vault.open(content_place(SCHOOL, row["id"]), row["content_sealed"]) == "stomme koe"
    assert [line.actor for line in await core.audit.lines(SCHOOL)] == ["program", TEACHER]
    assert (core.state / "files" / SCHOOL / name).read_bytes()[:2] == b"\x00\x02"
    assert await FileStore(folder=core.state / "files", vault=vault).read(SCHOOL, name) == b"kiekje"


def test_a_value_that_was_moved_or_changed_does_not_open() -> None:
    vault = Vault({"s": {1: new_key()}, "t": {1: new_key()}})
    sealed = vault.seal_bytes(Place("s", "evidence", "content_sealed", 1), b"tekst")
    places = [("s", "evidence", "content_sealed", 2), ("t", "evidence", "content_sealed", 1), ("s", "talk", "x", 1)]
    for place in places:
        with pytest.raises(StorageError):
            vault.open_bytes(Place(*place), sealed)
    with pytest.raises(StorageError):
        vault.open_bytes(Place("s", "evidence", "content_sealed", 1), sealed[:-1] + bytes([sealed[-1] ^ 1]))
