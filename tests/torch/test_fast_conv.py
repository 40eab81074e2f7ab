"""Convolutions with fewer multiplications give what plain ones give, wherever they are used."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest

from sambert_build.fast_conv import fast_conv, matrices, tile
from sambert_build.graph import Graph


@pytest.mark.parametrize(("outputs", "taps"), [(4, 4), (6, 3)])
def test_matrices_make_a_convolution(outputs, taps):
    joint, evaluate, spread = matrices(outputs, taps)
    rng = np.random.default_rng(0)
    kernel, signal = rng.standard_normal(taps), rng.standard_normal(outputs + taps - 1)
    wanted = np.correlate(signal, kernel, "valid")
    np.testing.assert_allclose(joint @ ((evaluate @ kernel) * (spread @ signal)), wanted, atol=1e-12)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(("reach", "dilation"), [(3, 1), (3, 5), (7, 1), (7, 3), (11, 1), (11, 5), (11, 7)])
def test_equals_a_plain_convolution(reach, dilation, causal):
    rng = np.random.default_rng(reach * dilation)
    kernel = rng.standard_normal((32, 16, reach)).astype(np.float32) / np.sqrt(16 * reach)
    bias = rng.standard_normal(32).astype(np.float32)
    far = (reach - 1) * dilation
    left = far if causal else far // 2
    g = Graph("both")
    x = g.input("x", [1, 16, 1, "T"])
    weights = g.weight("w", kernel[:, :, None]), g.weight("b", bias)
    plain = g.op("Conv", x, *weights, pads=[0, left, 0, far - left], dilations=[1, dilation])
    shape = tile(128, reach, dilation)
    assert shape is not None
    fast = fast_conv(g, "fast", x, kernel, bias, dilation=dilation, left=left, shape=shape)
    g.output("plain", plain, [1, 32, 1, "T"])
    g.output("fast", fast, [1, 32, 1, "T"])
    session = onnxruntime.InferenceSession(g.model().SerializeToString(), providers=["CPUExecutionProvider"])
    for length in (1, 5, 120, 121, 122, 123):
        wanted, got = session.run(None, {"x": rng.standard_normal((1, 16, 1, length), np.float32)})
        np.testing.assert_allclose(got, wanted, atol=1e-5)


def test_used_where_the_tiles_fit():
    assert tile(16, 11, 1) is None  # evaluating costs more than is saved
    assert tile(128, 11, 2) is None and tile(128, 3, 3) is None  # m and the dilation share a divisor
    assert tile(128, 5, 1) is None  # not measured
