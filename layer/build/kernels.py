"""The vocoder's weights as its compiled arithmetic takes them (``sambert.vocoder.compiled``).

In: the generator's parameters and its state dict (weight norm folded) as numpy arrays. Out: a file in safetensors' format
(https://github.com/huggingface/safetensors#format): a length, a JSON header, arrays at multiples of 64 bytes, so that run time
maps them and evaluates nothing.

Kernels are evaluated in the points of ``fast_conv``, in float32, or as whole numbers of 16 bits where the signals' limits are
known. Sums of whole numbers have 32 bits and are never cut off: an evaluated signal has 14 bits and a column's weights add up
to 2^18 at most.
"""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from sambert.torch.source import filters
from sambert.vocoder.compiled import ABOUT
from sambert.vocoder.kernels import GROUP, LANES, POINTS
from sambert_build.fast_conv import matrices
from sambert_build.int8_blocks import Limits, Range, by_phases
from sambert_build.layers import State
from sambert_build.vocoder_graph import contexts, slope_of, upsampling

# A signal fills 16 bits, of which 14 are left when it is multiplied; a weight; a column's weights together.
TOP, LEFT, HEAVIEST, SUM = 32767, 4, 32767, 1 << 18
ROOM = 1.5  # signals may grow so far beyond what was measured before they are cut off
ALIGN = 64


def _wide(channels: int) -> int:
    return -(-channels // LANES) * LANES


def _grown(array: np.ndarray, *shape: int) -> np.ndarray:
    """Zeros behind the values of each axis, up to that shape."""
    return np.pad(array, [(0, to - size) for size, to in zip(array.shape, shape, strict=True)])


def product(kernel: np.ndarray, bias: np.ndarray) -> dict[str, np.ndarray]:
    """A kernel (C', 1, K) over a signal of one channel, as ``kernels.Product`` wants it: (C' / 16, K, 16)."""
    wide = _wide(len(kernel))
    matrix = _grown(kernel[:, 0], wide, kernel.shape[2]).reshape(wide // LANES, LANES, -1)
    return {"weights": np.ascontiguousarray(matrix.swapaxes(1, 2), "<f4"), "bias": _grown(bias, wide).astype("<f4")}


def convolution(kernel: np.ndarray, bias: np.ndarray, limits: Range | None) -> dict[str, np.ndarray]:
    """A kernel (C', C, K) evaluated, as ``kernels.Convolution`` wants it.

    limits: least and greatest value of its signal, for whole numbers; None for float32.
    """
    outputs, inputs = _wide(len(kernel)), _wide(kernel.shape[1])
    groups, full = -(-kernel.shape[2] // GROUP), kernel.shape[2] // GROUP
    evaluate, spread = _points()
    grouped = _grown(kernel, outputs, inputs, groups * GROUP).reshape(outputs, inputs, groups, GROUP)
    points = np.einsum("nt,ocgt->ngco", evaluate, grouped).reshape(POINTS, groups * inputs, outputs)
    kept = {"bias": _grown(bias, outputs).astype("<f4")}
    if limits is None:
        return kept | {"weights": _laid(points, full * inputs, 1, "<f4")}
    low, high = min(limits[0], -1e-6) * ROOM, max(limits[1], 1e-6) * ROOM
    rising, falling = spread.clip(0).sum(axis=1), -spread.clip(None, 0).sum(axis=1)
    most = np.maximum(high * rising - low * falling, high * falling - low * rising)  # of an evaluated signal
    steps, sizes = TOP / most, np.abs(points)
    room = SUM - groups * inputs  # each is rounded, by a half at most, and a signal may be 2^13
    factors = np.minimum(room / sizes.sum(axis=1).clip(1e-12), HEAVIEST / sizes.max(axis=1).clip(1e-12))  # (7, C')
    whole = np.rint(points * factors[:, None])
    scales = LEFT / (factors * steps[:, None])
    weights = _laid(whole, full * inputs, 2, "<i2")
    wide = np.repeat(steps[:, None], 8, axis=1)
    return kept | {"weights": weights, "steps": _grown(wide, 8, 8).astype("<f4"), "scales": scales.astype("<f4")}


def _points() -> tuple[np.ndarray, np.ndarray]:
    """G (7, 4) and B (7, 7) of ``fast_conv.matrices``; in each row of B the last factor is 1, as kernels.c has them."""
    _, evaluate, spread = matrices(GROUP, GROUP)
    highest = np.asarray([row[np.flatnonzero(row)[-1]] for row in spread])[:, None]
    return evaluate * highest, spread / highest


def _laid(points: np.ndarray, last: int, together: int, kind: str) -> np.ndarray:
    """(7, values, C') → flat: point, 16 columns, values, columns, ``together`` values beside each other.

    In the last point, which is infinity, only groups count whose last tap is there: ``last`` values.
    """
    flat = []
    for part in (*points[:-1], points[-1, :last]):
        values, outputs = part.shape
        apart = part.reshape(values // together, together, outputs // LANES, LANES)
        flat.append(apart.transpose(2, 0, 3, 1).astype(kind).reshape(-1))
    return np.concatenate(flat)


def fits(params: dict[str, Any]) -> bool:
    """Whether it is a HiFi-GAN vocoder, and the compiled one can be given such a voice's mels as they are."""
    return not filters(params) and params["in_channels"] % LANES == 0


def compiled(params: dict[str, Any], state: State, limits: Limits | None = None) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What ``CompiledVocoder`` reads: the network and its arrays. params: Model.Generator.params of the voice's voc/config.yaml.

    limits: what the plain graph's convolutions are given (``int8_blocks.measured``), for whole numbers; without, all is float32.
    """
    causal, scales = bool(params.get("causal", True)), list(params["upsample_scales"])
    kinds = list(zip(params["resblock_kernel_sizes"], params["resblock_dilations"], strict=True))
    arrays: dict[str, np.ndarray] = {}
    about: dict[str, Any] = {
        "causal": causal,
        "slope": slope_of(params),
        "contexts": contexts(params),
        "stages": [],
        "source": None,
    }

    def add(name: str, kernel: np.ndarray, bias: np.ndarray, limits: Range | None = None) -> None:
        arrays.update({f"{name}.{part}": array for part, array in convolution(kernel, bias, limits).items()})

    def heard(name: str) -> Range | None:
        return None if limits is None else limits[name][0]

    for name in ("conv_pre", "conv_post"):
        add(name, *_own(state, name))
    about["ends"] = params["kernel_size"]
    if params.get("nsf_params") is not None:
        mix, bias = (state[f"source_module.ffn.0.{part}"] for part in ("weight", "bias"))
        about["source"] = {"mix": mix.reshape(-1).tolist(), "bias": float(bias[0])}
    for stage, scale in enumerate(scales):
        name, kernel, bias, left = upsampling(state, stage, scale, causal=causal)
        spread, (before, _) = by_phases(kernel, scale, left)
        add(f"up.{stage}", *_phases_apart(spread, bias, scale), heard(name))
        known = {"scale": scale, "taps": spread.shape[1], "before": before, "blocks": []}
        if about["source"]:
            known["down"] = _source(state, stage, prod(scales[stage + 1 :]), arrays, causal=causal)
        for kind, (taps, dilations) in enumerate(kinds):
            name = f"conv_blocks.{stage * len(kinds) + kind}"
            for own in (f"{name}.convs{each}.{number}" for each in (1, 2) for number in range(len(dilations))):
                add(own, *_own(state, own), heard(f"{own}.conv1d"))
            known["blocks"].append({"name": name, "taps": taps, "dilations": list(dilations)})
        about["stages"].append(known)
    return about, arrays


def _own(state: State, name: str) -> tuple[np.ndarray, np.ndarray]:
    return state[f"{name}.conv1d.weight"], state[f"{name}.conv1d.bias"]


def _source(state: State, stage: int, rate: int, arrays: dict[str, np.ndarray], *, causal: bool) -> list[int]:
    """The convolution that brings the source to a stage's rate, among the arrays; the zeros it wants before and behind."""
    kernel, bias = _own(state, f"source_downs.{stage}")
    arrays.update({f"down.{stage}.{part}": array for part, array in product(kernel, bias).items()})
    reach = kernel.shape[2] - 1
    if rate == 1:
        return [reach // 2] * 2
    return [reach, 0] if causal else [rate // 2] * 2


def _phases_apart(spread: np.ndarray, bias: np.ndarray, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """A kernel (scale · C', J, C) over neighbours and its bias (C') as a convolution's (scale · C', C, J), C' in sixteens."""
    rooms, (_, reach, channels) = len(bias), spread.shape
    wide = _grown(spread.reshape(scale, rooms, reach, channels), scale, _wide(rooms), reach, channels)
    return wide.reshape(-1, reach, channels).swapaxes(1, 2), np.tile(_grown(bias, _wide(rooms)), scale)


def write(path: Path, about: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """The file that ``sambert.vocoder.compiled.read`` maps."""
    header: dict[str, Any] = {"__metadata__": {ABOUT: json.dumps(about)}}
    at = 0
    for name, array in arrays.items():
        assert array.nbytes % ALIGN == 0, name  # the format allows no holes
        kind = {"f": "F32", "i": "I16"}[array.dtype.kind]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-(8 + len(text)) % ALIGN)
    with path.open("wb") as stream:
        stream.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            stream.write(np.ascontiguousarray(array).tobytes())
