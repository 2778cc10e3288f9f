"""The product: a checkpoint that Detoxify loads, its configuration folder, and the ONNX file that a school serves.

The calibration is folded into the last layer, so plain ``sigmoid`` gives calibrated scores everywhere. Weights are
rounded to half precision once; checkpoint and ONNX file hold the same numbers. The word table, the largest matrix,
is stored in the ONNX file as 8-bit numbers with a scale a row, so the checkpoint's table is rounded the same way.
"""

import json
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from transformers import PreTrainedTokenizerFast

from bot.training.blocks import pack_products
from bot.training.calibrate import Calibration
from bot.training.names import CHECKPOINT, CLASSES, MAX_LENGTH, TOKENIZER, Places
from bot.training.network import Network

ONNX: Final = "klaswacht.onnx"
FOLDER: Final = "hf"
_OPSET: Final = 17
_WORDS: Final = "bert.embeddings.word_embeddings.weight"
_TOP: Final = 127


def fold(network: Network, calibration: Calibration) -> None:
    """Put temperatures and biases into the classifier's own weights."""
    slope = 1 / torch.tensor(calibration.temperatures)
    with torch.no_grad():
        network.classifier.weight.mul_(slope[:, None])
        network.classifier.bias.mul_(slope).add_(torch.tensor(calibration.biases))


def round_weights(network: Network) -> None:
    """Round all weights to half precision, and the word table to 8 bits with a half-precision scale a row."""
    with torch.no_grad():
        words = network.bert.embeddings.word_embeddings.weight
        scale, steps = _eight_bit(words.numpy())
        words.copy_(torch.from_numpy(steps.astype(np.float32) * scale))
        for parameter in network.parameters():
            if parameter is not words:
                parameter.copy_(parameter.half().float())


def write_checkpoint(network: Network, places: Places) -> None:
    """Write checkpoint, configuration folder and tokenizer to ``places.model``."""
    folder = places.model / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    network.config.save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(places.tokenizer), model_max_length=MAX_LENGTH,
        bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>", unk_token="<unk>", pad_token="<pad>",  # noqa: S106  names of pieces
    )  # fmt: skip
    tokenizer.save_pretrained(folder)
    (places.model / TOKENIZER).write_bytes(places.tokenizer.read_bytes())
    arguments = {
        "num_classes": len(CLASSES),
        "model_type": FOLDER,
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "PreTrainedTokenizerFast",
    }
    torch.save(
        {
            "config": {
                "arch": {"type": "klaswacht", "args": arguments},
                "dataset": {"args": {"classes": list(CLASSES)}},
            },
            "state_dict": {name: value.half() for name, value in network.state_dict().items()},
        },
        places.model / CHECKPOINT,
    )


def write_onnx(network: Network, path: Path, *, eight_bit: bool = True) -> None:
    """Write the ONNX file: word table in 8 bits a row, products in 8-bit blocks, the rest in half precision on disk.

    Without ``eight_bit`` the products are done in single precision: exact, larger, and slower by about a half.
    """
    network.eval()
    ids = torch.tensor([[0, 5, 6, 2], [0, 7, 2, 1]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    axes = {"input_ids": {0: "batch", 1: "pieces"}, "attention_mask": {0: "batch", 1: "pieces"}, "logits": {0: "batch"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Logits(network).eval(), (ids, mask), str(path), input_names=["input_ids", "attention_mask"],
            output_names=["logits"], dynamic_axes=axes, opset_version=_OPSET, dynamo=False,
        )  # fmt: skip
    model = onnx.load(str(path))
    _shrink_words(model)
    if eight_bit:
        pack_products(model)
    _halve(model)
    onnx.save(model, str(path))


class _Logits(torch.nn.Module):  # type: ignore[misc]  # torch carries no types here
    """Only the logits of a classifier."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Any, attention_mask: Any) -> Any:
        return self.network(input_ids=input_ids, attention_mask=attention_mask).logits


def _eight_bit(table: Any) -> tuple[Any, Any]:
    scale = (np.abs(table).max(axis=1, keepdims=True) / _TOP).astype(np.float16).astype(np.float32)
    scale = np.maximum(scale, np.float32(np.finfo(np.float16).tiny))
    return scale, np.clip(np.rint(table / scale), -_TOP, _TOP).astype(np.int8)


def _shrink_words(model: Any) -> None:
    graph = model.graph
    table = next(t for t in graph.initializer if t.name.endswith(_WORDS))
    gather = next(node for node in graph.node if node.op_type == "Gather" and node.input[0] == table.name)
    scale, steps = _eight_bit(numpy_helper.to_array(table))
    place, output, ids = list(graph.node).index(gather), gather.output[0], gather.input[1]
    graph.initializer.remove(table)
    graph.node.remove(gather)
    graph.initializer.extend([
        numpy_helper.from_array(steps, "words"), numpy_helper.from_array(scale.astype(np.float16), "words_scale"),
    ])  # fmt: skip
    nodes = [
        helper.make_node("Gather", ["words", ids], ["words_steps"]),
        helper.make_node("Cast", ["words_steps"], ["words_plain"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["words_scale", ids], ["words_half"]),
        helper.make_node("Cast", ["words_half"], ["words_factor"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["words_plain", "words_factor"], [output]),
    ]
    for offset, node in enumerate(nodes):
        graph.node.insert(place + offset, node)


def _halve(model: Any, smallest: int = 10_000) -> None:
    """Store large matrices in half precision; a cast, done once at load, brings them back."""
    graph = model.graph
    for table in list(graph.initializer):
        if table.data_type != TensorProto.FLOAT or np.prod(table.dims) < smallest:
            continue
        half = numpy_helper.from_array(numpy_helper.to_array(table).astype(np.float16), table.name + "_half")
        graph.initializer.remove(table)
        graph.initializer.append(half)
        graph.node.insert(0, helper.make_node("Cast", [half.name], [table.name], to=TensorProto.FLOAT))


def write_json(path: Path, content: object) -> None:
    """Write readable JSON that ends with a line break."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
