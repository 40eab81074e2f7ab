"""The HiFi-GAN generator as an ONNX graph.

In: the generator's parameters and its state dict (weight norm folded) as numpy arrays. Out: a model that takes
mel (T, M) and, for NSF voices, harmonics (H, T·hop), and gives wave (T·hop,). Told in ``seams`` how many of the frames at the
beginning and at the end are only context, it gives the wave without them, and drops of them, stage by stage, what nothing
that is left depends on.

Signals are (1, C, 1, T): ONNX Runtime keeps blocked layouts (NCHWc) for two-dimensional convolutions only, and those run
at the machine's peak where one-dimensional ones reach a half to two thirds of it.
"""

from __future__ import annotations

from functools import reduce
from math import ceil, prod
from typing import Any

import numpy as np
import onnx

from sambert.vocoder.compiled import POST_SLOPE
from sambert_build.fast_conv import fast_conv, tile
from sambert_build.graph import INT64, Graph
from sambert_build.int8_blocks import Int8Blocks, Limits
from sambert_build.layers import State


def slope_of(params: dict[str, Any]) -> float:
    """Of every leaky ReLU but the one before the last convolution, for which KAN-TTS has torch's default (``POST_SLOPE``)."""
    return params.get("nonlinear_activation_params", {}).get("negative_slope", 0.1)


def _weights(g: Graph, name: str, kernel: np.ndarray, bias: np.ndarray) -> list[str]:
    """A kernel (C', C, K) over time as one over (1, time), and its bias."""
    return [g.weight(f"{name}.weight", kernel[:, :, None]), g.weight(f"{name}.bias", bias)]


def _conv(
    g: Graph,
    state: State,
    name: str,
    x: str,
    *,
    causal: bool,
    dilation: int = 1,
    stride: int = 1,
    pad: int | None = None,
    fast: bool = False,
) -> str:
    weight = state[f"{name}.conv1d.weight"]
    reach = (weight.shape[2] - 1) * dilation
    left, right = (reach, 0) if causal else [reach // 2 if pad is None else pad] * 2
    bias = state[f"{name}.conv1d.bias"]
    shape = tile(weight.shape[1], weight.shape[2], dilation) if fast else None
    if shape is not None:
        return fast_conv(g, f"{name}.conv1d", x, weight, bias, dilation=dilation, left=left, shape=shape)
    inputs = _weights(g, f"{name}.conv1d", weight, bias)
    return g.op("Conv", x, *inputs, pads=[0, left, 0, right], dilations=[1, dilation], strides=[1, stride])


def upsampling(state: State, stage: int, scale: int, *, causal: bool) -> tuple[str, np.ndarray, np.ndarray, int]:
    """The transposed convolution plus (nearest upsampling, then a convolution), where the voice has that, as one transposed
    convolution: its name, kernel (C, C', K), bias, and how many values in front of the first it drops.

    Both are linear in the same input, and the second is a transposed convolution too: a sample is held for ``scale`` steps
    and smeared by the kernel. So they are added up here, and the convolution at the higher rate costs nothing.
    """
    name = f"transpose_upsamples.{stage}.1.deconv"
    kernel, bias = state[f"{name}.weight"], state[f"{name}.bias"]
    left = 0 if causal else (kernel.shape[2] - scale) // 2
    smear = state.get(f"repeat_upsamples.{stage}.2.conv1d.weight")
    if smear is None:
        return name, kernel, bias, left
    held = _held(smear, scale)
    # Where output sample 0 lies in each of the two kernels; then both are laid over each other there.
    origin = 0 if causal else smear.shape[2] // 2
    before = max(left, origin)
    after = max(kernel.shape[2] - left, held.shape[2] - origin)
    joint = np.zeros((*kernel.shape[:2], before + after), np.float32)
    joint[:, :, before - left : before - left + kernel.shape[2]] += kernel
    joint[:, :, before - origin : before - origin + held.shape[2]] += held
    return name, joint, bias + state[f"repeat_upsamples.{stage}.2.conv1d.bias"], before


def _held(smear: np.ndarray, scale: int) -> np.ndarray:
    """Nearest upsampling by ``scale`` and a convolution (C', C, k) as the kernel (C, C', scale + k - 1) of one transposed one."""
    size = smear.shape[2]
    held = np.zeros((smear.shape[1], smear.shape[0], scale + size - 1), np.float32)
    for step in range(scale):
        held[:, :, step : step + size] += smear[:, :, ::-1].swapaxes(0, 1)
    return held


class Blocks:
    """What a stage is made of, in fp32. Signals are (1, C, 1, T)."""

    time = 3  # the axis

    def __init__(self, g: Graph, state: State, slope: float, *, causal: bool, fast: bool) -> None:
        self._g, self._state, self._slope = g, state, slope
        self._kind = {"causal": causal, "fast": fast}

    def upsample(self, name: str, x: str, kernel: np.ndarray, bias: np.ndarray, scale: int, left: int) -> str:
        """A transposed convolution, kernel (C, C', K), without the first ``left`` values: ``scale`` times as many as x has."""
        inputs = _weights(self._g, name, kernel, bias)
        pads = [0, left, 0, kernel.shape[2] - scale - left]
        return self._g.op("ConvTranspose", x, *inputs, strides=[1, scale], pads=pads)

    def residual(self, name: str, x: str, dilations: list[int]) -> str:
        for number, dilation in enumerate(dilations):
            y = self._g.op("LeakyRelu", x, alpha=self._slope)
            y = _conv(self._g, self._state, f"{name}.convs1.{number}", y, dilation=dilation, **self._kind)
            y = self._g.op("LeakyRelu", y, alpha=self._slope)
            x = self._g.op("Add", x, _conv(self._g, self._state, f"{name}.convs2.{number}", y, **self._kind))
        return x


def contexts(params: dict[str, Any]) -> list[int]:
    """Mel frames to either side that a sample depends on: in the mel, in each stage's input, in the last stage's output.

    The kernels' reach, summed from behind.
    """
    side = 1.0 if params.get("causal", True) else 0.5
    kernel, scales = params["kernel_size"], params["upsample_scales"]
    widest = max(
        sum((k - 1) * d for d in dilations) + (k - 1) * len(dilations)
        for k, dilations in zip(params["resblock_kernel_sizes"], params["resblock_dilations"], strict=True)
    )
    frames = [(kernel - 1) * side / prod(scales)]
    for stage, up_kernel in reversed(list(enumerate(params["upsample_kernal_sizes"]))):
        up = max(up_kernel / scales[stage], 1) / prod(scales[:stage])  # the transposed convolution, seen from its input
        frames.append(frames[-1] + up + (widest + kernel - 1) * side / prod(scales[: stage + 1]))
    frames.append(frames[-1] + (kernel - 1) * side)
    return [ceil(each) for each in reversed(frames)]


def vocoder_context(params: dict[str, Any]) -> int:
    """Mel frames to either side that a piece must be given to come out exactly."""
    return contexts(params)[0]


class _Seams:
    """How much of the frames that are only context is still there, on the way from mel to samples."""

    def __init__(self, g: Graph) -> None:
        # An input with a default: a whole sentence has no seams.
        self._g, self._given = g, g.input(g.weight("seams", np.zeros(2, np.int64)), [2], INT64)
        self._left = self._given

    def narrow(self, x: str, frames: int, rate: int, axis: int) -> str:
        """x of ``rate`` values a frame along the axis; nothing from here on depends on more context than so many frames."""
        before = self._left
        self._left = self._g.op("Min", before, self._g.ints(frames))
        return self._cut(x, before, rate, axis)

    def follow(self, x: str, rate: int, axis: int) -> str:
        """A signal that still has all its context, cut as the others are."""
        return self._cut(x, self._given, rate, axis)

    def _cut(self, x: str, before: str, rate: int, axis: int) -> str:
        g = self._g
        surplus = g.op("Mul", g.op("Sub", before, self._left), g.ints(rate))
        begin, behind = g.ops("Split", 2, surplus, axis=0, num_outputs=2)
        return g.slice(x, begin, g.op("Sub", g.op("Shape", x, start=axis, end=axis + 1), behind), axis=axis)


def vocoder_graph(params: dict[str, Any], state: State, *, fast: bool = True, limits: Limits | None = None) -> onnx.ModelProto:
    """params: Model.Generator.params of the voice's voc/config.yaml. fast: convolutions with fewer multiplications where they
    pay; without it they are plain ones, whose ``limits`` can be measured. limits: every stage but the last is in 8 bits.
    """
    g = Graph("vocoder")
    causal, scales = bool(params.get("causal", True)), list(params["upsample_scales"])
    slope = slope_of(params)
    dilations, kinds = params["resblock_dilations"], len(params["resblock_kernel_sizes"])
    exact = Blocks(g, state, slope, causal=causal, fast=fast)
    stages = [exact] * len(scales)
    if limits is not None:
        stages[:-1] = [Int8Blocks(g, state, slope, limits, causal=causal)] * (len(scales) - 1)
    mel, seams, needed = g.input("mel", ["T", params["in_channels"]]), _Seams(g), contexts(params)
    source = None
    if params.get("nsf_params") is not None:
        harmonics = g.input("harmonics", [params["nsf_params"]["nb_harmonics"] + 1, "N"])
        mix = _weights(g, "source_module.ffn.0", *(state[f"source_module.ffn.0.{part}"] for part in ("weight", "bias")))
        source = g.op("Tanh", g.op("Conv", g.unsqueeze(harmonics, 0, 2), *mix))
    x = g.unsqueeze(g.op("Transpose", mel, perm=[1, 0]), 0, 2)
    x, axis = _conv(g, state, "conv_pre", x, causal=causal), exact.time
    for stage, (blocks, scale) in enumerate(zip(stages, scales, strict=True)):
        x, axis = _laid_out(g, x, axis, blocks.time), blocks.time
        x = seams.narrow(x, needed[stage + 1], prod(scales[:stage]), axis)
        x = g.op("LeakyRelu", g.op("Add", g.op("Sin", x), x), alpha=slope)
        name, kernel, bias, left = upsampling(state, stage, scale, causal=causal)
        up = blocks.upsample(name, x, kernel, bias, scale, left)
        if source is not None:
            rate, down = prod(scales[stage + 1 :]), f"source_downs.{stage}"
            shape = {"causal": False} if rate == 1 else {"causal": causal, "stride": rate, "pad": rate // 2}
            excited = _laid_out(g, _conv(g, state, down, source, **shape), exact.time, axis)
            up = g.op("Add", up, seams.follow(excited, prod(scales[: stage + 1]), axis))
        heard = [blocks.residual(f"conv_blocks.{stage * kinds + kind}", up, dilations[kind]) for kind in range(kinds)]
        x = g.op("Mul", reduce(lambda a, b: g.op("Add", a, b), heard), g.number(1.0 / kinds))
    x = _conv(g, state, "conv_post", g.op("LeakyRelu", x, alpha=POST_SLOPE), causal=causal)
    x = seams.narrow(x, 0, prod(scales), exact.time)
    g.output("wave", g.reshape(g.op("Tanh", x), -1), ["N"])
    return g.model()


def _laid_out(g: Graph, x: str, axis: int, wanted: int) -> str:
    """(1, C, 1, T) from (1, 1, T, C) or the other way round, where time is not yet the wanted axis."""
    return x if axis == wanted else g.op("Transpose", x, perm=[0, 3, 1, 2] if wanted == Blocks.time else [0, 2, 3, 1])
