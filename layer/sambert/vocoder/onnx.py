"""The vocoder at run time: one ONNX session. In: mel (T, M) and its excitation. Out: samples float32."""

from __future__ import annotations

import numpy as np

from sambert.pack import Pack
from sambert.runtime import open_session
from sambert.vocoder.pieces import within

SEAMS = "seams"  # the optional input that tells a graph how many frames at either end are context


class OnnxVocoder:
    def __init__(self, pack: Pack) -> None:
        self._session = open_session(pack.graph("vocoder"))
        # Graphs that are told where the context lies save most of its work.
        self._told = any(each.name == SEAMS for each in self._session.get_overridable_initializers())

    def wave(self, mel: np.ndarray, harmonics: np.ndarray | None, seams: tuple[int, int] = (0, 0)) -> np.ndarray:
        inputs = {"mel": np.ascontiguousarray(mel, np.float32)}
        if harmonics is not None:
            inputs["harmonics"] = np.ascontiguousarray(harmonics)
        if self._told:
            return self._session.run(None, inputs | {SEAMS: np.asarray(seams, np.int64)})[0]
        return within(self._session.run(None, inputs)[0], seams, len(mel))
