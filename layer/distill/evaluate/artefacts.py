"""What no voice may do. In: samples. Out: clicks, clipping, DC and dead air, counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LONGEST_SILENCE = 0.6  # s, inside a sentence
FLOOR = 50.0  # dB below the loudest frame counts as silence
CLICK = 8.0  # a jump of so many times what is usual nearby


@dataclass(frozen=True)
class Artefacts:
    """clicks and clipped: how many. offset: mean of the wave. dead_air: the longest silence inside, in seconds."""

    clicks: int
    clipped: int
    offset: float
    dead_air: float

    @property
    def any(self) -> bool:
        return bool(self.clicks or self.clipped or abs(self.offset) > 0.01 or self.dead_air > LONGEST_SILENCE)


def _clicks(samples: np.ndarray, rate: int) -> int:
    """Single samples whose second difference towers over the 10 ms around them and is loud in itself."""
    bend = np.abs(np.diff(samples, 2))
    width = rate // 200
    usual = np.sqrt(np.convolve(bend**2, np.ones(2 * width + 1) / (2 * width + 1), "same"))
    # a click stands in 2 * width samples of ordinary speech: its own share of that mean must not hide it
    return int(((bend > CLICK * usual) & (bend > 0.2)).sum())


def find(samples: np.ndarray, rate: int) -> Artefacts:
    """samples: float32 of one sentence."""
    frame = rate // 80
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    level = 20 * np.log10(np.sqrt((frames.astype(np.float64) ** 2).mean(1)) + 1e-9)
    heard = np.flatnonzero(level > level.max() - FLOOR)
    gap = int(np.diff(heard).max(initial=1)) - 1
    full = np.abs(samples) >= 0.9999
    clipped = int((full[:-2] & full[1:-1] & full[2:]).sum())
    return Artefacts(_clicks(samples, rate), clipped, float(samples.mean()), gap * frame / rate)
