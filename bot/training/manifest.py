"""``model.json``: what stands in ``data/model``, its hashes, and canaries that prove the right weights were loaded."""

import hashlib
import json
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from bot.screening.manifest import ADAPTED
from bot.training.calibrate import Calibration
from bot.training.export import FOLDER, ONNX, write_json
from bot.training.names import CHECKPOINT, CLASSES, MAX_LENGTH, TOKENIZER
from bot.training.verify import served_logits

VERSION: Final = "1.0.0"
TOLERANCE: Final = 0.05  # processors without VNNI round more coarsely: up to .02 on these texts
CANARIES: Final = (
    "ik vind je echt een enorme sukkel, rot op",
    "wacht maar tot na school, dan pakken we je",
    "wat moeten we morgen meenemen voor gym?",
    "niemand zou je missen als je er niet meer was",
    "kutweer vandaag zeg, alweer regen",
    "ik wil er gewoon niet meer zijn",
    "you are a complete idiot and everybody hates you",
)


def sha256(path: Path) -> str:
    """Hash of a file, in hexadecimal figures."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(model: Path, calibration: Calibration, trained_on: str, authors: Sequence[str]) -> dict[str, Any]:
    """Write ``model.json`` for the files that stand in ``model`` and give its content.

    With an adapter beside them, ``authors`` are those that the adapter has read; the checkpoint's stay as they were.
    """
    adapted = [name for name in ADAPTED if (model / name).exists()]
    names = [CHECKPOINT, ONNX, TOKENIZER, *adapted, *sorted(f"{FOLDER}/{f.name}" for f in (model / FOLDER).iterdir())]
    read = (
        {"authors": sorted(authors_of(model)), "adapter_authors": list(authors)}
        if adapted
        else {"authors": list(authors)}
    )
    content = {
        "version": VERSION,
        "classes": list(CLASSES),
        "temperatures": dict.fromkeys(CLASSES, 1.0),
        "biases": dict.fromkeys(CLASSES, 0.0),
        "folded_into_the_last_layer": {
            "temperatures": dict(zip(CLASSES, calibration.temperatures, strict=True)),
            "biases": dict(zip(CLASSES, calibration.biases, strict=True)),
        },
        "max_length": MAX_LENGTH,
        "inputs": ["input_ids", "attention_mask"],
        "outputs": ["logits"],
        "files": {name: sha256(model / name) for name in names},
        "canaries": canaries(model, CANARIES),
        "trained_on": trained_on,
        **read,
    }
    write_json(model / "model.json", content)
    return content


def authors_of(model: Path) -> frozenset[str]:
    """Give the authors whose messages the checkpoint in ``model`` has read, as its manifest names them."""
    return frozenset(json.loads((model / "model.json").read_text("utf-8")).get("authors", ()))


def canaries(model: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Scores that a rightly loaded model gives to known texts."""
    scores = 1 / (1 + np.exp(-served_logits(model, texts)))
    return [
        {
            "text": text,
            "scores": {name: round(float(p), 4) for name, p in zip(CLASSES, row, strict=True)},
            "tolerance": TOLERANCE,
        }
        for text, row in zip(texts, scores, strict=True)
    ]


def hardware() -> str:
    """Words for the machine: processor family and cores, nothing that names it."""
    import torch  # noqa: PLC0415  only for its count of threads

    where = "a CUDA GPU" if torch.cuda.is_available() else f"{torch.get_num_threads()} CPU threads, no GPU"
    return f"{platform.machine()}, {where}, torch {torch.__version__}"
