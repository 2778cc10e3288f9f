"""Before 8-bit products: even out the columns of what goes in, so that few large ones do not drown the rest.

A column that is large in the activations is divided by a factor and its row of weights multiplied by it; the product
stays the same. The factors come from a run over some texts. Method: Xiao et al. 2023, "SmoothQuant".
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper

_BALANCE: Final = 0.6
"""How much of the unevenness moves into the weights."""

_LEAST: Final = 1e-3
Feed = dict[str, NDArray[np.int64]]


def smooth(model: Any, feeds: Sequence[Feed], keep: Sequence[str]) -> None:
    """Even out the inputs of all products with constant weights whose name holds none of ``keep``, in place."""
    weights = {table.name: table for table in model.graph.initializer}
    products = [
        node for node in model.graph.node
        if node.op_type == "MatMul" and node.input[1] in weights and not any(part in node.name for part in keep)
    ]  # fmt: skip
    inputs = list(dict.fromkeys(node.input[0] for node in products))
    peaks = _peaks(model, inputs, feeds)
    for name in inputs:
        users = [node for node in products if node.input[0] == name]
        tables = [numpy_helper.to_array(weights[node.input[1]]) for node in users]
        rows = np.max([np.abs(table).max(axis=1) for table in tables], axis=0)
        factor = np.maximum(peaks[name], _LEAST) ** _BALANCE / np.maximum(rows, _LEAST) ** (1 - _BALANCE)
        factor = (factor / np.exp(np.log(factor).mean())).astype(np.float32)
        for node, table in zip(users, tables, strict=True):
            weights[node.input[1]].CopyFrom(numpy_helper.from_array(table * factor[:, None], node.input[1]))
        _divide(model, name, users, 1 / factor)


def _peaks(model: Any, names: Sequence[str], feeds: Sequence[Feed]) -> dict[str, Any]:
    """Largest absolute value of every column of some inner tensors over the feeds."""
    seen = onnx.ModelProto()
    seen.CopyFrom(model)
    seen.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    session = onnxruntime.InferenceSession(seen.SerializeToString(), providers=["CPUExecutionProvider"])
    peaks: dict[str, Any] = {}
    for feed in feeds:
        for name, value in zip(names, session.run(list(names), feed), strict=True):
            peak = np.abs(value).reshape(-1, value.shape[-1]).max(axis=0)
            peaks[name] = np.maximum(peaks[name], peak) if name in peaks else peak
    return peaks


def _divide(model: Any, name: str, users: Sequence[Any], factor: Any) -> None:
    constant, smoothed = f"{name}_evened_by", f"{name}_evened"
    model.graph.initializer.append(numpy_helper.from_array(factor.astype(np.float32), constant))
    first = min(list(model.graph.node).index(node) for node in users)
    model.graph.node.insert(first, helper.make_node("Mul", [name, constant], [smoothed], name=smoothed))
    for node in users:
        node.input[0] = smoothed
