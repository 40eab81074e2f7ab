"""How much a voice computes. In: a pack. Out, as JSON: GFLOP per second of speech, by half of the model.

Counted from ONNX Runtime's own profile of one sentence, node by node, so that it is what is really executed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from math import prod
from pathlib import Path
from typing import Any

from sambert import load_voice
from sambert_build.bench.texts import SENTENCES, symbols_of


def _shapes(described: list[dict[str, list[int]]]) -> list[list[int]]:
    return [next(iter(each.values())) for each in described]


def flop(event: dict[str, Any]) -> int:
    """Multiplications and additions of one profiled node; 0 for what is not a product of matrices."""
    kind = event["args"].get("op_name", "")
    inputs, outputs = (_shapes(event["args"].get(f"{way}_type_shape", [])) for way in ("input", "output"))
    if kind in ("Conv", "FusedConv"):
        return 2 * prod(outputs[0]) * prod(inputs[1][1:])
    if kind == "ConvTranspose":
        return 2 * prod(inputs[0]) * prod(inputs[1][1:]) if len(inputs[1]) > 1 else 0
    if kind == "QLinearConv":  # x, its scale and zero, then the weights
        return 2 * prod(outputs[0]) * prod(inputs[3][1:])
    if kind in ("Gemm", "MatMul", "FusedGemm", "FusedMatMul", "MatMulNBits"):
        return 2 * prod(outputs[0]) * inputs[0][-1]
    if kind == "LSTM":  # the recurrent weights lie packed, without a shape: they are hidden × 4 hidden
        steps, _, width = inputs[0]
        directions, hidden = outputs[0][1], outputs[0][3]
        return 2 * steps * directions * 4 * hidden * (width + hidden)
    return 0


def count(profile: Path) -> int:
    events = json.loads(profile.read_text())
    return sum(flop(each) for each in events if each.get("cat") == "Node" and each["name"].endswith("_kernel_time"))


def measure(pack: str) -> dict[str, float]:
    """GFLOP per second of speech: {"am": …, "vocoder": …}."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SAMBERT_PROFILE"] = folder
        voice = load_voice(pack)
        seconds = len(voice.wave(voice.mel(symbols_of(SENTENCES[20], voice)))) / voice.manifest.sample_rate
        del voice  # closing a session writes its profile
        totals = {"am": 0.0, "vocoder": 0.0}
        for path in Path(folder).iterdir():
            totals["vocoder" if path.name.startswith("vocoder") else "am"] += count(path) / seconds / 1e9
    return totals


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
