"""The served graph: what onnxruntime computes, without weights; ``bot.screening.weights`` makes these at start.

Products in 8 bits with smoothing before them, attention in one operation, and in the last layer only the first place
asks, because nothing reads the others.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from bot.screening.weights import attention_parts
from bot.training.names import CLASSES, MAX_LENGTH

HEADS: Final = 12
_OPSET: Final = 18
_OWN: Final = "com.microsoft"
_FORMAT: Final = 9
_EPSILON: Final = 1e-12
_KINDS: Final = {"float": TensorProto.FLOAT, "half": TensorProto.FLOAT16, "int8": TensorProto.INT8}


class Graph:
    """Collects operations and the names, kinds and shapes of the weights that they will get."""

    def __init__(self, width: int, wide: int, words: int, layers: int) -> None:
        self._width, self._wide, self._words, self._layers = width, wide, words, layers
        self._nodes: list[Any] = []
        self._weights: list[Any] = []

    def write(self, path: Path) -> None:
        """Build the graph and write it."""
        x = self._read_words()
        for number in range(self._layers):
            x = self._layer(number, x)
        self._judge(x)
        names = ("input_ids", "attention_mask")
        given = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "pieces"]) for name in names]
        result = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(CLASSES)])
        graph = helper.make_graph(self._nodes, "klaswacht", given, [result], self._weights)
        sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_OWN, 1)]
        onnx.save(helper.make_model(graph, opset_imports=sets, ir_version=_FORMAT), str(path))

    def _read_words(self) -> str:
        for name, value in (("first", 0), ("second", 1)):
            self._weights.append(numpy_helper.from_array(np.array([value], np.int64), name))
        words = self._weight("words", (self._words, self._width), "int8")
        scale = self._weight("words_scale", (self._words, 1), "half")
        steps = self._do("Cast", [self._do("Gather", [words, "input_ids"], "word_steps")], "word_plain", to=1)
        factor = self._do("Cast", [self._do("Gather", [scale, "input_ids"], "word_half")], "word_factor", to=1)
        length = self._do("Shape", ["input_ids"], "length", start=1, end=2)
        places = self._weight("positions", (1, MAX_LENGTH, self._width))
        places = self._do("Slice", [places, "first", length, "second"], "places")
        whole = self._do("Add", [self._do("Mul", [steps, factor], "word"), places], "placed")
        self._do("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        return self._norm(whole, "embeddings.LayerNorm")

    def _layer(self, number: int, x: str) -> str:
        at, name = f"encoder.layer.{number}", f"layer.{number}"
        last = number == self._layers - 1
        asks = self._do("Slice", [x, "first", "second", "second"], f"{name}.first") if last else x
        parts = attention_parts(number, self._layers)
        products = [
            self._product(part, asks if names == ("query",) else x, self._width, len(names) * self._width)
            for part, names in parts
        ]
        split = [f"{name}.{part}" for part in ("key", "value")]
        if last:
            query = products[0]
        else:
            query = f"{name}.query"
            split.insert(0, query)
        self._nodes.append(helper.make_node("Split", [products[-1]], split, axis=-1, num_outputs=len(split)))
        seen = self._do("MultiHeadAttention", [query, *split[-2:], "", "mask"], f"{name}.seen", _OWN, num_heads=HEADS)
        seen = self._product(f"{name}.attention", seen, self._width, self._width, smooth=False)
        x = self._norm(self._do("Add", [seen, asks], f"{name}.added"), f"{at}.attention.output.LayerNorm")
        thought = self._do("Gelu", [self._product(f"{name}.wide", x, self._width, self._wide)], f"{name}.gelu", _OWN)
        thought = self._product(f"{name}.narrow", thought, self._wide, self._width)
        return self._norm(self._do("Add", [thought, x], f"{name}.result"), f"{at}.output.LayerNorm")

    def _judge(self, x: str) -> None:
        whole = self._do("Squeeze", [x, "second"], "whole")
        for name, rows in (("pooler", self._width), ("classifier", len(CLASSES))):
            table, bias = self._weight(f"{name}.weight", (rows, self._width)), self._weight(f"{name}.bias", (rows,))
            end = "logits" if name == "classifier" else "pooled"
            whole = self._do("Gemm", [whole, table, bias], end, transB=1)
            whole = self._do("Tanh", [whole], "bent") if name == "pooler" else whole

    def _product(self, name: str, x: str, rows: int, columns: int, *, smooth: bool = True) -> str:
        if smooth:
            x = self._do("Mul", [x, self._weight(f"{name}.smooth", (rows,))], f"{name}.smoothed")
        steps = self._weight(f"{name}.steps", (rows, columns), "int8")
        scale, bias = (self._weight(f"{name}.{part}", (columns,)) for part in ("scale", "bias"))
        return self._do("DynamicQuantizeMatMul", [x, steps, scale, "", bias], f"{name}.product", _OWN)

    def _norm(self, x: str, name: str) -> str:
        parts = [self._weight(f"{name}.{part}", (self._width,)) for part in ("weight", "bias")]
        return self._do("LayerNormalization", [x, *parts], f"{name}.normal", axis=-1, epsilon=_EPSILON)

    def _do(self, kind: str, given: Sequence[str], name: str, domain: str = "", **how: Any) -> str:
        self._nodes.append(helper.make_node(kind, given, [name], domain=domain, **how))
        return name

    def _weight(self, name: str, shape: Sequence[int], kind: str = "float") -> str:
        table = TensorProto(name=name, dims=shape, data_type=_KINDS[kind], data_location=TensorProto.EXTERNAL)
        table.external_data.add(key="location", value="given at start")
        self._weights.append(table)
        return name
