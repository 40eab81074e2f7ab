"""The published Kokoro graph, made to tell what a student needs. In: int8 ONNX as published. Out: float32 ONNX with five outputs.

The published graph gives only samples, and quantises every activation on the fly, which costs as much time as it saves. The
weights stay what int8 made of them; the arithmetic between them becomes float32, and what passes inside becomes visible.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

# What becomes an output besides "audio": frames of 25 ms a token before and after rounding, F0 in Hz and energy by 12.5 ms.
OUTPUTS = {"frames": "/encoder/Clip_output_0", "raw_frames": "/encoder/Div_output_0",
           "f0": "/encoder/F0_proj/Conv_output_0", "energy": "/encoder/N_proj/Conv_output_0"}  # fmt: skip


def edited(model: onnx.ModelProto) -> onnx.ModelProto:
    """``model`` itself, rewritten."""
    graph = _Graph(model.graph)
    for node in list(model.graph.node):
        match node.op_type:
            case "MatMulInteger" | "ConvInteger":
                graph.replace_product(node)
            case "DynamicQuantizeLSTM":
                graph.replace_lstm(node)
    for name, inside in OUTPUTS.items():
        graph.nodes.append(helper.make_node("Identity", [inside], [name]))
        model.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    graph.finish([output.name for output in model.graph.output])
    return model


def write(published: Path, out: Path) -> None:
    onnx.save(edited(onnx.load(published)), out)


class _Graph:
    """An ONNX graph under change: who makes and who reads each value, and the constants."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self.graph = graph
        self.nodes = list(graph.node)
        self.constants = {one.name: one for one in graph.initializer}
        self.maker = {output: node for node in graph.node for output in node.output}
        self.readers: dict[str, list[onnx.NodeProto]] = {}
        for node in graph.node:
            for value in node.input:
                self.readers.setdefault(value, []).append(node)

    def array(self, name: str) -> np.ndarray:
        return numpy_helper.to_array(self.constants[name])

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name)
        return name

    def replace_product(self, node: onnx.NodeProto) -> None:
        """Quantise → integer product → (+ quantised bias) → cast → × scale becomes one float32 product."""
        quantise = self.maker[node.input[0]]
        zero = self.array(node.input[3]) if len(node.input) > 3 and node.input[3] else np.zeros((), np.int32)
        last, scales, bias = self._tail(node)
        if len(zero.shape) == 1 and len(zero) > 1 and node.op_type == "ConvInteger":
            zero = zero.reshape(-1, 1, 1)
        weight = self.array(node.input[1]).astype(np.float32) - zero.astype(np.float32)
        scale = self.array(next(one for one in scales.input if one in self.constants))
        if scale.size > 1 and node.op_type == "ConvInteger":
            scale = scale.reshape(-1, 1, 1)
        weight = self.constant(f"{node.input[1]}:float", weight * scale)
        inputs = [quantise.input[0], weight, *([bias] if bias else [])]
        made = helper.make_node(node.op_type.removesuffix("Integer"), inputs, [last.output[0]], f"{node.name}:float")
        made.attribute.extend(node.attribute)
        self._swap(last, made)

    def _tail(self, node: onnx.NodeProto) -> tuple[onnx.NodeProto, onnx.NodeProto, str | None]:
        """The node that ends the integer stretch, the product of the two scales, and the name of the float bias."""
        at, bias = node, None
        while True:
            at = self.readers[at.output[0]][0]
            if at.op_type == "Add":
                reshape = self.maker[at.input[1]]
                cast = self.maker[reshape.input[0]]
                bias = self.maker[self.maker[cast.input[0]].input[0]].input[0]
            elif at.op_type == "Mul":
                return at, self.maker[at.input[1]], bias

    def replace_lstm(self, node: onnx.NodeProto) -> None:
        """Weights lie as (directions, inputs, 4 · hidden) in the quantised operator, transposed in the standard one."""
        names = list(node.input)
        plain = []
        for which, scale, zero in ((1, 8, 9), (2, 10, 11)):
            values = self.array(names[which]).astype(np.float32)
            scales, zeros = (self.array(names[one]).astype(np.float32) for one in (scale, zero))
            if scales.ndim == 1 and values.ndim == 3 and scales.size > 1:
                scales, zeros = scales.reshape(len(values), 1, -1), zeros.reshape(len(values), 1, -1)
            plain.append(self.constant(f"{names[which]}:float", ((values - zeros) * scales).transpose(0, 2, 1)))
        made = helper.make_node("LSTM", [names[0], *plain, *names[3:8]], list(node.output), f"{node.name}:float")
        made.attribute.extend(node.attribute)
        self._swap(node, made)

    def _swap(self, old: onnx.NodeProto, new: onnx.NodeProto) -> None:
        at = next(index for index, node in enumerate(self.nodes) if node is old)
        self.nodes[at] = new

    def finish(self, outputs: Iterable[str]) -> None:
        """Keep only what the outputs need. Each replacement stands where the last node of its stretch stood, so order holds."""
        needed, kept = set(outputs), []
        for node in reversed(self.nodes):
            if needed & set(node.output):
                needed.update(node.input)
                kept.append(node)
        del self.graph.node[:], self.graph.initializer[:], self.graph.value_info[:]
        self.graph.node.extend(reversed(kept))
        self.graph.initializer.extend(one for name, one in self.constants.items() if name in needed)

