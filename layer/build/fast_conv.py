"""Convolutions over time with fewer multiplications (Toom-Cook, in images known as Winograd's), as ONNX nodes.

In: a signal (1, C, 1, T), a kernel (C', C, K), its dilation. Out: what Conv would give, (1, C', 1, T), to within about
twice its rounding.

Kernels that a core multiplies at its peak get faster only by multiplying less. ``m`` outputs of ``r`` taps are m + r - 1
products once signal and kernel are evaluated as polynomials in as many points (Toom 1963; Winograd 1980; Lavin & Gray,
arXiv 1509.09308):
    y = A (G w · B x)
The signal is evaluated (B) by convolutions of one channel each that step m samples at a time; they read the dilated signal
where it lies and stay in ONNX Runtime's blocked layout. A longer kernel is several of r taps, each m steps of the signal on:
so r = m, and a product in one point is a convolution again. Kernels are evaluated (G) here, once, in float64: done at load, by
constant folding, it cost 40 MB. Dilation D works as long as m and D have no common divisor: the m outputs that belong together,
D apart, then fall on each residue of m once.
"""

from __future__ import annotations

from functools import cache
from math import gcd

import numpy as np

from sambert_build.graph import Graph

POINTS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5)  # and infinity; the first are used. Others lose digits
BIASED = 1  # the product at 1 goes into every output once, so there the bias is added
# Below, evaluating the signal and putting the outputs together costs as much as is saved (measured: see docs/bench.md).
CHANNELS = {3: 128, 7: 64, 11: 64}


@cache
def matrices(outputs: int, taps: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A (m, n), G (n, r), B (n, n) with n = m + r - 1, float64: sum_s w[s] x[i + s] = A (G w · B x) for i < m."""
    size = outputs + taps - 1
    points = np.asarray(POINTS[: size - 1])

    def powers(count: int) -> np.ndarray:
        return np.vstack([np.vander(points, count, increasing=True), np.eye(1, count, count - 1)])

    # Interpolation: Lagrange's polynomials in the finite points, and the one that vanishes in all of them for infinity.
    basis = [np.poly(np.delete(points, i)) / np.prod(points[i] - np.delete(points, i)) for i in range(size - 1)]
    rows = np.vstack([*(np.append(each[::-1], 0) for each in basis), np.poly(points)[::-1]])
    scale = np.abs(rows).max(axis=1, keepdims=True)  # even sizes lose fewest digits
    return powers(outputs).T, powers(taps) * scale, rows / scale


def tile(channels: int, kernel: int, dilation: int) -> tuple[int, int] | None:
    """(m, r) where it pays, or None."""
    outputs, taps = (6, 3) if kernel == 3 else (4, 4)
    worth = channels >= CHANNELS.get(kernel, np.inf) and gcd(outputs, dilation) == 1
    return (outputs, taps) if worth else None


def fast_conv(
    g: Graph, name: str, x: str, kernel: np.ndarray, bias: np.ndarray, *, dilation: int, left: int, shape: tuple[int, int]
) -> str:
    """left: zeros before the signal, as Conv's pads; as many behind as keep its length. shape: (m, r) of ``tile``."""
    outputs, taps = shape
    size, (rooms, channels, reach) = outputs + taps - 1, kernel.shape
    joint, evaluate, spread = matrices(outputs, taps)
    groups = -(-reach // taps)
    # Output a of a tile lies a · dilation on: that many whole steps of m samples, and a residue.
    steps, residues = np.divmod(dilation * np.arange(outputs), outputs)
    early = int(steps.max())  # tiles before the signal whose last outputs lie in it
    right = dilation * (size - 1 + outputs * (groups - 1)) - left
    values = [
        g.op(
            "Conv",
            x,
            g.op("Expand", g.weight(f"points_{outputs}_{taps}.{point}", row[None, None, None]), g.ints(channels, 1, 1, 1)),
            group=channels,
            strides=[1, outputs],
            dilations=[1, dilation],
            pads=[0, left + outputs * early, 0, right],
        )
        for point, row in enumerate(spread)
    ]
    biases = np.zeros((size, rooms))
    biases[BIASED] = bias
    products = g.op(
        "Conv",
        g.op("Concat", *values, axis=1),
        g.weight(f"{name}.weight", _evaluated(kernel, evaluate, groups)),
        g.weight(f"{name}.bias", biases.reshape(-1)),
        group=size,
        dilations=[1, dilation],
    )
    order = np.argsort(residues)
    rows = g.weight(f"joint_{outputs}_{taps}_{'_'.join(map(str, order))}", joint[order])
    y = g.op("MatMul", rows, g.reshape(products, size, -1))
    if early:
        parts = g.ops("Split", outputs, g.reshape(y, outputs, rooms, -1), axis=0, num_outputs=outputs)
        late = [int(steps[each]) for each in order]
        ends = [g.ints(-each if each else np.iinfo(np.int64).max) for each in late]
        parts = [g.slice(part, g.ints(early - each), end, axis=2) for part, each, end in zip(parts, late, ends, strict=True)]
        y = g.reshape(g.op("Concat", *parts, axis=0), outputs, -1)
    y = g.reshape(g.op("Transpose", y, perm=[1, 0]), 1, rooms, 1, -1)
    return g.slice(y, g.ints(0), g.op("Shape", x, start=3, end=4), axis=3)  # the last tile may reach beyond the end


def _evaluated(kernel: np.ndarray, evaluate: np.ndarray, groups: int) -> np.ndarray:
    """Groups of r taps in every point: (n·C', C, 1, groups)."""
    rooms, channels, reach = kernel.shape
    size, taps = evaluate.shape
    apart = np.pad(kernel, ((0, 0), (0, 0), (0, groups * taps - reach))).reshape(rooms, channels, groups, taps)
    return np.einsum("nt,ocgt->nocg", evaluate, apart).reshape(size * rooms, channels, 1, groups)
