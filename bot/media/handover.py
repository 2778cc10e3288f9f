"""The way out for what the board had sealed: at the console, for the police, deliberate and audited.

One file for each sealed file, and one with the facts beside them. Encrypted as OpenSSL does it, so that whoever gets
the file opens it without this program; the password travels by another road.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from sqlalchemy import RowMapping, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.alerts.outbox import Outbox
from bot.alerts.routing import USER
from bot.clock import Clock
from bot.errors import InputError, StorageError
from bot.media.store import HoldStore, source_of
from bot.ports import Receiver
from bot.privacy.erase import CONSOLE
from bot.reports.kept import FileStore
from bot.school import School
from bot.storage.audit import Audit
from bot.storage.engine import Database
from bot.storage.tables import media_hold

ROUNDS = 600_000  # of PBKDF2 with SHA-256: OWASP's advice of 2023
SALT, KEY, VECTOR = 8, 32, 16  # bytes; as `openssl enc -aes-256-cbc` has them
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read out
GROUPS, OF = 5, 5
REASON_LIMIT = 500
TOLD = "media.notice.handed_over"
FACTS = ".txt"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What lies sealed under one number. ``sizes`` in bytes; ``hashes``: SHA-256 of each file."""

    row: RowMapping
    hashes: tuple[str, ...]
    sizes: tuple[int, ...]

    @property
    def number(self) -> int:
        """The number that the coordinator's card shows."""
        return int(self.row["id"])

    @property
    def posted(self) -> bool:
        """Whether it stood in a channel; else it came with a report or to a case."""
        return source_of(self.row["message"]) is None


@dataclass(frozen=True, slots=True)
class Written:
    """One file that was written: SHA-256 of what was sealed, and of the file as it was written."""

    path: Path
    sha256: str
    written: str


class HandOver:
    """Finds what is sealed and hands it over."""

    def __init__(
        self, *, database: Database, clock: Clock, store: HoldStore, files: FileStore, outbox: Outbox, audit: Audit
    ) -> None:
        self._database = database
        self._clock = clock
        self._store = store
        self._files = files
        self._outbox = outbox
        self._audit = audit

    async def all_of(self, school: School) -> list[Sealed]:
        """Return what lies sealed, oldest first."""
        private = and_(media_hold.c.school == school.guild, media_hold.c.private)
        async with self._database.read() as connection:
            rows = (await connection.execute(select(media_hold).where(private).order_by(media_hold.c.id))).mappings()
            return [_sealed(row) for row in rows.all() if any(file["kept"] for file in row["files"])]

    async def one(self, school: School, number: int) -> Sealed:
        """Return what lies sealed under a number. Raises ``InputError``: nothing does."""
        found = next((one for one in await self.all_of(school) if one.number == number), None)
        if found is None:
            raise InputError("error.media.not_sealed", number=number)
        return found

    async def write(
        self, school: School, sealed: Sealed, target: Path, *, reason: str, password: str | None
    ) -> list[Written]:
        """Write the files, note it in the audit log and tell the coordinators; ``password`` None: as they are.

        Raises
        ------
        InputError: no reason. StorageError: a file stands there already or can't be written, or it was changed.
        """
        told = reason.strip()
        if not told or len(told) > REASON_LIMIT:
            raise InputError("error.media.hand_over_reason", limit=REASON_LIMIT)
        kept = [file for file in sealed.row["files"] if file["kept"]]
        paths = [
            target if len(kept) == 1 else target.with_stem(f"{target.stem}-{at}") for at in range(1, len(kept) + 1)
        ]
        await asyncio.to_thread(_require_free, [*paths, facts_path(target)])
        async with self._database.write() as connection:  # noted first: nothing leaves without a line in the log
            await self._note(connection, school, sealed, told)
        return [await self._write(school, file, path, password) for file, path in zip(kept, paths, strict=True)]

    async def _note(self, connection: AsyncConnection, school: School, sealed: Sealed, reason: str) -> None:
        row = await self._store.get(connection, school.guild, sealed.number)
        await self._store.change(connection, row, reason_sealed=self._store.sealed_reason(row, reason))
        await self._audit.note(connection, school.guild, CONSOLE, "media_hand_over", f"hold:{sealed.number}")
        values = {"text": TOLD, "number": str(sealed.number), "when": self._clock.now().isoformat()}
        for receiver in _coordinators(school):
            await self._outbox.enqueue(connection, school.guild, "notice", sealed.number, receiver, values=values)

    async def _write(self, school: School, file: dict[str, Any], path: Path, password: str | None) -> Written:
        content = await self._files.read(school.guild, file["kept"])
        if hashlib.sha256(content).hexdigest() != file["sha256"]:
            raise StorageError("error.storage.sealed", table="media_hold")
        made = content if password is None else await asyncio.to_thread(encrypted, content, password)
        await asyncio.to_thread(write_new, path, made)
        return Written(path, file["sha256"], hashlib.sha256(made).hexdigest())


def encrypted(content: bytes, password: str) -> bytes:
    """Return what ``openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -md sha256`` opens with the password."""
    salt = secrets.token_bytes(SALT)
    derived = PBKDF2HMAC(hashes.SHA256(), KEY + VECTOR, salt, ROUNDS).derive(password.encode())
    pad = padding.PKCS7(AES.block_size).padder()
    cipher = Cipher(AES(derived[:KEY]), CBC(derived[KEY:])).encryptor()
    return b"Salted__" + salt + cipher.update(pad.update(content) + pad.finalize()) + cipher.finalize()


def new_password() -> str:
    """Return a fresh password that can be read out: more than 120 bits."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(OF)) for _ in range(GROUPS))
    return "-".join(groups)


def facts_path(target: Path) -> Path:
    """Return where the facts stand: beside the file."""
    return target.with_name(f"{target.name}{FACTS}")


def write_new(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads. Raises ``StorageError``: there is one, or it can't be written."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError("error.privacy.file", file=path.name, reason=error.strerror or "") from error


def _require_free(paths: list[Path]) -> None:
    for path in paths:
        if path.exists() or not path.parent.is_dir():
            raise StorageError("error.media.hand_over_file", file=path.name)


def _sealed(row: RowMapping) -> Sealed:
    kept = [file for file in row["files"] if file["kept"]]
    return Sealed(row, tuple(file["sha256"] for file in kept), tuple(file["size"] for file in kept))


def _coordinators(school: School) -> list[Receiver]:
    users = [holder.removeprefix(USER) for holder in school.coordinators if holder.startswith(USER)]
    return [Receiver("user", user) for user in users] or [Receiver("channel", school.staff_channel)]
