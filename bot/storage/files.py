"""Files that came with reports and cases: encrypted, one a file, under a keyed name that tells nothing."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Collection
from pathlib import Path

from bot.errors import NotFoundError
from bot.storage.vault import VERSION_BYTES, Place, Vault


class FileStore:
    """Keeps contents of files in the state folder; only its owner may read them."""

    def __init__(self, *, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    async def keep(self, school: str, content: bytes) -> str:
        """Keep a file's contents and return the name that it lies under; the same contents are kept once."""
        name = self._vault.mark(school, "file", hashlib.sha256(content).hexdigest())
        sealed = self._vault.seal_bytes(_place(school, name), content)
        await asyncio.to_thread(_write, self._folder / school / name, sealed)
        return name

    async def read(self, school: str, name: str) -> bytes:
        """Return a kept file's contents. Raises ``NotFoundError``: it is gone; ``StorageError``: it was changed."""
        try:
            sealed = await asyncio.to_thread((self._folder / school / name).read_bytes)
        except OSError as error:
            raise NotFoundError("error.report.file_gone") from error
        return self._vault.open_bytes(_place(school, name), sealed)

    async def reseal(self, school: str) -> int:
        """Encrypt what was kept with an older key anew; returns how many files that were."""
        kept = await asyncio.to_thread(_names, self._folder / school)
        older = 0
        for name in kept:
            older += await self._reseal_one(school, name)
        return older

    async def _reseal_one(self, school: str, name: str) -> bool:
        path = self._folder / school / name
        try:
            sealed = await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            return False  # erased since the list was made
        if int.from_bytes(sealed[:VERSION_BYTES], "big") >= self._vault.version(school):
            return False
        content = self._vault.open_bytes(_place(school, name), sealed)
        await asyncio.to_thread(_write_over, path, self._vault.seal_bytes(_place(school, name), content))
        return True

    async def forget(self, school: str, name: str) -> None:
        """Erase a kept file; one that is gone is no error."""
        await asyncio.to_thread((self._folder / school / name).unlink, missing_ok=True)

    async def sweep(self, school: str, known: Collection[str], older_s: float) -> int:
        """Erase files that are not among the known and lie there for longer than some seconds; return how many."""
        return await asyncio.to_thread(_sweep, self._folder / school, frozenset(known), older_s)


def _sweep(folder: Path, known: frozenset[str], older_s: float) -> int:
    before = time.time() - older_s
    loose = [path for path in folder.glob("*") if path.is_file() and path.name not in known]
    loose = [path for path in loose if path.stat().st_mtime <= before]
    for path in loose:
        path.unlink(missing_ok=True)
    return len(loose)


def _place(school: str, name: str) -> Place:
    return Place(school, "file", "content", int(name[:15], 16))


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*") if not path.suffix) if folder.is_dir() else []


def _write_over(path: Path, sealed: bytes) -> None:
    _write(path.with_suffix(".again"), sealed)
    if path.exists():  # what was erased meanwhile does not come back
        path.with_suffix(".again").replace(path)
    else:
        path.with_suffix(".again").unlink()


def _write(path: Path, sealed: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
