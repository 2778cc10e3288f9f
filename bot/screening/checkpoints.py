"""Which Detoxify checkpoint may be opened: one that was fetched, or a file whose hash is pinned or was said yes to.

Fetched ones lie in ``models/NAME`` of the state folder with a ``pinned.json``; hashes that somebody said yes to stand
in ``models/trusted.json``. Yes is said to contents, so a file that changes is a stranger again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.screening.detoxify import FOLDER, Source
from bot.screening.manifest import ModelFileError, file_hash

CONFIG: Final = "config.json"
FETCHED: Final = "model.ckpt"
PINNED: Final = "pinned.json"
TRUSTED: Final = "trusted.json"


class Pinned(BaseModel):
    """What was fetched: the name, where from, the hash of every file."""

    model_config = ConfigDict(frozen=True)
    name: str
    origin: str
    files: dict[str, str] = Field(min_length=1)
    multilingual: bool = False


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The checkpoints of one state folder."""

    folder: Path

    def find(self, asked: str, sha256: str | None = None) -> Source:
        """Return the checkpoint that a setting names. Raises ``ModelFileError``: it may not be opened."""
        kept = self.folder / asked
        if "/" not in asked and (kept / PINNED).is_file():
            return self._fetched(kept)
        file = Path(asked).expanduser()
        if not file.is_file():
            raise ModelFileError("error.engine.unknown", name=asked)
        return self._file(file, sha256)

    def trust(self, file: Path, now: datetime) -> str:
        """Write down that this file's contents may be opened; return its hash. Raises ``ModelFileError``."""
        try:
            found = file_hash(file)
            said = {**self._said(), found: {"file": file.name, "at": now.isoformat(timespec="seconds")}}
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.folder / TRUSTED).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise ModelFileError("error.file.unreadable", file=file, reason=error.strerror or "-") from error
        return found

    def _fetched(self, kept: Path) -> Source:
        try:
            pinned = Pinned.model_validate_json((kept / PINNED).read_text(encoding="utf-8"))
        except (OSError, ValidationError) as error:
            raise ModelFileError("error.engine.unknown", name=kept.name) from error
        others = {name: found for name, found in pinned.files.items() if name != FETCHED}
        return Source(kept / FETCHED, kept, pinned.files.get(FETCHED, ""), others, multilingual=pinned.multilingual)

    def _file(self, file: Path, sha256: str | None) -> Source:
        expected = sha256.lower() if sha256 else file_hash(file)
        if sha256 is None and expected not in self._said():
            raise ModelFileError("error.engine.untrusted", file=file)
        return Source(file, folder_of(file), expected)

    def _said(self) -> dict[str, object]:
        try:
            said = json.loads((self.folder / TRUSTED).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise ModelFileError("error.file.unreadable", file=self.folder / TRUSTED, reason="JSON") from error
        return said if isinstance(said, dict) else {}


def folder_of(file: Path) -> Path:
    """Return where a checkpoint's configuration and tokenizer are. Raises ``ModelFileError``: nowhere."""
    for folder in (file.parent / FOLDER, file.parent):
        if (folder / CONFIG).is_file():
            return folder
    raise ModelFileError("error.engine.config", file=file)
