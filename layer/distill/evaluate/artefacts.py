"""What no voice may do. In: samples, where clauses lie and how long syllables last. Out: clicks, clipping, DC, dead air and
syllables that were lost, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

LONGEST_SILENCE = 0.6  # s, inside a clause
FLOOR = 50.0  # dB below the loudest frame counts as silence
CLICK = 8.0  # a jump of so many times what is usual nearby
OFFSET = 0.01  # of full scale
SHORTEST, LONGEST = 0.05, 0.8  # s: a syllable outside was swallowed or got stuck


@dataclass(frozen=True)
class Artefacts:
    """clicks and clipped: how many. offset: mean of the wave. dead_air: the longest silence inside a clause, in seconds.
    syllables: how many are too short or too long to be one."""

    clicks: int
    clipped: int
    offset: float
    dead_air: float
    syllables: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What is wrong; empty where nothing is."""
        wrong = {"clicks": self.clicks, "clipping": self.clipped, "DC": abs(self.offset) > OFFSET,
                 "dead air": self.dead_air > LONGEST_SILENCE, "syllables": self.syllables}  # fmt: skip
        return tuple(name for name, found in wrong.items() if found)


def _clicks(samples: np.ndarray, rate: int) -> int:
    """Single samples whose second difference towers over the 10 ms around them and is loud in itself."""
    bend = np.abs(np.diff(samples, 2))
    width = rate // 200
    usual = np.sqrt(np.convolve(bend**2, np.ones(2 * width + 1) / (2 * width + 1), "same"))
    # a click stands in 2 * width samples of ordinary speech: its own share of that mean must not hide it
    return int(((bend > CLICK * usual) & (bend > 0.2)).sum())


def find(samples: np.ndarray, rate: int, clauses: Sequence[tuple[float, float]] = (),
         syllables: Sequence[float] = ()) -> Artefacts:  # fmt: skip
    """samples: float32 of one line. clauses: begin and end in s; without them all of it is one. syllables: s each."""
    frame = rate // 80
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    level = 20 * np.log10(np.sqrt((frames.astype(np.float64) ** 2).mean(1)) + 1e-9)
    heard = np.flatnonzero(level > level.max() - FLOOR)
    edges = [(round(begin * 80), round(end * 80)) for begin, end in clauses] or [(heard[0], heard[-1] + 1)]
    gap = max(_gap(heard[(heard >= begin) & (heard < end)], begin, end) for begin, end in edges)
    full = np.abs(samples) >= 0.9999
    clipped = int((full[:-2] & full[1:-1] & full[2:]).sum())
    odd = sum(not SHORTEST <= length <= LONGEST for length in syllables)
    return Artefacts(_clicks(samples, rate), clipped, float(samples.mean()), gap * frame / rate, odd)


def _gap(heard: np.ndarray, begin: int, end: int) -> int:
    """Frames of the longest silence between two edges."""
    return int(np.diff(heard, prepend=begin - 1, append=end).max()) - 1
