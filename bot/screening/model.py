"""The embedded model: an ONNX file and a tokenizer, checked before use; texts in, a score from 0 to 1 per class out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import onnxruntime
from tokenizers import Encoding, Tokenizer

from bot.screening.adapter import Adapter, Array, read_adapter
from bot.screening.letters import safe
from bot.screening.manifest import (
    ADAPTER,
    GRAPH,
    TOKENIZER,
    Canary,
    Manifest,
    ModelFileError,
    check_hashes,
    read_manifest,
    served,
)
from bot.screening.weights import Weights, steps_here

Scores = dict[str, float]
MOST_CHARACTERS: Final = 20_000
MOST_WINDOWS: Final = 8
OVERLAP: Final = 16
BATCH: Final = 32


class Classifier(Protocol):
    """What gives scores to texts. ``score`` blocks: call it through ``queue.ClassifierQueue``."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the scores."""
        ...

    def score(self, texts: Sequence[str]) -> list[Scores]:
        """Return the scores of each text, 0 to 1 per class; any string gets a score."""
        ...


@dataclass(slots=True)
class EmbeddedModel:
    """The model in this process. Not safe for several threads at once: one worker asks it."""

    manifest: Manifest
    session: Session
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
        logits = self.session.run({name: feeds[name] for name in self.manifest.inputs})
        scores = _probabilities(logits, self.manifest)
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
        base, *others = served(manifest)
        adapter = _adapter(folder, manifest.files[base]) if ADAPTER in others else None
        session = open_session(folder, base, adapter, threads=threads)
        model = EmbeddedModel(manifest, session, tokenizer, _padding(tokenizer))
        sing(model, model.manifest.canaries)
    except ModelFileError:
        raise
    except Exception as error:  # the libraries raise many kinds; all mean: this file is not usable
        raise ModelFileError("error.screening.model_unusable", reason=type(error).__name__) from error
    return model


def _tokenizer(folder: Path, max_length: int) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length, stride=min(OVERLAP, max_length // 4))
    return tokenizer


def _padding(tokenizer: Tokenizer) -> int:
    found = (tokenizer.token_to_id(token) for token in ("<pad>", "[PAD]"))
    return next((number for number in found if number is not None), 0)


@dataclass(slots=True)
class Session:
    """An open graph; the weights it was given must live as long as it does, for onnxruntime does not copy them."""

    graph: Any
    weights: list[Any]

    def run(self, given: dict[str, Array]) -> Array:
        """Return the raw outputs (texts, classes)."""
        result: Array = np.asarray(self.graph.run(None, given)[0], dtype=np.float32)
        return result


def open_session(folder: Path, base: str, adapter: Adapter | None, *, threads: int) -> Session:
    """Open the ONNX file ``base``, or the served graph with weights made of that file and the adapter."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False  # the arena keeps the largest batch's memory for ever
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    kept = _give_weights(options, Weights(folder / base, adapter, steps_here())) if adapter else []
    path = folder / (GRAPH if adapter else base)
    return Session(onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]), kept)


def _adapter(folder: Path, base: str) -> Adapter:
    """Read the adapter. Raises ``ModelFileError``: it was learnt on another ONNX file than the one with this hash."""
    adapter = read_adapter(folder / ADAPTER)
    if adapter.layout.base != base:
        raise ModelFileError("error.screening.model_hash", file=ADAPTER)
    return adapter


def _give_weights(options: Any, weights: Weights) -> list[Any]:
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # the graph is final
    names, values = zip(*((name, _for_onnx(value)) for name, value in weights.initializers()), strict=True)
    options.add_external_initializers(list(names), list(values))
    return list(values)


def _for_onnx(value: Array) -> Any:
    return onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(value))


def sing(model: Classifier, canaries: Sequence[Canary]) -> None:
    """Ask for known answers. Raises ``ModelFileError``: the model says something else."""
    for canary, scores in zip(canaries, model.score([canary.text for canary in canaries]), strict=True):
        for name, expected in canary.scores.items():
            if abs(scores.get(name, -1.0) - expected) > canary.tolerance:
                raise ModelFileError("error.screening.model_canary", name=name)
