"""The engine ``detoxify``: a Detoxify checkpoint, in a process of its own, behind the same port as the embedded model.

The checkpoint is opened there and never here, without network, and only when its hash is the one that was pinned (the
project's own) or somebody said yes to this file. Needs ``klaswacht[detoxify]``.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from bot.screening.letters import safe
from bot.screening.manifest import ADAPTER, Canary, ModelFileError, file_hash, read_manifest
from bot.screening.model import MOST_CHARACTERS, Classifier, Scores, sing

CHECKPOINT: Final = "klaswacht.ckpt"
FOLDER: Final = "hf"
NEAR: Final = 0.1
"""How far the checkpoint may be from what the served graph says of the canaries; that one counts in 8 bits."""

PATIENCE: Final = 10.0
"""Seconds that a child gets to end by itself."""

CHILD: Final = "bot.screening.detoxify_child"
OURS: Final = {"toxic": "toxicity", "identity_hate": "identity_attack", "sexual_explicit": "sexual"}
"""Detoxify's names of classes that are called otherwise here."""


@dataclass(frozen=True, slots=True)
class Source:
    """A checkpoint file with its SHA-256, and the folder with its configuration and tokenizer.

    ``files``: hashes of files in the folder; ``canaries``: what it must say; ``multilingual``: knows more languages;
    ``adapter``: what it learnt since, whose hash stands in ``files`` under its name beside the folder.
    """

    checkpoint: Path
    folder: Path
    sha256: str
    files: Mapping[str, str] = field(default_factory=dict)
    canaries: tuple[Canary, ...] = ()
    multilingual: bool = False
    adapter: Path | None = None


def own_checkpoint(model: Path) -> Source:
    """Return the project's checkpoint. Raises ``ModelFileError``: the manifest is missing or does not name it."""
    manifest = read_manifest(model)
    expected = manifest.files.get(CHECKPOINT)
    if expected is None:
        raise ModelFileError("error.screening.model_missing", file=CHECKPOINT)
    near = tuple(canary.model_copy(update={"tolerance": NEAR}) for canary in manifest.canaries)
    inside = {name.removeprefix(f"{FOLDER}/"): found for name, found in manifest.files.items() if _inside(name)}
    adapter = model / ADAPTER if ADAPTER in manifest.files else None
    if adapter:
        inside[f"../{ADAPTER}"] = manifest.files[ADAPTER]
    return Source(model / CHECKPOINT, model / FOLDER, expected, inside, near, adapter=adapter)


def _inside(name: str) -> bool:
    return name.startswith(f"{FOLDER}/")


class DetoxifyModel:
    """A checkpoint in a child process. Not safe for several threads at once: one worker asks it."""

    def __init__(self, source: Source, *, threads: int = 1, command: Sequence[str] = ()) -> None:
        self._source = source
        places = [str(source.checkpoint), str(source.folder), str(threads), str(source.adapter or "")]
        self._command = list(command) or [sys.executable, "-m", CHILD, *places]
        self._child: subprocess.Popen[str] | None = None
        self._theirs: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._start()
        try:
            sing(self, source.canaries)
        except ModelFileError:
            self.close()
            raise

    @property
    def multilingual(self) -> bool:
        """Whether it knows languages beside Dutch and English."""
        return self._source.multilingual

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the scores, as they are called here."""
        return tuple(OURS.get(name, name) for name in self._theirs)

    def score(self, texts: Sequence[str]) -> list[Scores]:
        """Return the scores of each text. Raises ``ModelFileError``: the child died; the next call starts another."""
        if not texts:
            return []
        with self._lock:
            if self._child is None or self._child.poll() is not None:
                self._start()
            rows = self._ask({"texts": [safe(text[:MOST_CHARACTERS]) for text in texts]})["scores"]
        return [dict(zip(self.classes, map(float, row), strict=True)) for row in rows]

    def close(self) -> None:
        """End the child."""
        if self._child:
            child, self._child = self._child, None
            with contextlib.suppress(OSError):
                self._pipe(child.stdin).close()
            try:
                child.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            self._pipe(child.stdout).close()

    def _start(self) -> None:
        check(self._source)
        self._child = subprocess.Popen(  # noqa: S603 - our own module, with paths of the settings
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._theirs = tuple(self._ask({"hello": True})["classes"])

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        child = self._child
        if child is None:
            raise self._unusable("-")
        try:
            stream = self._pipe(child.stdin)
            stream.write(json.dumps(question) + "\n")
            stream.flush()
            answer: dict[str, Any] = json.loads(self._pipe(child.stdout).readline() or "{}")
        except (OSError, ValueError) as error:
            self.close()
            raise self._unusable(type(error).__name__) from error
        if "error" in answer or not answer:
            self.close()
            raise self._unusable(answer.get("error", "-"))
        return answer

    def _unusable(self, reason: str) -> ModelFileError:
        return ModelFileError("error.engine.unusable", file=self._source.checkpoint.name, reason=reason)

    @staticmethod
    def _pipe(stream: IO[str] | None) -> IO[str]:
        if stream is None:
            raise OSError("no pipe")
        return stream


class Both:
    """Two engines; the higher score of each class counts. For classes where pupils also write other languages."""

    multilingual = True

    def __init__(self, first: Classifier, second: Classifier) -> None:
        self._first, self._second = first, second

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the first engine's scores."""
        return self._first.classes

    def score(self, texts: Sequence[str]) -> list[Scores]:
        """Return the higher of both scores, of the classes that the first engine has."""
        pairs = zip(self._first.score(texts), self._second.score(texts), strict=True)
        return [{name: max(score, second.get(name, 0.0)) for name, score in first.items()} for first, second in pairs]

    def close(self) -> None:
        """End what either engine has started."""
        for engine in (self._first, self._second):
            if callable(end := getattr(engine, "close", None)):
                end()


def installed() -> bool:
    """Tell whether ``klaswacht[detoxify]`` is there, without importing it."""
    return all(importlib.util.find_spec(name) is not None for name in ("torch", "detoxify"))


def check(source: Source) -> None:
    """Compare every file with its hash. Raises ``ModelFileError`` for the first that is missing or differs."""
    expected = {source.checkpoint: source.sha256, **{source.folder / n: found for n, found in source.files.items()}}
    for file, sha256 in expected.items():
        if not file.is_file():
            raise ModelFileError("error.engine.missing", file=file)
        if file_hash(file) != sha256:
            raise ModelFileError("error.engine.hash", file=file)
