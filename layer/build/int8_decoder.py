"""The decoder's weights in 8 bits. In: the ``mel`` graph. Out: the same graph with smaller products in the decoder's loop.

A decoder step multiplies one vector with every weight, so it takes as long as the weights take to be read: a quarter of
the bytes is a quarter of the time. Blocks of 32 weights share a scale. Durations are left as they are.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

from sambert_build.graph import MICROSOFT

BLOCK = 32
SMALL = 1 << 14  # weights: below, nothing is to be gained
INT8_ARITHMETIC = 4  # accuracy_level of MatMulNBits: activations, too, are rounded to 8 bits, block by block


def blocks(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, K) → bytes (N, K / 32, 32) around 128 and scales (N · K / 32,), as MatMulNBits wants them."""
    parts = weight.reshape(len(weight), -1, BLOCK)
    scales = np.maximum(np.abs(parts).max(axis=2), 1e-12) / 127
    return (np.round(parts / scales[..., None]) + 128).astype(np.uint8), scales.reshape(-1).astype(np.float32)


def shrink_decoder(model: onnx.ModelProto) -> onnx.ModelProto:
    """Change the model in place and return it; a voice whose decoder has no loop comes back as it was."""
    graph = model.graph
    weights = {weight.name: weight for weight in graph.initializer}
    bodies = [each.g for node in graph.node if node.op_type == "Loop" for each in node.attribute if each.name == "body"]
    for node in (node for body in bodies if body.name == "decoder" for node in body.node):
        if node.op_type == "Gemm" and node.input[1] in weights:
            weight = numpy_helper.to_array(weights[node.input[1]])
            if weight.size >= SMALL and weight.shape[1] % BLOCK == 0:
                node.CopyFrom(_packed(graph, node, weight))
    used = {name for node in [*graph.node, *(node for body in bodies for node in body.node)] for name in node.input}
    kept = [weight for weight in graph.initializer if weight.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    return model


def _packed(graph: onnx.GraphProto, node: onnx.NodeProto, weight: np.ndarray) -> onnx.NodeProto:
    packed, scales = blocks(weight)
    names = [f"{node.input[1]}.int8", f"{node.input[1]}.scales"]
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in zip(names, (packed, scales), strict=True))
    sizes = {"K": weight.shape[1], "N": weight.shape[0], "bits": 8, "block_size": BLOCK, "accuracy_level": INT8_ARITHMETIC}
    inputs = [node.input[0], *names, "", "", node.input[2]]
    return helper.make_node("MatMulNBits", inputs, list(node.output), node.name, domain=MICROSOFT, **sizes)
