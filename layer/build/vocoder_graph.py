"""The HiFi-GAN generator as an ONNX graph.

In: the generator's parameters and its state dict (weight norm folded) as numpy arrays. Out: a model that takes
mel (T, M) and, for NSF voices, harmonics (H, T·hop), and gives wave (T·hop,).
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import onnx

from sambert_build.graph import Graph
from sambert_build.layers import State

POST_SLOPE = 0.01  # torch's default, which KAN-TTS uses before its last convolution


def _conv(
    g: Graph, state: State, name: str, x: str, *, causal: bool, dilation: int = 1, stride: int = 1, pad: int | None = None
) -> str:
    weight = state[f"{name}.conv1d.weight"]
    reach = (weight.shape[2] - 1) * dilation
    pads = [reach, 0] if causal else [reach // 2 if pad is None else pad] * 2
    inputs = [g.weight(f"{name}.conv1d.{part}", state[f"{name}.conv1d.{part}"]) for part in ("weight", "bias")]
    return g.op("Conv", x, *inputs, pads=pads, dilations=[dilation], strides=[stride])


def _deconv(g: Graph, state: State, name: str, x: str, stride: int, *, causal: bool) -> str:
    weight = state[f"{name}.deconv.weight"]
    spare = weight.shape[2] - stride
    inputs = [g.weight(f"{name}.deconv.{part}", state[f"{name}.deconv.{part}"]) for part in ("weight", "bias")]
    pads = [0, spare] if causal else [spare // 2] * 2
    return g.op("ConvTranspose", x, *inputs, strides=[stride], pads=pads)


def _residual(g: Graph, state: State, name: str, x: str, dilations: list[int], slope: float, *, causal: bool) -> str:
    for number, dilation in enumerate(dilations):
        y = g.op("LeakyRelu", x, alpha=slope)
        y = _conv(g, state, f"{name}.convs1.{number}", y, causal=causal, dilation=dilation)
        y = _conv(g, state, f"{name}.convs2.{number}", g.op("LeakyRelu", y, alpha=slope), causal=causal)
        x = g.op("Add", x, y)
    return x


def vocoder_graph(params: dict[str, Any], state: State) -> onnx.ModelProto:
    """params: Model.Generator.params of the voice's voc/config.yaml."""
    g = Graph("vocoder")
    causal, scales = bool(params.get("causal", True)), list(params["upsample_scales"])
    slope = params.get("nonlinear_activation_params", {}).get("negative_slope", 0.1)
    dilations, kinds = params["resblock_dilations"], len(params["resblock_kernel_sizes"])
    mel = g.input("mel", ["T", params["in_channels"]])
    source = None
    if params.get("nsf_params") is not None:
        harmonics = g.input("harmonics", [params["nsf_params"]["nb_harmonics"] + 1, "N"])
        mix = [g.weight(f"source_module.ffn.0.{part}", state[f"source_module.ffn.0.{part}"]) for part in ("weight", "bias")]
        source = g.op("Tanh", g.op("Conv", g.unsqueeze(harmonics, 0), *mix))
    x = g.unsqueeze(g.op("Transpose", mel, perm=[1, 0]), 0)
    x = _conv(g, state, "conv_pre", x, causal=causal)
    for stage, scale in enumerate(scales):
        x = g.op("Add", g.op("Sin", x), x)
        sharp = g.op("LeakyRelu", x, alpha=slope)
        up = _deconv(g, state, f"transpose_upsamples.{stage}.1", sharp, scale, causal=causal)
        if params.get("repeat_upsample", True):
            factor = g.weight(f"repeat_{scale}", np.asarray([1, 1, scale], np.float32))
            modes = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
            repeated = g.op("Resize", sharp, "", factor, **modes)
            repeated = _conv(g, state, f"repeat_upsamples.{stage}.2", repeated, causal=causal)
            length = g.op("Shape", repeated, start=2, end=3)
            up = g.op("Add", repeated, g.slice(up, g.ints(0), length, axis=2))
        if source is not None:
            rate, down = prod(scales[stage + 1 :]), f"source_downs.{stage}"
            shape = {"causal": False} if rate == 1 else {"causal": causal, "stride": rate, "pad": rate // 2}
            up = g.op("Add", up, _conv(g, state, down, source, **shape))
        blocks = [
            _residual(g, state, f"conv_blocks.{stage * kinds + kind}", up, dilations[kind], slope, causal=causal)
            for kind in range(kinds)
        ]
        x = g.op("Mul", g.op("Sum", *blocks), g.number(1.0 / kinds))
    x = _conv(g, state, "conv_post", g.op("LeakyRelu", x, alpha=POST_SLOPE), causal=causal)
    g.output("wave", g.reshape(g.op("Tanh", x), -1), ["N"])
    return g.model()

