"""The acoustic model at run time: two ONNX sessions with the filled pauses of FP voices between them.

In: ids (S, 4), emotion and speaker vectors, controls. Out: a ``Mel``.
"""

from __future__ import annotations

import numpy as np

from sambert.acoustic.filled_pauses import insertion
from sambert.acoustic.inputs import AcousticInput
from sambert.acoustic.positions import sinusoid_table
from sambert.pack import Pack
from sambert.runtime import open_session
from sambert.types import Mel


class OnnxAcoustic:
    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._text = open_session(pack.graph("text"))
        self._mel = open_session(pack.graph("mel"))
        self._positions = sinusoid_table(0, pack.embedding) if pack.positions is None else pack.positions

    def _position_rows(self, count: int) -> np.ndarray:
        table = self._positions
        if count > len(table):  # beyond a stored table the reference, too, goes by the formula
            table = self._positions = sinusoid_table(max(count, 256), self._pack.embedding)
        return table[:count]

    def mel(self, given: AcousticInput) -> Mel:
        """Raises nothing of its own; frames (T, channels), durations (S,) in frames."""
        text, *fillers = self._text.run(None, {"ids": given.ids, "positions": self._position_rows(len(given.ids))})
        origin = None
        if fillers:
            rows, origin = insertion(fillers[0])
            text = np.concatenate([text, self._pack.fillers])[rows]
            given = given.filled(origin)
        frames, durations = self._mel.run(None, {"text": text} | given.vectors())
        return Mel(frames, given.merge(durations, origin))
