"""The torch networks behind the same two calls as the ONNX sessions.

In: a ``Source``. Out: mel and samples that the run-time back end must match within 1e-3.
"""

from __future__ import annotations

import numpy as np
import torch

from sambert.acoustic.filled_pauses import insertion
from sambert.acoustic.inputs import AcousticInput
from sambert.torch.source import Source
from sambert.types import Mel
from sambert.vocoder.pieces import within


class TorchAcoustic:
    def __init__(self, source: Source) -> None:
        self._model = source.acoustic()

    @torch.no_grad()
    def mel(self, given: AcousticInput) -> Mel:
        arrays = {name: torch.from_numpy(value)[None] for name, value in given.vectors().items()}
        out = self._model.infer(torch.from_numpy(given.ids)[None], **arrays)
        durations = (out.durations[0] + 0.5).long().numpy()
        origin = None
        if self._model.filler_ids is not None:
            text = self._model.text_encoder(torch.from_numpy(given.ids)[None], None)
            _, origin = insertion(self._model.FP_predictor(text)[0].numpy())
        return Mel(out.postnet[0].numpy(), given.merge(durations, origin))


class TorchVocoder:
    def __init__(self, source: Source) -> None:
        self._model = source.vocoder()

    @torch.no_grad()
    def wave(self, mel: np.ndarray, harmonics: np.ndarray | None, seams: tuple[int, int] = (0, 0)) -> np.ndarray:
        frames = torch.from_numpy(np.ascontiguousarray(mel, np.float32)).T[None]
        source = None if harmonics is None else torch.from_numpy(np.ascontiguousarray(harmonics))[None]
        return within(self._model(frames, source)[0, 0].numpy(), seams, len(mel))
