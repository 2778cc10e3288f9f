"""The weights of the served graph, made at start from the ONNX file and the adapter.

Matrices are read from their 8-bit blocks, changed by the adapter, smoothed, and rounded again to 8 bits with a scale a
column, the form that processors multiply fastest (about three times as fast as blocks). ``graph`` builds the graph
that reads them; names here are its initializers'.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from bot.screening.adapter import Adapter, Array

FULL: Final = 127
"""Steps on each side of zero."""

CAREFUL: Final = 63
"""Steps where the processor adds two products in 16 bits, which the full range would overflow (x86 without VNNI)."""

_MIDDLE: Final = 128
_ROWS: Final = 256
_CPU: Final = Path("/proc/cpuinfo")
_WIDE: Final = frozenset({"avx512_vnni", "avx_vnni", "asimddp"})
"""Abilities of a processor that adds products in 32 bits."""

_NORMS: Final = ("attention.output.LayerNorm", "output.LayerNorm")


def steps_here(told: Path = _CPU) -> int:
    """Return how many steps this processor multiplies without overflow; unknown ones get the careful number."""
    try:
        words = told.read_text(encoding="ascii", errors="replace")
    except OSError:
        return CAREFUL
    return FULL if _WIDE.intersection(words.split()) else CAREFUL


@dataclass(frozen=True)
class Weights:
    """Reads one ONNX file through an adapter's layout."""

    file: Path
    adapter: Adapter
    steps: int = FULL

    def initializers(self) -> Iterator[tuple[str, Array]]:
        """Yield every tensor of the served graph, one at a time: the memory of one is free before the next."""
        yield "words", self._read("words")
        yield "words_scale", self._read("words_scale")
        yield "positions", self._positions()
        yield from self._norm("embeddings.LayerNorm")
        for layer in range(self.adapter.layout.layers):
            yield from self._layer(layer)
        yield "pooler.weight", self.matrix("pooler.dense", "pooler.dense.weight")
        yield "pooler.bias", self._read("pooler.dense.bias")
        yield from zip(("classifier.weight", "classifier.bias"), self.adapter.classifier, strict=True)

    def matrix(self, layer: str, whole: str | None = None) -> Array:
        """Return a layer's matrix (out, in), changed by the adapter; ``whole`` names it where it is not in blocks."""
        plain = self._read(whole).astype(np.float32) if whole else self._blocks(layer)
        plain += self.adapter.change(layer)
        return plain

    def _blocks(self, layer: str) -> Array:
        steps, scale = self._read(f"{layer}.steps"), self._read(f"{layer}.scale")
        plain = steps.astype(np.float32)
        plain -= _MIDDLE
        plain *= scale.reshape(*steps.shape[:2], 1)
        return plain.reshape(len(steps), -1)

    def _layer(self, number: int) -> Iterator[tuple[str, Array]]:
        at = f"encoder.layer.{number}"
        passed = self.adapter.smooth[f"{at}.attention.output.dense"]
        for part, names in attention_parts(number, self.adapter.layout.layers):
            layers = [f"{at}.attention.self.{name}" for name in names]
            matrices = [self.matrix(layer) for layer in layers]
            biases = [self._read(f"{layer}.bias") for layer in layers]
            if names[-1] == "value":  # what attention passes on is smoothed here, at no cost
                matrices[-1] /= passed[:, None]
                biases[-1] = biases[-1] / passed
            yield from self._product(part, np.concatenate(matrices), np.concatenate(biases), f"{at}.attention.self")
        for part, layer in (("attention", "attention.output"), ("wide", "intermediate"), ("narrow", "output")):
            name = f"{at}.{layer}.dense"
            yield from self._product(f"layer.{number}.{part}", self.matrix(name), self._read(f"{name}.bias"), name)
        for norm in _NORMS:
            yield from self._norm(f"{at}.{norm}")

    def _product(self, name: str, matrix: Array, bias: Array, smoothed: str) -> Iterator[tuple[str, Array]]:
        factor = self.adapter.smooth[smoothed]
        if not name.endswith(".attention"):
            yield f"{name}.smooth", (1 / factor).astype(np.float32)
        matrix *= factor
        scale = (np.abs(matrix).max(axis=1) / self.steps).astype(np.float32)
        rounded = np.empty(matrix.shape[::-1], np.int8)
        for start in range(0, len(matrix), _ROWS):
            rows = slice(start, start + _ROWS)
            rounded[:, rows] = np.rint(matrix[rows] / scale[rows, None]).T
        yield f"{name}.steps", rounded
        yield f"{name}.scale", scale
        yield f"{name}.bias", bias.astype(np.float32)

    def _norm(self, name: str) -> Iterator[tuple[str, Array]]:
        for part in ("weight", "bias"):
            yield f"{name}.{part}", self._read(f"{name}.{part}")

    def _positions(self) -> Array:
        kinds = self._read("embeddings.token_type_embeddings.weight").astype(np.float32)
        places: Array = self._read("embeddings.position_embeddings.weight").astype(np.float32) + kinds[0]
        return places[None]

    def _read(self, name: str) -> Array:
        place = self.adapter.layout.tensors[name]
        count = int(np.prod(place.shape))
        return np.fromfile(self.file, place.kind, count, offset=place.offset).reshape(place.shape)


def attention_parts(number: int, layers: int) -> Sequence[tuple[str, Sequence[str]]]:
    """Return the products before attention: all three in one, but in the last layer, where one place alone asks."""
    if number < layers - 1:
        return ((f"layer.{number}.qkv", ("query", "key", "value")),)
    return ((f"layer.{number}.q", ("query",)), (f"layer.{number}.kv", ("key", "value")))
