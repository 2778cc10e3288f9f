"""``klaswacht model fetch``: gets a known checkpoint with its configuration and tokenizer, or takes it from a file.

The only place in the program that fetches a model. Everything is written beside its place and moved there when it is
whole, of the right hash, and written down in ``pinned.json``.
"""

from __future__ import annotations

import errno
import http.client
import shutil
import tempfile
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.errors import SetupError
from bot.screening.checkpoints import CONFIG, FETCHED, PINNED, Pinned
from bot.screening.detoxify import FOLDER
from bot.screening.manifest import file_hash

CHUNK: Final = 1 << 18
SILENCE_S: Final = 60.0
"""Seconds that a server may say nothing."""

SPARE: Final = 50_000_000
"""Bytes that must stay free beside a checkpoint."""

MEGABYTE: Final = 1_000_000
Progress = Callable[[str, int, int], None]
"""Told the file, the bytes that are there and the bytes that there will be (0: not known)."""


class Known(BaseModel):
    """One checkpoint of ``data/checkpoints.toml``."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    checkpoint: Annotated[str, Field(pattern=r"^https?://")]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{8,64}$")]
    folder: Annotated[str, Field(pattern=r"^https?://.*/$")]
    files: tuple[Annotated[str, Field(pattern=r"^[\w.-]+$")], ...]
    multilingual: bool = False


def read_known(path: Path) -> dict[str, Known]:
    """Read the list. Raises ``SetupError``: it is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, Known]).validate_python(raw)
    except (OSError, ValueError) as error:
        problems = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        raise SetupError("error.engine.no_list", file=path.name, problems=problems) from error


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Puts checkpoints into the state folder. ``free``: bytes free where a path is."""

    folder: Path
    known: Mapping[str, Known]
    progress: Progress = lambda *_: None
    free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free

    def from_network(self, name: str) -> str:
        """Fetch a checkpoint by name; return its hash. Raises ``SetupError``: why it failed; then nothing is kept."""
        one = self._known(name)
        with self._place() as place:
            self._get(name, one.checkpoint, place / FETCHED)
            found = _checked(name, one, place / FETCHED, one.checkpoint)
            for file in one.files:
                self._get(name, one.folder + file, place / file)
            self._keep(name, one, place, one.checkpoint)
        return found

    def from_file(self, name: str, file: Path, config: Path | None = None) -> str:
        """Take a checkpoint from a file, and what belongs to it from ``config`` or beside it; return its hash."""
        one = self._known(name)
        if not file.is_file():
            raise SetupError("error.engine.missing", file=file)
        found = _checked(name, one, file, str(file))
        beside = self._beside(one, file, config)
        with self._place() as place:
            self._room(place, file.stat().st_size)
            shutil.copyfile(file, place / FETCHED)
            for path in beside:
                shutil.copyfile(path, place / path.name)
            self._keep(name, one, place, str(file))
        return found

    def _known(self, name: str) -> Known:
        if name not in self.known:
            raise SetupError("error.engine.name", name=name, names=", ".join(sorted(self.known)))
        return self.known[name]

    def _beside(self, one: Known, file: Path, config: Path | None) -> list[Path]:
        places = [config] if config else [file.parent / FOLDER, file.parent]
        folder = next((place for place in places if (place / CONFIG).is_file()), places[-1])
        paths = [folder / name for name in one.files]
        if missing := [path.name for path in paths if not path.is_file()]:
            told = {"missing": ", ".join(missing), "files": ", ".join(one.files), "folder": one.folder}
            raise SetupError("error.engine.bring", file=file, **told)
        return paths

    @contextmanager
    def _place(self) -> Iterator[Path]:
        """Give a folder that is gone afterwards unless it was moved. Raises ``SetupError``: it can't be written."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            place = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder))
        except OSError as error:
            raise SetupError("error.settings.state", folder=self.folder, reason=error.strerror) from error
        try:
            yield place
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise SetupError("error.settings.state", folder=self.folder, reason=error.strerror) from error
            told = {"needed": "?", "free": self.free(self.folder) // MEGABYTE}
            raise SetupError("error.engine.no_space", folder=self.folder, **told) from error
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _get(self, name: str, url: str, target: Path) -> None:
        try:
            self._stream(url, target)
        except urllib.error.HTTPError as error:
            error.close()
            raise SetupError("error.engine.status", url=url, status=error.code) from error
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            raise SetupError("error.engine.unreachable", url=url, reason=reason, name=name) from error

    def _stream(self, url: str, target: Path) -> None:
        shown = url.rsplit("/", 1)[-1]
        # the list's pattern lets only http and https through
        with urllib.request.urlopen(url, timeout=SILENCE_S) as answer, target.open("wb") as file:  # noqa: S310
            size, got = int(answer.headers.get("Content-Length") or 0), 0
            self._room(target.parent, size)
            while chunk := answer.read(CHUNK):
                file.write(chunk)
                got += len(chunk)
                self.progress(shown, got, size)
        if got < size:
            raise SetupError("error.engine.broken_off", url=url, got=got, size=size)

    def _room(self, place: Path, size: int) -> None:
        free = self.free(place)
        if free < size + SPARE:
            told = {"needed": (size + SPARE) // MEGABYTE, "free": free // MEGABYTE}
            raise SetupError("error.engine.no_space", folder=self.folder, **told)

    def _keep(self, name: str, one: Known, place: Path, origin: str) -> None:
        files = {file: file_hash(place / file) for file in (FETCHED, *one.files)}
        pinned = Pinned(name=name, origin=origin, files=files, multilingual=one.multilingual)
        (place / PINNED).write_text(pinned.model_dump_json(indent=1) + "\n", encoding="utf-8")
        target = self.folder / name
        if target.exists():
            shutil.rmtree(target)
        place.rename(target)


def _checked(name: str, one: Known, file: Path, shown: str) -> str:
    found = file_hash(file)
    if not found.startswith(one.sha256):
        told = {"found": found[: len(one.sha256)], "expected": one.sha256}
        raise SetupError("error.engine.wrong_file", file=shown, name=name, **told)
    return found
