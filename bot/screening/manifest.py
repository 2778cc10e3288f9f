"""What stands in a model's folder: ``model.json`` with the hashes of its files, and what the model must answer."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import SetupError

MANIFEST: Final = "model.json"
TOKENIZER: Final = "tokenizer.json"
ADAPTER: Final = "adapter.npz"
GRAPH: Final = "serving.onnx"
ADAPTED: Final = (ADAPTER, GRAPH)
"""What stands beside the ONNX file once the model has learnt more: see ``adapter`` and ``weights``."""

CHUNK: Final = 1 << 20


class ModelFileError(SetupError):
    """The model's files can't be used (missing, changed, wrong answers); the word lists judge instead."""


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
    """Return the names of the files that serving needs: the ONNX file, the tokenizer, an adapter and its graph."""
    names = [name for name in manifest.files if name.endswith(".onnx") and "/" not in name and name != GRAPH]
    if not names:
        raise ModelFileError("error.screening.model_missing", file="*.onnx")
    if TOKENIZER not in manifest.files:
        raise ModelFileError("error.screening.model_missing", file=TOKENIZER)
    return [names[0], TOKENIZER, *(ADAPTED if ADAPTER in manifest.files else ())]


def file_hash(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
