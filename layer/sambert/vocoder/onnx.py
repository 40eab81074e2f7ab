"""The vocoder at run time: one ONNX session. In: mel (T, M) and harmonics. Out: samples (T·hop,) float32."""

from __future__ import annotations

import numpy as np

from sambert.pack import Pack
from sambert.runtime import open_session


class OnnxVocoder:
    def __init__(self, pack: Pack) -> None:
        self._session = open_session(pack.graph("vocoder"))

    def wave(self, mel: np.ndarray, harmonics: np.ndarray | None) -> np.ndarray:
        inputs = {"mel": np.ascontiguousarray(mel, np.float32)}
        if harmonics is not None:
            inputs["harmonics"] = np.ascontiguousarray(harmonics)
        return self._session.run(None, inputs)[0]
