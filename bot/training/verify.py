"""The check of the product: the checkpoint through the real Detoxify, offline, against what a school serves.

Pitfalls of detoxify 0.5.4 that this walks around: the model's type is looked up on a hub before the folder is used, so
it is set to the folder; wrong weights load silently, so canaries are compared; half precision stays half precision, so
it is widened; no list of texts may be empty.
"""

import io
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np
import torch
from tokenizers import Tokenizer

from bot.screening.adapter import read_adapter
from bot.screening.detoxify_child import adapt
from bot.screening.manifest import ADAPTER
from bot.screening.model import open_session
from bot.training.batches import padded
from bot.training.export import FOLDER, ONNX
from bot.training.measure import Scores
from bot.training.names import CHECKPOINT, CLASSES, TOKENIZER

_BATCH: Final = 32


@dataclass(frozen=True, slots=True)
class Agreement:
    """How near the two engines are on some texts."""

    texts: int
    mean_difference: float
    largest_difference: float
    same_decisions: float


class NetworkUsedError(RuntimeError):
    """Something tried to reach the network while it was forbidden."""


@contextmanager
def no_network() -> Iterator[None]:
    """Forbid connections: what works inside, works on a machine without internet."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise NetworkUsedError

    kept = socket.socket.connect
    socket.socket.connect = refuse  # type: ignore[method-assign]
    try:
        yield
    finally:
        socket.socket.connect = kept  # type: ignore[method-assign]


def through_detoxify(model: Path) -> Any:
    """Load the project's checkpoint with the real ``detoxify.Detoxify``, without network, and what it learnt since."""
    with no_network():
        from detoxify import Detoxify  # noqa: PLC0415  only this check needs it

        loaded = torch.load(model / CHECKPOINT, map_location="cpu", weights_only=True)
        loaded["config"]["arch"]["args"]["model_type"] = str(model / FOLDER)
        if (model / ADAPTER).exists():
            adapt(torch, loaded["state_dict"], read_adapter(model / ADAPTER))
        buffer = io.BytesIO()
        torch.save(loaded, buffer)
        buffer.seek(0)
        detoxify = Detoxify(checkpoint=buffer, huggingface_config_path=str(model / FOLDER))
    detoxify.model.float()
    return detoxify


def detoxify_scores(detoxify: Any, texts: Sequence[str]) -> Scores:
    """Scores of all classes through ``predict``, in the order of the classes."""
    rows = []
    for start in range(0, len(texts), _BATCH):
        said = detoxify.predict(list(texts[start : start + _BATCH]))
        rows.append(np.stack([np.atleast_1d(said[name]) for name in CLASSES], axis=1))
    return np.concatenate(rows)


def served_logits(model: Path, texts: Sequence[str], *, threads: int = 1) -> Scores:
    """Raw outputs of what a school serves, for texts, in their order."""
    adapter = read_adapter(model / ADAPTER) if (model / ADAPTER).exists() else None
    session = open_session(model, ONNX, adapter, threads=threads)
    tokenizer = Tokenizer.from_file(str(model / TOKENIZER))
    rows = [encoded.ids for encoded in tokenizer.encode_batch(list(texts))]
    order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
    result: Scores = np.zeros((len(rows), len(CLASSES)))
    for start in range(0, len(order), _BATCH):
        places = order[start : start + _BATCH]
        ids, mask = padded([rows[place] for place in places])
        given = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
        result[places] = session.run(given)
    return result


def agreement(model: Path, texts: Sequence[str], thresholds: Sequence[float]) -> Agreement:
    """Compare both engines on texts; a decision is whether any class reaches its threshold."""
    detoxify = detoxify_scores(through_detoxify(model), texts)
    served = 1 / (1 + np.exp(-served_logits(model, texts)))
    apart = np.abs(detoxify - served)
    limits = np.array(thresholds)
    same = (detoxify >= limits).any(axis=1) == (served >= limits).any(axis=1)
    return Agreement(
        len(texts),
        round(float(apart.mean()), 5),
        round(float(apart.max()), 4),
        round(float(same.mean()), 4),
    )
