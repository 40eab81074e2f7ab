"""A faster variant of a pack: the decoder's weights and the vocoder's convolutions in 8 bits, everything else unchanged.

In: a pack (``python -m sambert_build.int8 PACK OUT``). Out: another pack, of the same name with "-int8" behind.
Activations are scaled to what real mels of the voice's own acoustic model give; the first and the last convolution, where an
error is heard most and little is saved, stay in fp32. Fast where the CPU has 8-bit dot products (AVX-512 VNNI, Arm dotprod);
the choice is the caller's, by the pack that is loaded.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from sambert.errors import SpeechError
from sambert.pack import MANIFEST, ORIGIN, digest_of, file_digest
from sambert.synthesizer import Synthesizer
from sambert.vocoder.excitation import excitation
from sambert.vocoder.pieces import denormalise
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
            if not manifest.nsf:
                yield {"mel": mel}
                continue
            f0, voiced = denormalise(mel, manifest)
            harmonics = excitation(f0, voiced, manifest.hop, manifest.sample_rate, manifest.harmonics)
            yield {"mel": np.ascontiguousarray(mel[:, :-2]), "harmonics": harmonics}


def _kept(model: onnx.ModelProto) -> list[str]:
    """Convolutions that stay in fp32: those next to the mel, the source and the samples."""
    convs = [node for node in model.graph.node if node.op_type == "Conv"]
    return [node.name for node in convs if any(part in node.input[1] for part in ("conv_pre", "conv_post", "source_"))]


def _load(pack: Path, graph: str) -> onnx.ModelProto:
    model = onnx.load(pack / f"{graph}.onnx")
    if any(weight.data_type == onnx.TensorProto.FLOAT16 for weight in model.graph.initializer):
        raise SpeechError("source_invalid", reason=f"{pack} 已是 16 位权重；请从 32 位的音色包制作 8 位变体")
    for number, node in enumerate(model.graph.node):
        node.name = node.name or f"node_{number}"  # the quantiser goes by names
    return model


def int8_pack(pack: Path, out: Path) -> Path:
    """Write the variant of ``pack`` to ``out`` and return it. Raises source_invalid for a pack of 16-bit weights."""
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        work = Path(scratch) / out.name
        shutil.copytree(pack, work, ignore=shutil.ignore_patterns("vocoder.*", "mel.*", ORIGIN))
        onnx.save_model(shrink_decoder(_load(pack, "mel")), work / "mel.onnx")
        _quantise_vocoder(pack, work / "vocoder.onnx", Path(scratch) / "named.onnx")
        manifest = json.loads((work / MANIFEST).read_text(encoding="utf-8"))
        files = {path.name: file_digest(path) for path in sorted(work.iterdir()) if path.name != MANIFEST}
        manifest["name"] += "-int8"
        manifest |= {"files": files, "digest": digest_of(files, manifest)}
        (work / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        shutil.rmtree(out, ignore_errors=True)
        work.rename(out)
    return out


def _quantise_vocoder(pack: Path, out: Path, named: Path) -> None:
    model = _load(pack, "vocoder")
    onnx.save_model(model, named)
    quantize_static(
        named,
        out,
        _Mels(load_voice(pack)),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv"],
        nodes_to_exclude=_kept(model),
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )


if __name__ == "__main__":
    print(int8_pack(Path(sys.argv[1]), Path(sys.argv[2])))
