"""The embedded model: an ONNX file and a tokenizer, checked before use; texts in, a score from 0 to 1 per class out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import onnxruntime
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tokenizers import Encoding, Tokenizer

from bot.errors import SetupError
from bot.screening.letters import safe

Scores = dict[str, float]
MANIFEST: Final = "model.json"
TOKENIZER: Final = "tokenizer.json"
MOST_CHARACTERS: Final = 20_000
MOST_WINDOWS: Final = 8
OVERLAP: Final = 16
BATCH: Final = 32
CHUNK: Final = 1 << 20


class ModelFileError(SetupError):
    """The model's files can't be used (missing, changed, wrong answers); the word lists judge instead."""


class Classifier(Protocol):
    """What gives scores to texts. ``score`` blocks: call it through ``queue.ClassifierQueue``."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the scores."""
        ...

    def score(self, texts: Sequence[str]) -> list[Scores]:
        """Return the scores of each text, 0 to 1 per class; any string gets a score."""
        ...


class Canary(BaseModel):
    """A text and what the model must say of it."""

    model_config = ConfigDict(frozen=True)
    text: str
    scores: dict[str, float]
    tolerance: float = 0.02


class Manifest(BaseModel):
    """``model.json``: what the files are, how they are read, and their hashes."""

    model_config = ConfigDict(frozen=True)
    version: str | int
    classes: tuple[str, ...] = Field(min_length=1)
    temperatures: dict[str, float] = Field(default_factory=dict)
    biases: dict[str, float] = Field(default_factory=dict)
    max_length: int = Field(ge=8, le=4096)
    files: dict[str, str]
    canaries: tuple[Canary, ...] = ()
    inputs: tuple[str, ...] = ("input_ids", "attention_mask")


@dataclass(slots=True)
class EmbeddedModel:
    """The model in this process. Not safe for several threads at once: one worker asks it."""

    manifest: Manifest
    session: Any
    tokenizer: Tokenizer
    padding: int

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the scores."""
        return self.manifest.classes

    def score(self, texts: Sequence[str]) -> list[Scores]:
        """Return the scores of each text; a long text is cut in windows, of which the worst counts."""
        windows: list[tuple[int, Encoding]] = []
        for number, text in enumerate(texts):
            windows += [(number, window) for window in self._windows(text)]
        result = [dict.fromkeys(self.classes, 0.0) for _ in texts]
        windows.sort(key=lambda window: len(window[1].ids))
        for start in range(0, len(windows), BATCH):
            part = windows[start : start + BATCH]
            for (number, _), row in zip(part, self._run([window for _, window in part]), strict=True):
                _worst(result[number], row)
        return result

    def _windows(self, text: str) -> list[Encoding]:
        clean = safe(text[:MOST_CHARACTERS]).strip()
        if not clean:
            return []
        whole = self.tokenizer.encode(clean)
        parts = [whole, *whole.overflowing]
        half = MOST_WINDOWS // 2
        return parts if len(parts) <= MOST_WINDOWS else parts[:half] + parts[-half:]

    def _run(self, windows: list[Encoding]) -> list[Scores]:
        longest = max(len(window.ids) for window in windows)
        ids = np.full((len(windows), longest), self.padding, dtype=np.int64)
        mask = np.zeros((len(windows), longest), dtype=np.int64)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        logits = self.session.run(None, {name: feeds[name] for name in self.manifest.inputs})[0]
        scores = _probabilities(np.asarray(logits, dtype=np.float32), self.manifest)
        return [dict(zip(self.classes, map(float, row), strict=True)) for row in scores]


def _probabilities(logits: Any, manifest: Manifest) -> Any:
    temperatures = np.array([manifest.temperatures.get(name, 1.0) for name in manifest.classes], dtype=np.float32)
    biases = np.array([manifest.biases.get(name, 0.0) for name in manifest.classes], dtype=np.float32)
    return 1.0 / (1.0 + np.exp(-np.clip(logits / temperatures + biases, -40, 40)))


def _worst(kept: Scores, fresh: Scores) -> None:
    for name, score in fresh.items():
        kept[name] = max(kept[name], score)


def load_model(folder: Path, threads: int = 1) -> EmbeddedModel:
    """Load the embedded model from a folder after checking hashes, and let it answer its canaries.

    Raises ``ModelFileError``: a file is missing, has another hash, can't be read, or the answers are wrong.
    """
    manifest = read_manifest(folder)
    check_hashes(folder, manifest)
    try:
        tokenizer = _tokenizer(folder, manifest.max_length)
        session = _session(folder, manifest, threads)
        model = EmbeddedModel(manifest, session, tokenizer, _padding(tokenizer))
        sing(model, model.manifest.canaries)
    except ModelFileError:
        raise
    except Exception as error:  # the libraries raise many kinds; all mean: this file is not usable
        raise ModelFileError("error.screening.model_unusable", reason=type(error).__name__) from error
    return model


def read_manifest(folder: Path) -> Manifest:
    """Read ``model.json``. Raises ``ModelFileError``: missing or wrong."""
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest.model_validate(raw)
    except OSError as error:
        raise ModelFileError("error.screening.model_missing", file=MANIFEST) from error
    except (ValueError, ValidationError) as error:
        raise ModelFileError("error.screening.model_unusable", reason=MANIFEST) from error


def check_hashes(folder: Path, manifest: Manifest) -> None:
    """Compare the files that serving needs with their SHA-256. Raises ``ModelFileError`` for the first that differs."""
    for name in served(manifest):
        expected = manifest.files.get(name)
        try:
            found = file_hash(folder / name)
        except OSError as error:
            raise ModelFileError("error.screening.model_missing", file=name) from error
        if found != expected:
            raise ModelFileError("error.screening.model_hash", file=name)


def served(manifest: Manifest) -> list[str]:
    """Return the names of the files that serving needs: the ONNX file and the tokenizer."""
    names = [name for name in manifest.files if name.endswith(".onnx") and "/" not in name]
    if not names:
        raise ModelFileError("error.screening.model_missing", file="*.onnx")
    if TOKENIZER not in manifest.files:
        raise ModelFileError("error.screening.model_missing", file=TOKENIZER)
    return [names[0], TOKENIZER]


def file_hash(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _tokenizer(folder: Path, max_length: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length, stride=min(OVERLAP, max_length // 4))
    return tokenizer


def _padding(tokenizer: Tokenizer) -> int:
    found = (tokenizer.token_to_id(token) for token in ("<pad>", "[PAD]"))
    return next((number for number in found if number is not None), 0)


def _session(folder: Path, manifest: Manifest, threads: int) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    name = served(manifest)[0]
    return onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])


def sing(model: Classifier, canaries: Sequence[Canary]) -> None:
    """Ask for known answers. Raises ``ModelFileError``: the model says something else."""
    for canary, scores in zip(canaries, model.score([canary.text for canary in canaries]), strict=True):
        for name, expected in canary.scores.items():
            if abs(scores.get(name, -1.0) - expected) > canary.tolerance:
                raise ModelFileError("error.screening.model_canary", name=name)
