"""The adapter: what the model learnt after its two large files were made, in a file of a few megabytes.

Low-rank changes of the matrices (LoRA, Hu et al. 2021), a new classifier, the smoothing of the served graph, and where
in the ONNX file every tensor lies. The file holds arrays alone; nothing in it can run.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.screening.manifest import ModelFileError

_LAYOUT: Final = "layout"
_DOWN, _UP, _SMOOTH = ".down", ".up", ".smooth"
_CLASSIFIER: Final = ("classifier.weight", "classifier.bias")

Array = NDArray[Any]


class Place(BaseModel):
    """Where a tensor lies in the ONNX file: bytes from its start, shape, and numpy's name of its kind."""

    model_config = ConfigDict(frozen=True)
    offset: int
    shape: tuple[int, ...]
    kind: str


class Layout(BaseModel):
    """The tensors of one ONNX file, by their names in the network, and the file's SHA-256."""

    model_config = ConfigDict(frozen=True)
    base: str
    layers: int
    tensors: dict[str, Place]


@dataclass(frozen=True, slots=True)
class Adapter:
    """What was learnt: per layer ``down`` (rank, in) and ``up`` (out, rank); per product its channels' smoothing."""

    layout: Layout
    changes: Mapping[str, tuple[Array, Array]]
    smooth: Mapping[str, Array]
    classifier: tuple[Array, Array]

    def change(self, layer: str) -> Array:
        """Return what comes on top of a layer's matrix: (out, in)."""
        down, up = self.changes[layer]
        changed: Array = up @ down
        return changed


def read_adapter(path: Path) -> Adapter:
    """Read an adapter. Raises ``ModelFileError``: missing or not readable as one."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        layout = Layout.model_validate_json(arrays.pop(_LAYOUT).tobytes())
        weight, bias = (arrays.pop(name) for name in _CLASSIFIER)
    except FileNotFoundError as error:
        raise ModelFileError("error.screening.model_missing", file=path.name) from error
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, ValidationError) as error:
        raise ModelFileError("error.screening.model_unusable", reason=path.name) from error
    whole = {name: array.astype(np.float32) for name, array in arrays.items()}
    layers = [name.removesuffix(_DOWN) for name in whole if name.endswith(_DOWN)]
    return Adapter(
        layout,
        {layer: (whole[layer + _DOWN], whole[layer + _UP]) for layer in layers},
        {name.removesuffix(_SMOOTH): factor for name, factor in whole.items() if name.endswith(_SMOOTH)},
        (weight, bias),
    )


def write_adapter(path: Path, adapter: Adapter) -> None:
    """Write an adapter: thin matrices and factors in half precision, the classifier whole."""
    halves = {f"{layer}{_DOWN}": down for layer, (down, _) in adapter.changes.items()}
    halves |= {f"{layer}{_UP}": up for layer, (_, up) in adapter.changes.items()}
    halves |= {f"{product}{_SMOOTH}": factor for product, factor in adapter.smooth.items()}
    layout = np.frombuffer(json.dumps(adapter.layout.model_dump(mode="json")).encode(), np.uint8)
    arrays: dict[str, Array] = {name: array.astype(np.float16) for name, array in halves.items()}
    arrays |= dict(zip(_CLASSIFIER, adapter.classifier, strict=True)) | {_LAYOUT: layout}
    np.savez(path, **arrays)  # type: ignore[arg-type]  # numpy's types take no names from a dictionary
