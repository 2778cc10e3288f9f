"""The list of who was erased and when, beside the database, so that putting back a backup does not bring them back.

It holds keyed marks only: who is not in the database can't be read from it.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import StorageError
from bot.storage.vault import Vault

LIST_FILE = "erased.jsonl"
_PURPOSE = "erased"


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure: what was kept before ``at`` is gone; ``closed_cases``: those of closed cases too."""

    school: str
    mark: str
    at: str
    closed_cases: bool

    @property
    def moment(self) -> datetime:
        """When it was."""
        return datetime.fromisoformat(self.at)


class ErasureList:
    """Keeps the list."""

    def __init__(self, *, state: Path, vault: Vault) -> None:
        self._path = state / LIST_FILE
        self._vault = vault
        self._writing = asyncio.Lock()

    def mark(self, school: str, user: str) -> str:
        """Return what somebody is recognised by."""
        return self._vault.mark(school, _PURPOSE, user)

    async def add(self, school: str, user: str, at: datetime, *, closed_cases: bool) -> None:
        """Write an erasure down, before it is done. Raises ``StorageError``."""
        line = Erased(school, self.mark(school, user), at.isoformat(), closed_cases)
        async with self._writing:
            await asyncio.to_thread(_append, self._path, line)

    async def of(self, school: str) -> list[Erased]:
        """Return a school's erasures, oldest first."""
        return [line for line in await asyncio.to_thread(_read, self._path) if line.school == school]

    async def forget(self, school: str, before: datetime) -> None:
        """Drop a school's erasures from before a moment."""
        async with self._writing:
            lines = await asyncio.to_thread(_read, self._path)
            kept = [line for line in lines if line.school != school or line.moment >= before]
            if kept != lines:
                await asyncio.to_thread(_write, self._path, kept)


def _append(path: Path, line: Erased) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write("\n" + json.dumps(asdict(line)) + "\n")  # a crash may have left half a line
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError("error.privacy.list", file=path.name) from error


def _read(path: Path) -> list[Erased]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError("error.privacy.list", file=path.name) from error
    return [line for line in map(_line, lines) if line]


def _line(text: str) -> Erased | None:
    try:
        return Erased(**json.loads(text))
    except (ValueError, TypeError):
        return None  # half a line of a crash; its erasure was not begun


def _write(path: Path, lines: Iterable[Erased]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    for line in lines:
        _append(fresh, line)
    fresh.touch(mode=0o600)
    fresh.replace(path)
