"""Weights in fewer bits, arithmetic in 32. In: a model. Out: the same model, its large float32 weights stored as float16, or
those of matrix products as 8-bit integers with a scale a column.

A Cast stands before each such weight; ONNX Runtime folds it once at load. It halves the pack at the price of rounding each
weight to 11 bits.
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


def eighth(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store the right-hand matrices of the products in 8 bits; change the model in place and return it."""
    graph, opened = model.graph, []
    right = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    for weight in [each for each in graph.initializer if each.name in right and int(np.prod(each.dims)) >= LARGE]:
        name, matrix = weight.name, numpy_helper.to_array(weight)
        scale = np.abs(matrix).max(0).clip(1e-12) / 127
        weight.CopyFrom(numpy_helper.from_array(np.rint(matrix / scale).astype(np.int8), f"{name}.eighth"))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"))
        opened.append(helper.make_node("Cast", [f"{name}.eighth"], [f"{name}.whole"], to=TensorProto.FLOAT))
        opened.append(helper.make_node("Mul", [f"{name}.whole", f"{name}.scale"], [name]))
    nodes = [*opened, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model
