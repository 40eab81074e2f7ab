"""Which vocoder speaks. In: a pack. Out: the compiled one where the pack has its weights and this machine can run it, else
ONNX Runtime's. ``SAMBERT_VOCODER=onnx`` chooses the latter."""

from __future__ import annotations

from sambert.pack import Pack
from sambert.vocoder.compiled import FILE, CompiledVocoder
from sambert.vocoder.kernels import library
from sambert.vocoder.pieces import Vocoder


def open_vocoder(pack: Pack) -> Vocoder:
    """Raises voice_corrupt."""
    if FILE in pack.manifest.files and library() is not None:  # only files whose digest was checked
        return CompiledVocoder(pack.root / FILE)
    from sambert.vocoder.onnx import OnnxVocoder

    return OnnxVocoder(pack)
