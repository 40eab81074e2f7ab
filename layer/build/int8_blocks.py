"""A vocoder stage in 8 bits: its upsampling and its resblocks. In: a signal (1, 1, T, C) in fp32. Out: the next, in fp32.

Channels lie innermost, as ONNX Runtime's 8-bit convolutions want them. Given the standard operators, which have channels before
time, it puts transpositions around every convolution and rounds each signal twice: an eighth of the vocoder's time.

Only factors of products are rounded. What a stage adds up stays in fp32, or roundings would pile up.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import onnx
import onnxruntime
from onnx import helper

from sambert_build.graph import MICROSOFT, Graph
from sambert_build.layers import State

Range = tuple[float, float]
Limits = dict[str, tuple[Range, Range]]
TOP, MOST = 255, 127  # signals are bytes, weights are -127 to 127
# What a convolution gives is cut at so much of its extremes: they are rare, and all else is rounded the finer (wave 0.4 dB and
# log mel 0.07 dB nearer to fp32). What it is given is not: there it costs more than it brings.
HEARD = 0.9


def measured(model: onnx.ModelProto, inputs: Iterable[dict[str, np.ndarray]]) -> Limits:
    """Least and greatest value of what each convolution of a plain vocoder graph is given and of what it gives, by its name."""
    convs = [node for node in model.graph.node if node.op_type in ("Conv", "ConvTranspose")]
    values = list(dict.fromkeys(name for node in convs for name in (node.input[0], node.output[0])))
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    ends = [(value, kind, f"{value}.{kind}") for value in values for kind in ("ReduceMin", "ReduceMax")]
    for value, kind, name in ends:
        watched.graph.node.append(helper.make_node(kind, [value], [name], keepdims=0))
        watched.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, []))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(watched.SerializeToString(), options, providers=["CPUExecutionProvider"])
    seen = np.asarray([session.run([name for _, _, name in ends], each) for each in inputs])
    limits = dict(zip(values, zip(seen[:, ::2].min(axis=0), seen[:, 1::2].max(axis=0), strict=True), strict=True))
    return {node.input[1].removesuffix(".weight"): (limits[node.input[0]], limits[node.output[0]]) for node in convs}


class _Bytes:
    """How numbers within some limits are bytes: (byte - zero) · step."""

    def __init__(self, g: Graph, low: float, high: float) -> None:
        low, high = min(float(low), 0.0), max(float(high), 0.0)
        self.step = max(high - low, 1e-12) / TOP
        zero = round(-low / self.step)
        # Named by value: a signal that several convolutions are given is then rounded once.
        self.names = g.number(self.step), g.weight(f"byte_{zero}", np.asarray(zero, np.uint8))


def rounded(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A kernel (C', …) as whole numbers and the step (C',) of each output channel."""
    steps = np.maximum(np.abs(kernel).reshape(len(kernel), -1).max(axis=1), 1e-12) / MOST
    return np.rint(kernel / steps.reshape(-1, *[1] * (kernel.ndim - 1))).astype(np.int8), steps


def by_phases(kernel: np.ndarray, scale: int, left: int) -> tuple[np.ndarray, tuple[int, int]]:
    """A transposed convolution (C, C', K) that drops ``left`` values, as a plain one that gives all ``scale`` values of an input
    value beside each other: its kernel (scale · C', J, C) and the zeros it wants before and behind.

    Value scale · t + p of the output meets input t + j in tap p + left - scale · j.
    """
    channels, rooms, size = kernel.shape
    first, last = -((size - 1 - left) // scale), (scale - 1 + left) // scale
    taps = np.arange(scale)[:, None] + left - scale * np.arange(first, last + 1)  # (scale, J)
    there = (taps >= 0) & (taps < size)
    spread = np.where(there, kernel[:, :, np.clip(taps, 0, size - 1)], 0)  # (C, C', scale, J)
    return spread.transpose(2, 1, 3, 0).reshape(scale * rooms, -1, channels), (-first, last)


class Int8Blocks:
    """What a stage is made of, as ``vocoder_graph.Blocks`` has it. Signals are (1, 1, T, C)."""

    time = 2  # the axis

    def __init__(self, g: Graph, state: State, slope: float, limits: Limits, *, causal: bool) -> None:
        self._g, self._state, self._slope, self._limits, self._causal = g, state, slope, limits, causal

    def upsample(self, name: str, x: str, kernel: np.ndarray, bias: np.ndarray, scale: int, left: int) -> str:
        """The signal in 16 bits, as a byte and the byte of what that leaves: everything that follows is added to this one."""
        g, spread = self._g, by_phases(kernel, scale, left)
        coarse = _Bytes(g, *self._limits[name][0])
        fine = _Bytes(g, -coarse.step / 2, coarse.step / 2)
        rough = self._round(x, coarse)
        rest = self._round(g.op("Sub", x, self._number(rough, coarse)), fine)
        offset = g.weight(f"{name}.bias", np.tile(bias, scale))
        y = g.op("Add", self._product(name, rough, coarse, *spread, offset), self._product(name, rest, fine, *spread))
        return g.reshape(y, 1, 1, -1, kernel.shape[1])

    def residual(self, name: str, x: str, dilations: list[int]) -> str:
        g = self._g
        for number, dilation in enumerate(dilations):
            first, second = (f"{name}.convs{each}.{number}.conv1d" for each in (1, 2))
            given, gives = self._ends(first)
            taken, returned = self._ends(second)
            y = self._round(g.op("LeakyRelu", x, alpha=self._slope), given)
            y = self._conv(first, y, given, gives, dilation)
            y = g.op("QLinearLeakyRelu", y, *gives.names, *taken.names, domain=MICROSOFT, alpha=self._slope)
            x = g.op("Add", x, self._number(self._conv(second, y, taken, returned, 1), returned))
        return x

    def _ends(self, name: str) -> tuple[_Bytes, _Bytes]:
        given, (low, high) = self._limits[name]
        return _Bytes(self._g, *given), _Bytes(self._g, low * HEARD, high * HEARD)

    def _round(self, x: str, kind: _Bytes) -> str:
        return self._g.op("QuantizeLinear", x, *kind.names)

    def _number(self, x: str, kind: _Bytes) -> str:
        return self._g.op("DequantizeLinear", x, *kind.names)

    def _product(self, name: str, x: str, kind: _Bytes, kernel: np.ndarray, pads: tuple[int, int], *bias: str) -> str:
        """Bytes (1, 1, T, C) and a kernel (C', J, C) → fp32 (T, C')."""
        g, (rooms, reach, channels) = self._g, kernel.shape
        step, zero = kind.names
        padded = g.op("Pad", g.reshape(x, -1, channels), g.ints(pads[0], 0, pads[1], 0), zero)
        length = g.op("Shape", x, start=self.time, end=self.time + 1)
        taps = g.op("Concat", *(g.slice(padded, g.ints(at), g.op("Add", length, g.ints(at))) for at in range(reach)), axis=1)
        whole, steps = rounded(kernel.reshape(rooms, -1))
        weight = [g.weight(f"{name}.weight", whole.T), step, g.weight(f"{name}.steps", steps)]
        return g.op("MatMulIntegerToFloat", taps, *weight, zero, "", *bias, domain=MICROSOFT)

    def _conv(self, name: str, x: str, given: _Bytes, gives: _Bytes, dilation: int) -> str:
        """Bytes (1, 1, T, C) → bytes (1, 1, T, C)."""
        g, kernel = self._g, self._state[f"{name}.weight"]
        reach = (kernel.shape[2] - 1) * dilation
        left, right = (reach, 0) if self._causal else (reach // 2, reach // 2)
        whole, steps = rounded(kernel[:, :, None])
        none = g.weight("weight_zero", np.asarray(0, np.int8))
        weight = [g.weight(f"{name}.weight", whole), g.weight(f"{name}.steps", steps), none]
        bias = np.rint(self._state[f"{name}.bias"] / (steps * given.step)).astype(np.int32)
        inputs = [x, *given.names, *weight, *gives.names, g.weight(f"{name}.bias", bias)]
        shape = {"kernel_shape": [1, kernel.shape[2]], "dilations": [1, dilation], "pads": [0, left, 0, right]}
        return g.op("QLinearConv", *inputs, domain=MICROSOFT, channels_last=1, **shape)
