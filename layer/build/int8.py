"""Packs in 8 bits: the decoder's weights and the vocoder's convolutions, everything else unchanged.

In: the folder of a whole pack, being built (``sambert build-voice … --int8``). Out: its mel and vocoder graphs in 8 bits.
The compiled vocoder has its convolutions in whole numbers of 16 bits instead (``kernels``).
Signals are scaled to what real mels of the voice's own acoustic model give. The vocoder's last stage and first convolution stay
in fp32: their noise, flat over all frequencies, is what is heard in pauses and above the formants (log mel 1.5 dB away from
fp32, 0.4 without it), and 8 bits save nothing where a convolution has 16 channels. Fast where the CPU has 8-bit dot products
(AVX-512 VNNI, Arm dotprod); the choice is made when the pack is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from sambert.synthesizer import Synthesizer
from sambert.torch.source import filters
from sambert.vocoder.compiled import FILE
from sambert.vocoder.pieces import excited
from sambert.voices import load_voice
from sambert_build.int8_blocks import measured
from sambert_build.int8_decoder import shrink_decoder
from sambert_build.kernels import compiled, fits, write
from sambert_build.layers import State
from sambert_build.vocoder_graph import vocoder_graph

SPOKEN = (
    "今天的晚霞真是美极了，我们再走一会儿吧！",
    "请问去火车站应该坐几路公共汽车？",
    "他把信折好放进口袋，沿着河边慢慢走回家。",
    "二月的雪还没有化，山上的小屋里却已经暖和起来了。",
)


def _given(voice: Synthesizer) -> Iterator[dict[str, np.ndarray]]:
    """The vocoder's inputs for some sentences, each in another of the voice's emotions."""
    from sambert import Request
    from sambert.frontend import utterances

    manifest = voice.manifest
    for number, text in enumerate(SPOKEN):
        emotion = manifest.emotions[number % len(manifest.emotions)]
        symbols = [symbol for part in utterances(Request(text=text), voice.traits) for symbol in part.symbols]
        tail = f"emotion_{emotion}${manifest.speakers[0]}"
        mel = voice.mel(" ".join(f"{{{s.phone}${s.tone}${s.syllable}${s.word}${tail}}}" for s in symbols))
        bands, harmonics = excited(mel, manifest)
        yield {"mel": np.ascontiguousarray(bands)} | ({} if harmonics is None else {"harmonics": harmonics})


def quantise(folder: Path, params: dict[str, Any], state: State) -> None:
    """Replace two graphs of a whole pack, of plain convolutions and 32-bit weights; voice.json is then the caller's to renew.

    params, state: the vocoder's, as for ``vocoder_graph``. Of a voice with a source-filter vocoder only the decoder changes: that
    vocoder is cheap as it is.
    """
    changed = {"mel": shrink_decoder(onnx.load(folder / "mel.onnx"))}
    if not filters(params):
        limits = measured(onnx.load(folder / "vocoder.onnx"), _given(load_voice(folder)))
        changed["vocoder"] = vocoder_graph(params, state, limits=limits)
        if fits(params):
            write(folder / FILE, *compiled(params, state, limits))
    for name, model in changed.items():
        (folder / f"{name}.bin").unlink()
        onnx.save_model(model, folder / f"{name}.onnx")
