"""Weights in 16 bits. In: a model. Out: the same model, its large float32 weights stored as float16.

A Cast stands before each such weight; ONNX Runtime folds it once at load, so the arithmetic stays float32. It halves the
pack at the price of rounding each weight to 11 bits.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LARGE = 256  # elements: below, nothing is to be gained


def halve(model: onnx.ModelProto) -> onnx.ModelProto:
    """Change the model in place and return it."""
    graph, casts = model.graph, []
    for index, weight in enumerate(graph.initializer):
        if weight.data_type != TensorProto.FLOAT or int(np.prod(weight.dims)) < LARGE:
            continue
        name, stored = weight.name, f"{weight.name}.half"
        graph.initializer[index].CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), stored))
        casts.append(helper.make_node("Cast", [stored], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model
