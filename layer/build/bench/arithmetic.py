"""How much a voice computes. In: a pack. Out, as JSON: GFLOP per second of speech, by half of the model.

Counted from ONNX Runtime's own profile of one sentence, node by node, and from the calls of the compiled vocoder, so that it is
what is really executed: a Toom-Cook product counts with the multiplications that are left.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from sambert import load_voice
from sambert.vocoder import kernels
from sambert_build.bench.texts import SENTENCES, symbols_of

INTEGER = {"QLinearConv", "MatMulNBits"}
SKIPPED = {"skipped": "products of whole numbers of 8 or 16 bits are no floating-point operations"}


def _shapes(described: list[dict[str, list[int]]]) -> list[list[int]]:
    return [next(iter(each.values())) for each in described]


def flop(event: dict[str, Any]) -> int:
    """Multiplications and additions of one profiled node; 0 for what is not a product of matrices."""
    kind = event["args"].get("op_name", "")
    inputs, outputs = (_shapes(event["args"].get(f"{way}_type_shape", [])) for way in ("input", "output"))
    if kind in ("Conv", "FusedConv"):
        return 2 * prod(outputs[0]) * prod(inputs[1][1:])
    if kind == "ConvTranspose":
        # a kernel that was put together when the graph was opened has no shape in the profile; it is a small part where it occurs
        return 2 * prod(inputs[0]) * prod(inputs[1][1:]) if len(inputs) > 1 and len(inputs[1]) > 1 else 0
    if kind in ("Gemm", "MatMul", "FusedGemm", "FusedMatMul"):
        return 2 * prod(outputs[0]) * inputs[0][-1]
    if kind == "LSTM":  # the recurrent weights lie packed, without a shape: they are hidden × 4 hidden
        steps, _, width = inputs[0]
        directions, hidden = outputs[0][1], outputs[0][3]
        return 2 * steps * directions * 4 * hidden * (width + hidden)
    return 0


def nodes(profile: Path) -> list[dict[str, Any]]:
    events = json.loads(profile.read_text())
    return [each for each in events if each.get("cat") == "Node" and each["name"].endswith("_kernel_time")]


@contextmanager
def counted() -> Iterator[list[int]]:
    """The operations of each compiled convolution that is called meanwhile."""
    done, call = [], kernels.Convolution.__call__

    def counting(layer: kernels.Convolution, signal: np.ndarray, *rest: Any, **more: Any) -> np.ndarray:
        tiles = -(-len(signal) // kernels.GROUP)
        done.append(2 * tiles * kernels.evaluated(layer.inputs, layer.taps) * layer.bias.size)
        return call(layer, signal, *rest, **more)

    kernels.Convolution.__call__ = counting
    try:
        yield done
    finally:
        kernels.Convolution.__call__ = call


def measure(pack: str) -> dict[str, Any]:
    """GFLOP per second of speech: {"am": …, "vocoder": …}; {"skipped": why} for packs in 8 bits."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SAMBERT_PROFILE"] = folder
        voice = load_voice(pack)
        mel = voice.mel(symbols_of(SENTENCES[20], voice))
        with counted() as compiled:
            seconds = len(voice.wave(mel)) / voice.manifest.sample_rate
        del voice  # closing a session writes its profile
        totals = {"am": 0.0, "vocoder": sum(compiled) / seconds / 1e9}
        for path in Path(folder).iterdir():
            done = nodes(path)
            if any(each["args"].get("op_name") in INTEGER for each in done):
                return SKIPPED
            totals["vocoder" if path.name.startswith("vocoder") else "am"] += sum(map(flop, done)) / seconds / 1e9
    return totals


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
