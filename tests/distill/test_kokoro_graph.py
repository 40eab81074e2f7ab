"""An edited graph says what the quantised one did, in float32, and tells what passes inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info
from onnxruntime.quantization import QuantType, quantize_dynamic

from sambert_distill.teachers import kokoro_graph

WEIGHTS = {"kernel": (6, 4, 3), "bias": (6,), "w": (2, 20, 6), "r": (2, 20, 5), "matrix": (6, 3)}


def small_model() -> onnx.ModelProto:
    """Convolution with bias, LSTM and product, with values inside named as Kokoro's are."""
    inside, chance = kokoro_graph.OUTPUTS, np.random.default_rng(0)
    nodes = [
        make_node("Conv", ["x", "kernel", "bias"], ["conv"], "conv", pads=[1, 1]),
        make_node("Transpose", ["conv"], ["t"], perm=[2, 0, 1]),
        make_node("LSTM", ["t", "w", "r"], [inside["f0"]], "lstm", hidden_size=5, direction="bidirectional"),
        make_node("MatMul", ["t", "matrix"], [inside["frames"]], "product"),
        make_node("Abs", [inside["frames"]], [inside["raw_frames"]]),
        make_node("Neg", ["conv"], [inside["energy"]]),
        make_node("Relu", [inside["f0"]], ["audio"]),
    ]
    given, audio = make_tensor_value_info("x", 1, [1, 4, "T"]), make_tensor_value_info("audio", 1, None)
    weights = [onnx.numpy_helper.from_array(chance.normal(0, 0.5, shape).astype(np.float32), name)
               for name, shape in WEIGHTS.items()]  # fmt: skip
    graph = make_graph(nodes, "small", [given], [audio], weights)
    return make_model(graph, opset_imports=[make_opsetid("", 17)], ir_version=9)


def run(graph: Path, outputs: list[str], x: np.ndarray) -> list[np.ndarray]:
    return onnxruntime.InferenceSession(graph).run(outputs, {"x": x})


def test_an_edited_graph_says_what_the_quantised_one_did(tmp_path: Path) -> None:
    plain, quantised, edited = (tmp_path / f"{name}.onnx" for name in ("plain", "quantised", "edited"))
    onnx.save(small_model(), plain)
    quantize_dynamic(plain, quantised, op_types_to_quantize=["Conv", "LSTM", "MatMul"], weight_type=QuantType.QUInt8)
    integer = {"ConvInteger", "MatMulInteger", "DynamicQuantizeLSTM", "DynamicQuantizeLinear"}
    assert integer <= {node.op_type for node in onnx.load(quantised).graph.node}
    kokoro_graph.write(quantised, edited)
    assert not integer & {node.op_type for node in onnx.load(edited).graph.node}
    x = np.random.default_rng(1).normal(size=(1, 4, 30)).astype(np.float32)
    np.testing.assert_allclose(run(edited, ["audio"], x)[0], run(plain, ["audio"], x)[0], atol=0.03)
    told = run(edited, list(kokoro_graph.OUTPUTS), x)
    assert [part.shape for part in told] == [(30, 1, 3), (30, 1, 3), (30, 2, 1, 5), (1, 6, 30)]
