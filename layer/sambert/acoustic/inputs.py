"""What either back end's acoustic model is given.

In: ids, vectors and controls of one sentence. Out: the same as the arrays of a run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class AcousticInput:
    """ids: (S, 4) int64. emotion: (S, E), speaker: (S, K). stretch: factor on durations; lift, push: added to pitch and
    energy in the model's normalised units; each (S,). All float32 but the ids."""

    ids: np.ndarray
    emotion: np.ndarray
    speaker: np.ndarray
    stretch: np.ndarray
    lift: np.ndarray
    push: np.ndarray

    def vectors(self) -> dict[str, np.ndarray]:
        names = ("emotion", "speaker", "stretch", "lift", "push")
        return {name: np.ascontiguousarray(getattr(self, name), np.float32) for name in names}

    def filled(self, origin: np.ndarray) -> AcousticInput:
        """After filled pauses: controls follow the symbol they belong to; emotion and speaker repeat from the start, as
        the reference has it."""
        wrapped = np.arange(len(origin)) % len(self.ids)
        return replace(
            self,
            emotion=self.emotion[wrapped],
            speaker=self.speaker[wrapped],
            stretch=self.stretch[origin],
            lift=self.lift[origin],
            push=self.push[origin],
        )

    def merge(self, durations: np.ndarray, origin: np.ndarray | None) -> np.ndarray:
        """Durations of the caller's own symbols: a filled pause counts towards the symbol it precedes."""
        return durations if origin is None else np.bincount(origin, weights=durations).astype(np.int64)
