"""Packs in 8 bits: the decoder's weights and the vocoder's convolutions, everything else unchanged.

In: the folder of a whole pack, being built (``sambert build-voice … --int8``). Out: its mel and vocoder graphs in 8 bits.
Activations are scaled to what real mels of the voice's own acoustic model give. The last stage and the first convolution stay
in fp32: their noise, flat over all frequencies, is what is heard in pauses and above the formants (log mel 1.5 dB away from
fp32, 0.4 without it), and 8 bits save nothing where a convolution has 16 channels. Fast where the CPU has 8-bit dot products
(AVX-512 VNNI, Arm dotprod); the choice is made when the pack is built.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from sambert.pack import Manifest
from sambert.synthesizer import Synthesizer
from sambert.vocoder.pieces import excited
from sambert.voices import load_voice
from sambert_build.int8_decoder import shrink_decoder

SPOKEN = (
    "今天的晚霞真是美极了，我们再走一会儿吧！",
    "请问去火车站应该坐几路公共汽车？",
    "他把信折好放进口袋，沿着河边慢慢走回家。",
    "二月的雪还没有化，山上的小屋里却已经暖和起来了。",
)


class _Mels(CalibrationDataReader):
    """The vocoder's inputs for some sentences in each of the voice's emotions."""

    def __init__(self, voice: Synthesizer) -> None:
        self._inputs = self._spoken(voice)

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self._inputs, None)

    @staticmethod
    def _spoken(voice: Synthesizer) -> Iterator[dict[str, np.ndarray]]:
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


def _kept(model: onnx.ModelProto) -> list[str]:
    """Convolutions that stay in fp32: those next to the mel, the source and the samples, and the whole last stage."""
    shapes = {weight.name: list(weight.dims) for weight in model.graph.initializer}
    last = next(shape[1] for name, shape in shapes.items() if name.startswith("conv_post") and name.endswith("weight"))
    convs = [node for node in model.graph.node if node.op_type == "Conv"]
    return [
        node.name
        for node in convs
        if any(part in node.input[1] for part in ("conv_pre", "conv_post", "source_")) or shapes[node.input[1]][0] == last
    ]


def _load(folder: Path, graph: str) -> onnx.ModelProto:
    model = onnx.load(folder / f"{graph}.onnx")
    for number, node in enumerate(model.graph.node):
        node.name = node.name or f"node_{number}"  # the quantiser goes by names
    return model


def quantise(folder: Path) -> None:
    """Replace two graphs of a whole pack, of plain convolutions and 32-bit weights; voice.json is then the caller's to renew.

    Of a voice with a source-filter vocoder only the decoder: that vocoder is cheap as it is.
    """
    mel = _load(folder, "mel")
    if Manifest.read(folder).excitation != "pulses":
        _quantise_vocoder(folder)
    for suffix in ("onnx", "bin"):
        (folder / f"mel.{suffix}").unlink()
    onnx.save_model(shrink_decoder(mel), folder / "mel.onnx")


def _quantise_vocoder(folder: Path) -> None:
    vocoder = _load(folder, "vocoder")
    with tempfile.TemporaryDirectory() as scratch:
        named, quantised = Path(scratch) / "named.onnx", Path(scratch) / "vocoder.onnx"
        onnx.save_model(vocoder, named)
        quantize_static(
            named,
            quantised,
            _Mels(load_voice(folder)),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            nodes_to_exclude=_kept(vocoder),
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
        )
        for suffix in ("onnx", "bin"):
            (folder / f"vocoder.{suffix}").unlink()
        shutil.copyfile(quantised, folder / "vocoder.onnx")
