"""What the board had sealed leaves the machine only on purpose: with a reason, a yes, a line in the log and a word."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import stat
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from sqlalchemy import Table, select
from typer.testing import CliRunner

from bot.__main__ import app
from bot.clock import Ids
from bot.commands.opened import Opened, opened
from bot.media.facts import MediaFacts, MediaKind
from bot.media.store import HoldStore, Told, held_file
from bot.storage.tables import audit, media_hold, outbox
from tests.builders import COORDINATOR, PUPIL, SCHOOL, TUESDAY_10

SCHOOL_FILE = f"""
[school]
name = "De Regenboog"
guild = "{SCHOOL}"
staff_channel = "1100000000000000201"
coordinators = ["user:{COORDINATOR}"]
"""
T = TypeVar("T")
PICTURE = b"een plaatje dat niemand mag zien"
CONTENT = PICTURE * 40
DIGEST = hashlib.sha256(CONTENT).hexdigest()
REASON = "politie Utrecht, zaak 7"
BY_OPENSSL = base64.b64decode(
    "U2FsdGVkX1/CONvmAAK2beA4yhB/XlmYuJDWaVyeaIaMO79G9Zl+Odf95LNbE/l32f5OvVo3WtdU6NdVfjGyGQ=="
)
"""What OpenSSL 3.0 itself made of PICTURE with PASSWORD: whatever opens this too, opens a file as OpenSSL does."""
PASSWORD = "abcde-fghjk-mnpqr-stuvw-xyz23"
COMMAND = re.compile(
    r"openssl enc -d -aes-256-cbc -pbkdf2 -iter (?P<rounds>\d+) -md (?P<hash>\w+) -in (?P<file>\S+) -out (?P<out>\S+)"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "school.toml").write_text(SCHOOL_FILE, encoding="utf-8")
    monkeypatch.setenv("KLASWACHT_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("KLASWACHT_SCHOOL_FILE", str(tmp_path / "school.toml"))
    for name in ("KLASWACHT_KEY", "KLASWACHT_DATA", "KLASWACHT_LANGUAGE", "KLASWACHT_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "state").mkdir()
    return tmp_path


def done(work: Callable[[Opened], Coroutine[Any, Any, T]]) -> T:
    async def run() -> T:
        async with opened() as all_:
            return await work(all_)

    return asyncio.run(run())


def sealed(*contents: bytes, private: bool = True, message: str = "42") -> int:
    """Something lies sealed; return its number."""

    async def put(all_: Opened) -> int:
        storage = all_.storage
        store = HoldStore(vault=storage.vault, clock=storage.clock, ids=Ids(storage.clock))
        files = []
        for content in contents:
            digest = hashlib.sha256(content).hexdigest()
            facts = MediaFacts("x", MediaKind.IMAGE, nudity=0.93, sha256=digest)
            files.append(held_file(facts, len(content), await storage.files.keep(SCHOOL, content)))
        where = {"class_name": "2c", "channel": "41", "message": message, "author": PUPIL, "state": "held"}
        what = {"severity": "urgent", "reasons": ["nudity"], "private": private, "said_at": TUESDAY_10}
        async with storage.database.write() as connection:
            return await store.add(connection, SCHOOL, Told(), files, **where, **what)

    return done(put)


def opened_as_told(command: re.Match[str], content: bytes, password: str) -> bytes:
    """Open a file by the figures in its command, as ``openssl enc -d -aes-256-cbc`` does."""
    mark, salt, body = content[:8], content[8:16], content[16:]
    assert mark == b"Salted__"
    derived = hashlib.pbkdf2_hmac(command["hash"], password.encode(), salt, int(command["rounds"]), dklen=48)
    cipher, pad = Cipher(AES(derived[:32]), CBC(derived[32:])).decryptor(), PKCS7(AES.block_size).unpadder()
    return pad.update(cipher.update(body) + cipher.finalize()) + pad.finalize()


def rows(table: Table) -> list[dict[str, Any]]:
    async def read(all_: Opened) -> list[dict[str, Any]]:
        async with all_.storage.database.read() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]

    return done(read)


def typed(*words: object, **more: Any) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], **more)


def handed(number: int, *words: object, **more: Any) -> Result:
    return typed("media", "hand-over", number, "--to", "uit.bin", *words, **more)


def test_what_lies_sealed_is_listed_by_number_alone(folder: Path) -> None:
    assert "Er ligt niets verzegeld" in typed("media", "sealed").output
    number = sealed(CONTENT)
    sealed(b"van een ander", private=False, message="43")
    listed = typed("media", "sealed").stdout.splitlines()
    assert len(listed) == 1
    assert listed[0].startswith(f"{number}: 1 bestand")
    assert PUPIL not in listed[0]
    assert folder.is_dir()


def test_without_a_yes_nothing_is_done(folder: Path) -> None:
    result = handed(sealed(CONTENT), "--reason", REASON)
    assert (result.exit_code, "Voeg --yes toe" in result.output.replace("\n", " ")) == (1, True)
    assert (list(folder.glob("uit*")), rows(audit), rows(outbox)) == ([], [], [])


def test_it_is_written_encrypted_with_the_facts_beside_it_and_others_can_open_it(folder: Path) -> None:
    number = sealed(CONTENT)
    result = handed(number, "--reason", REASON, "--yes")
    password = result.stdout.splitlines()[-1]
    out, facts = folder / "uit.bin", (folder / "uit.bin.txt").read_text(encoding="utf-8")
    assert (result.exit_code, CONTENT in out.read_bytes(), stat.S_IMODE(out.stat().st_mode)) == (0, False, 0o600)
    for part in (str(number), DIGEST, hashlib.sha256(out.read_bytes()).hexdigest(), REASON, PUPIL, "0.93", "42"):
        assert part in facts
    assert password not in facts
    command = COMMAND.search(facts)
    assert command
    assert (command["file"], command["out"]) == ("uit.bin", "uit-open")
    for content, key, held in ((out.read_bytes(), password, CONTENT), (BY_OPENSSL, PASSWORD, PICTURE)):
        assert opened_as_told(command, content, key) == held


def test_it_stands_in_the_log_and_the_coordinator_hears_of_it(folder: Path) -> None:
    number = sealed(CONTENT)
    handed(number, "--reason", REASON, "--yes")
    assert [(row["verb"], row["subject"]) for row in rows(audit)] == [("media_hand_over", f"hold:{number}")]
    told = rows(outbox)
    assert [(row["receiver"], row["kind"], row["values"]["text"]) for row in told] == [
        (COORDINATOR, "notice", "media.notice.handed_over")
    ]
    assert REASON not in str(told)
    assert rows(media_hold)[0]["reason_sealed"]
    assert folder.is_dir()


def test_plain_only_when_asked(folder: Path) -> None:
    assert handed(sealed(CONTENT), "--reason", REASON, "--yes", "--plain").exit_code == 0
    assert (folder / "uit.bin").read_bytes() == CONTENT
    assert "openssl" not in (folder / "uit.bin.txt").read_text(encoding="utf-8")


def test_the_reason_is_asked_for(folder: Path) -> None:
    assert handed(sealed(CONTENT), "--yes", input=f"{REASON}\n").exit_code == 0
    assert REASON in (folder / "uit.bin.txt").read_text(encoding="utf-8")


def test_several_files_of_one_message_get_a_number_each(folder: Path) -> None:
    assert handed(sealed(CONTENT, b"nog een"), "--reason", REASON, "--yes", "--plain").exit_code == 0
    assert [(folder / f"uit-{at}.bin").read_bytes() for at in (1, 2)] == [CONTENT, b"nog een"]


@pytest.mark.parametrize("wrong", ["other number", "not private", "file exists", "facts exist", "no folder", "reason"])
def test_what_can_not_be_is_said_in_words_and_nothing_is_noted(folder: Path, wrong: str) -> None:
    number = sealed(CONTENT, private=wrong != "not private")
    existing = {"file exists": "uit.bin", "facts exist": "uit.bin.txt"}.get(wrong)
    if existing:
        (folder / existing).write_text("van iemand anders", encoding="utf-8")
    words = ["--reason", "x" * 501 if wrong == "reason" else REASON, "--yes"]
    more = ["--to", "weg/uit.bin"] if wrong == "no folder" else []
    result = handed(number + 1 if wrong == "other number" else number, *words, *more)
    assert (result.exit_code, rows(audit), rows(outbox)) == (2, [], [])
    assert CONTENT not in b"".join(path.read_bytes() for path in folder.glob("uit*"))


def test_another_key_opens_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = sealed(CONTENT)
    monkeypatch.setenv("KLASWACHT_KEY", base64.b64encode(bytes(32)).decode())
    assert (handed(number, "--reason", REASON, "--yes").exit_code, list(folder.glob("uit*"))) == (2, [])
