"""Matrix products with 8-bit weights in blocks: the ``MatMulNBits`` operation of onnxruntime.

Each block of 64 weights has its own scale, and at work each block of activations too (accuracy level 4), so one
large value spoils only its own block. That keeps decisions the same where one scale for a whole tensor does not.
Smaller blocks are truer and slower.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from onnx import helper, numpy_helper

BLOCK: Final = 64
_LEVEL: Final = 4
_TOP: Final = 127
_MIDDLE: Final = 128
_DOMAIN: Final = "com.microsoft"


def pack_products(model: Any, keep: Sequence[str] = ("classifier", "pooler")) -> None:
    """Exchange all products with constant weights, save those whose name holds one of ``keep``, in place."""
    graph = model.graph
    tables = {table.name: table for table in graph.initializer}
    for place, node in enumerate(list(graph.node)):
        if node.op_type != "MatMul" or node.input[1] not in tables or any(part in node.name for part in keep):
            continue
        table = tables[node.input[1]]
        steps, scale = packed(numpy_helper.to_array(table))
        graph.initializer.remove(table)
        names = [f"{table.name}_steps", f"{table.name}_scale"]
        graph.initializer.extend(map(numpy_helper.from_array, (steps, scale), names))
        rows, columns = table.dims
        graph.node.remove(node)
        graph.node.insert(place, helper.make_node(
            "MatMulNBits", [node.input[0], *names], list(node.output), name=node.name, domain=_DOMAIN,
            K=rows, N=columns, bits=8, block_size=BLOCK, accuracy_level=_LEVEL,
        ))  # fmt: skip
    model.opset_import.append(helper.make_opsetid(_DOMAIN, 1))


def packed(table: Any) -> tuple[Any, Any]:
    """Give the 8-bit steps (columns, blocks, block) around 128 and the scale of every block."""
    blocks = table.T.reshape(table.shape[1], -1, BLOCK)
    scale = np.maximum(np.abs(blocks).max(axis=2) / _TOP, np.finfo(np.float32).tiny).astype(np.float32)
    steps = np.clip(np.rint(blocks / scale[:, :, None]), -_TOP, _TOP) + _MIDDLE
    return steps.astype(np.uint8), scale
