"""The engine ``detoxify``: a Detoxify checkpoint, in a process of its own, behind the same port as the embedded model.

The checkpoint is opened there and never here, without network, and only when its hash is the one that was pinned (the
project's own) or somebody said yes to this file. Needs ``klaswacht[detoxify]``.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from bot.screening.letters import safe
from bot.screening.model import MOST_CHARACTERS, Classifier, ModelFileError, Scores, file_hash, read_manifest

CHECKPOINT: Final = "klaswacht.ckpt"
FOLDER: Final = "hf"
PATIENCE: Final = 10.0
"""Seconds that a child gets to end by itself."""

CHILD: Final = "bot.screening.detoxify_child"
OURS: Final = {"toxic": "toxicity", "identity_hate": "identity_attack", "sexual_explicit": "sexual"}
"""Detoxify's names of classes that are called otherwise here."""


@dataclass(frozen=True, slots=True)
class Source:
    """A checkpoint file, the folder with its configuration and tokenizer, and the hash it must have (None: trusted)."""

    checkpoint: Path
    folder: Path
    sha256: str | None


def own_checkpoint(model: Path) -> Source:
    """Return the project's checkpoint. Raises ``ModelFileError``: the manifest is missing or does not name it."""
    expected = read_manifest(model).files.get(CHECKPOINT)
    if expected is None:
        raise ModelFileError("error.screening.model_missing", file=CHECKPOINT)
    return Source(model / CHECKPOINT, model / FOLDER, expected)


class DetoxifyModel:
    """A checkpoint in a child process. Not safe for several threads at once: one worker asks it."""

    def __init__(self, source: Source, *, threads: int = 1, command: Sequence[str] = ()) -> None:
        self._source = source
        places = [str(source.checkpoint), str(source.folder), str(threads)]
        self._command = list(command) or [sys.executable, "-m", CHILD, *places]
        self._child: subprocess.Popen[str] | None = None
        self._theirs: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._start()

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
        _check(self._source)
        self._child = subprocess.Popen(  # noqa: S603 - our own module, with paths of the settings
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._theirs = tuple(self._ask({"hello": True})["classes"])

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        child = self._child
        if child is None:
            raise ModelFileError("error.screening.model_unusable", reason="-")
        try:
            stream = self._pipe(child.stdin)
            stream.write(json.dumps(question) + "\n")
            stream.flush()
            answer: dict[str, Any] = json.loads(self._pipe(child.stdout).readline() or "{}")
        except (OSError, ValueError) as error:
            self.close()
            raise ModelFileError("error.screening.model_unusable", reason=type(error).__name__) from error
        if "error" in answer or not answer:
            self.close()
            raise ModelFileError("error.screening.model_unusable", reason=answer.get("error", "-"))
        return answer

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


def _check(source: Source) -> None:
    if not source.checkpoint.is_file():
        raise ModelFileError("error.screening.model_missing", file=source.checkpoint.name)
    if source.sha256 is not None and file_hash(source.checkpoint) != source.sha256:
        raise ModelFileError("error.screening.model_hash", file=source.checkpoint.name)
