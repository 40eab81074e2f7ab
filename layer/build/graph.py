"""A small language for writing ONNX graphs by hand.

In: operator calls on value names (strings). Out: a checked ``onnx.ModelProto``. Written by hand rather than traced, the
graphs hold exactly what run time needs, keep checkpoint names on their weights, and survive every change of exporter.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
IR_VERSION = 9  # readable by every ONNX Runtime since 1.16
FLOAT, INT64, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL
MICROSOFT = "com.microsoft"  # the domain of ONNX Runtime's own operators


class Graph:
    """Nodes, weights, inputs and outputs under construction. A body (of a Loop) shares names and weights with its parent."""

    def __init__(self, name: str, parent: Graph | None = None) -> None:
        self.name = name
        self._nodes: list[onnx.NodeProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._weights: dict[str, onnx.TensorProto] = parent._weights if parent else {}
        self._numbers = parent._numbers if parent else itertools.count()

    def input(self, name: str, shape: Sequence[int | str], kind: int = FLOAT) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, kind, list(shape)))
        return name

    def output(self, name: str, value: str, shape: Sequence[int | str] | None, kind: int = FLOAT) -> None:
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, kind, None if shape is None else list(shape)))

    def weight(self, name: str, value: np.ndarray) -> str:
        """A named constant, float32 unless it is of integers."""
        value = np.asarray(value)
        if value.dtype.kind == "f":
            value = value.astype(np.float32)
        if name not in self._weights:
            self._weights[name] = numpy_helper.from_array(np.asarray(value, order="C"), name)
        return name

    def ints(self, *values: int) -> str:
        """A 1-D int64 constant."""
        return self.weight("i_" + "_".join(map(str, values)), np.asarray(values, np.int64))

    def number(self, value: float) -> str:
        """A scalar float constant."""
        return self.weight(f"f_{value!r}", np.asarray(value, np.float32))

    def scalar(self, value: int) -> str:
        """A scalar int64 constant."""
        return self.weight(f"s_{value}", np.asarray(value, np.int64))

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node of one output and return the output's name."""
        return self.ops(kind, 1, *inputs, **attributes)[0]

    def ops(self, kind: str, count: int, *inputs: str, **attributes: Any) -> list[str]:
        """Add a node of several outputs."""
        outputs = [f"{kind.lower()}_{next(self._numbers)}" for _ in range(count)]
        self._nodes.append(helper.make_node(kind, list(inputs), outputs, **attributes))
        return outputs

    def cast(self, value: str, kind: int) -> str:
        return self.op("Cast", value, to=kind)

    def reshape(self, value: str, *shape: int) -> str:
        return self.op("Reshape", value, self.ints(*shape))

    def squeeze(self, value: str, *axes: int) -> str:
        return self.op("Squeeze", value, self.ints(*axes))

    def unsqueeze(self, value: str, *axes: int) -> str:
        return self.op("Unsqueeze", value, self.ints(*axes))

    def slice(self, value: str, begin: str, end: str, axis: int = 0, step: int = 1) -> str:
        """begin, end: names of 1-D int64 values of length 1."""
        return self.op("Slice", value, begin, end, self.ints(axis), self.ints(step))

    def loop(self, trips: str, body: Graph, carried: Sequence[str], scanned: int) -> list[str]:
        """Run body ``trips`` times (a scalar int64). Returns the last carried values, then the stacked scans."""
        return self.ops("Loop", len(carried) + scanned, trips, "", *carried, body=body._graph(with_weights=False))

    def _graph(self, *, with_weights: bool) -> onnx.GraphProto:
        weights = list(self._weights.values()) if with_weights else []
        return helper.make_graph(self._nodes, self.name, self._inputs, self._outputs, weights)

    def model(self) -> onnx.ModelProto:
        """The finished model, checked."""
        model = helper.make_model(
            self._graph(with_weights=True),
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
            ir_version=IR_VERSION,
            producer_name="sambert-lambda",
        )
        onnx.checker.check_model(model)
        return model
