"""From a network with learnt changes to the adapter, the served graph, calibration, thresholds and the manifest."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from bot.screening.adapter import Adapter, Layout, Place, write_adapter
from bot.screening.manifest import ADAPTER, GRAPH
from bot.training.calibrate import calibrate
from bot.training.export import ONNX, fold
from bot.training.graph import Graph
from bot.training.lowrank import changes, settle
from bot.training.manifest import write_manifest
from bot.training.names import Places
from bot.training.network import Network
from bot.training.rounding import peaks, smoothing
from bot.training.suggest import suggest
from bot.training.train import Material
from bot.training.verify import agreement, served_logits

_BERT: Final = "network.bert."
_KINDS: Final = {1: "<f4", 2: "u1", 3: "i1", 10: "<f2"}
_NODE: Final = "/network/bert/"

LOOKED_AT: Final = 600
"""Training messages on which the sizes of channels are measured."""

Say = Callable[[str], None]


def finish(network: Network, given: Material, places: Places, trained_on: str, say: Say) -> None:
    """Write adapter and graph; calibrate what they serve on the validation part, fold that in, and write the rest."""
    learnt, texts = changes(network), given.looked_at(LOOKED_AT)
    settle(network)
    smooth = factors(network, peaks(network, given.tokenizer, texts))
    layout = layout_of(places.model / ONNX)
    config = network.config
    Graph(config.hidden_size, config.intermediate_size, config.vocab_size, layout.layers).write(places.model / GRAPH)

    def write() -> None:
        classifier = network.classifier
        last = (classifier.weight.detach().numpy().copy(), classifier.bias.detach().numpy().copy())
        write_adapter(places.model / ADAPTER, Adapter(layout, learnt, smooth, last))

    write()
    messages = [message.text for message in given.validation]
    wanted = np.array([message.targets for message in given.validation])
    calibration = calibrate(served_logits(places.model, messages), wanted)
    fold(network, calibration)
    write()
    write_manifest(places.model, calibration, trained_on, given.authors)
    limits = suggest(served_logits(places.model, messages), given.validation, places.model)
    say(f"checkpoint through Detoxify against the served graph: {agreement(places.model, messages, limits)}")


def factors(network: Network, known: dict[str, torch.Tensor]) -> dict[str, Any]:
    """Give the smoothing of every product's channels; query, key and value share one."""
    found = {}
    for name, peak in known.items():
        parts = [name]
        if ".self." in name:
            name = name.rsplit(".", 1)[0]  # noqa: PLW2901  the three stand under one name
            parts = [f"{name}.{part}" for part in ("query", "key", "value")]
        weights = np.concatenate([network.bert.get_submodule(part).weight.detach().numpy() for part in parts])
        # in half precision, as the adapter keeps them: both sides of a product must use the very same numbers
        found[name] = smoothing(peak.numpy(), weights).astype(np.float16).astype(np.float32)
    return found


def layout_of(path: Path) -> Layout:
    """Find every tensor in the bytes of an ONNX file of this project. Raises ``ValueError``: one is not found there."""
    whole = path.read_bytes()
    graph = onnx.load_from_string(whole).graph
    names = _names(graph)
    tensors = {}
    for table in graph.initializer:
        if table.name in names:
            raw = table.raw_data or numpy_helper.to_array(table).tobytes()
            tensors[names[table.name]] = Place(
                offset=_found(whole, raw, table.name), shape=tuple(table.dims), kind=_KINDS[table.data_type]
            )
    layers = 1 + max(int(name.split(".")[2]) for name in tensors if name.startswith("encoder.layer."))
    return Layout(base=hashlib.sha256(whole).hexdigest(), layers=layers, tensors=tensors)


def _names(graph: Any) -> dict[str, str]:
    names = {"words": "words", "words_scale": "words_scale"}
    for table in graph.initializer:
        if table.name.startswith(_BERT):
            names[table.name] = table.name.removeprefix(_BERT).removesuffix("_half")
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            layer = node.name.removeprefix(_NODE).removesuffix("/MatMul").replace("/", ".")
            names[node.input[1]], names[node.input[2]] = f"{layer}.steps", f"{layer}.scale"
    return names


def _found(whole: bytes, raw: bytes, name: str) -> int:
    """Find a tensor's bytes; equal ones (fresh norms) may be read at either place."""
    offset = whole.find(raw)
    if offset < 0:
        raise ValueError(name)
    return offset
