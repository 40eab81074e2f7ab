"""Teachers: voices that a student learns from. In: an ``Utterance`` of the front end. Out: a ``Lesson``, sound with labels.

The teacher is asked for the very symbols that the student will be given, sandhi, erhua and breaks included, so that labels and
sound cannot differ by a reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from sambert.frontend import VoiceTraits
from sambert.types import Symbol, Utterance

RATE, FRAME = 16000, 200  # Hz; samples in a frame of 12.5 ms


@dataclass(frozen=True)
class Lesson:
    """One utterance as a teacher speaks it.

    samples: (T · FRAME,) float32 in -1..1 at RATE. symbols: (S,). frames: (S,) integers of 12.5 ms; lead: frames of silence
    before the first; lead + sum(frames) = T. f0: (T,) Hz, under 50 where unvoiced. energy: (T,), on the teacher's own scale.
    notes: what else the teacher told, kept with the labels.
    """

    samples: np.ndarray
    symbols: tuple[Symbol, ...]
    frames: np.ndarray
    lead: int
    f0: np.ndarray
    energy: np.ndarray
    notes: dict[str, Any] = field(default_factory=dict)


class Teacher(Protocol):
    """traits: what the front end must know to write symbols for it. card: name, source and licence, for the corpus folder."""

    @property
    def traits(self) -> VoiceTraits: ...

    @property
    def card(self) -> dict[str, str]: ...

    def teach(self, utterance: Utterance) -> Lesson: ...
