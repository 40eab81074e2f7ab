"""The source-filter vocoder as an ONNX graph.

In: its parameters and state dict as numpy arrays. Out: a model that takes mel with log F0 and voicing (T, M + 2) and the
excitation (2, T·hop), and gives wave (T·hop,).
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np
import onnx

from sambert.torch.source_filter import KNEE, LOUDEST, norm_of
from sambert_build.graph import Graph
from sambert_build.layers import State

EPSILON = 1e-5  # torch's LayerNorm


def _dense(g: Graph, state: State, name: str, x: str) -> str:
    product = g.op("MatMul", x, g.weight(f"{name}.weight", state[f"{name}.weight"].T))
    return g.op("Add", product, g.weight(f"{name}.bias", state[f"{name}.bias"]))


def _norm(g: Graph, state: State, name: str, x: str) -> str:
    weights = (g.weight(f"{name}.{part}", state[f"{name}.{part}"]) for part in ("weight", "bias"))
    return g.op("LayerNormalization", x, *weights, axis=-1, epsilon=EPSILON)


def _conv(g: Graph, state: State, name: str, x: str, groups: int) -> str:
    """x (T, C) → (T, C'): over time, in two dimensions, where ONNX Runtime has its fast kernels."""
    kernel = state[f"{name}.weight"]
    weights = g.weight(f"{name}.weight", kernel[:, :, None]), g.weight(f"{name}.bias", state[f"{name}.bias"])
    reach = kernel.shape[2] // 2
    y = g.op("Conv", g.unsqueeze(g.op("Transpose", x, perm=[1, 0]), 0, 2), *weights, pads=[0, reach, 0, reach], group=groups)
    return g.op("Transpose", g.squeeze(y, 0, 2), perm=[1, 0])


def _gelu(g: Graph, x: str) -> str:
    """In the form that ONNX Runtime fuses into one kernel."""
    risen = g.op("Add", g.op("Erf", g.op("Div", x, g.number(2**0.5))), g.number(1.0))
    return g.op("Mul", g.op("Mul", x, risen), g.number(0.5))


def _block(g: Graph, state: State, name: str, x: str) -> str:
    y = _norm(g, state, f"{name}.norm", _conv(g, state, f"{name}.dw", x, len(state[f"{name}.norm.weight"])))
    y = _gelu(g, _dense(g, state, f"{name}.up", y))
    scaled = {f"{name}.down.weight": state[f"{name}.gamma"][:, None] * state[f"{name}.down.weight"],
              f"{name}.down.bias": state[f"{name}.gamma"] * state[f"{name}.down.bias"]}  # fmt: skip
    return g.op("Add", x, _dense(g, scaled, f"{name}.down", y))


def _basis(g: Graph, size: int) -> tuple[str, str]:
    """Real and imaginary rows of the transform, (bins, size) each, windowed: computed when the graph is opened, not stored."""
    bins = g.op("Range", g.scalar(0), g.scalar(size // 2 + 1), g.scalar(1))
    times = g.op("Range", g.scalar(0), g.scalar(size), g.scalar(1))
    turns = g.op("Mod", g.op("Mul", g.unsqueeze(bins, 1), g.unsqueeze(times, 0)), g.scalar(size))
    angles = g.op("Mul", g.cast(turns, onnx.TensorProto.FLOAT), g.number(2 * np.pi / size))
    window = g.weight("window", 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size))
    return g.op("Mul", g.op("Cos", angles), window), g.op("Neg", g.op("Mul", g.op("Sin", angles), window))


def _gains(g: Graph, state: State, params: dict[str, Any], mel: str) -> list[str]:
    """Log gain and phase for the pulses, log gain for the noise: (bins, T·hop/fine) each."""
    x = _norm(g, state, "first", _conv(g, state, "pre", mel, 1))
    for number in range(params["slow_blocks"]):
        x = _block(g, state, f"slow.{number}", x)
    x = g.reshape(_dense(g, state, "split", x), -1, params["width"])
    for number in range(params["fast_blocks"]):
        x = _block(g, state, f"fast.{number}", x)
    x = g.op("Transpose", _dense(g, state, "head", _norm(g, state, "norm", x)), perm=[1, 0])
    return g.ops("Split", 3, x, axis=0, num_outputs=3)


def source_filter_graph(params: dict[str, Any], state: State) -> onnx.ModelProto:
    """params: Model.Generator.params of the voice's voc/config.yaml, where kind is source_filter."""
    g = Graph("vocoder")
    size, fine = params["window"], params["fine_hop"]
    mel, excitation = g.input("mel", ["T", params["in_channels"] + 2]), g.input("harmonics", [2, "N"])
    pulse_gain, phase, noise_gain = _gains(g, state, params, mel)
    rows = g.unsqueeze(g.op("Concat", *_basis(g, size), axis=0), 1)  # (2·bins, 1, size): real rows, then imaginary ones
    margin = (size - fine) // 2
    spectra = g.op("Conv", g.unsqueeze(excitation, 1), rows, strides=[fine], pads=[margin, margin])  # (2, 2·bins, frames)
    pulses, noise = (g.squeeze(part, 0) for part in g.ops("Split", 2, spectra, axis=0, num_outputs=2))
    real, imaginary = g.ops("Split", 2, pulses, axis=0, num_outputs=2)
    loudest = g.number(LOUDEST)
    gain = g.op("Exp", g.op("Min", pulse_gain, loudest))
    cos, sin = (g.op("Mul", gain, g.op(kind, phase)) for kind in ("Cos", "Sin"))
    turned = g.op("Concat", g.op("Sub", g.op("Mul", cos, real), g.op("Mul", sin, imaginary)),
                  g.op("Add", g.op("Mul", cos, imaginary), g.op("Mul", sin, real)), axis=0)  # fmt: skip
    level = g.op("Exp", g.op("Min", noise_gain, loudest))
    filtered = g.op("Add", turned, g.op("Mul", noise, g.op("Concat", level, level, axis=0)))
    # The inverse transform: inner bins stand for their mirror images too; then the windows' overlap is divided out.
    twice = np.full((size // 2 + 1, 1), 2.0)
    twice[0] = twice[-1] = 1
    weight = np.tile(twice, (2, 1)) / size / norm_of(size, fine)
    inverse = g.op("Mul", rows, g.weight("inverse", weight[:, :, None]))
    wave = g.op("ConvTranspose", g.unsqueeze(filtered, 0), inverse, strides=[fine], pads=[margin, margin])
    g.output("wave", _limited(g, g.reshape(wave, -1)), ["N"])
    return g.model()


def _limited(g: Graph, wave: str) -> str:
    beyond = g.op("Relu", g.op("Sub", g.op("Abs", wave), g.number(KNEE)))
    room = g.number(1 - KNEE)
    bent = g.op("Mul", g.op("Tanh", g.op("Div", beyond, room)), room)
    return g.op("Sub", wave, g.op("Mul", g.op("Sign", wave), g.op("Sub", beyond, bent)))


def source_filter_context(params: dict[str, Any]) -> int:
    """Mel frames that one output sample depends on, to either side."""
    reach, split = params["kernel_size"] // 2, params["hop"] / params["fine_hop"]
    fine = params["fast_blocks"] * reach + params["window"] / 2 / params["fine_hop"]
    return ceil(reach * (1 + params["slow_blocks"]) + fine / split) + 1
