"""How far one voice is from another saying the same. In: two recordings of a line at 16 kHz. Out: MCD, F0 error, voicing error.

Durations differ, so frames are first laid side by side by dynamic time warping of the mel-cepstra.
"""

from __future__ import annotations

from dataclasses import dataclass

import librosa
import numpy as np
import pyworld

from sambert_distill.sound import RATE

PERIOD = 12.5  # ms
ORDER = 24  # coefficients, the 0th (loudness) left out of the distance
WARPING = 0.42  # of the all-pass that bends 16 kHz like the mel scale (Tokuda et al., "Mel-generalized cepstral analysis", 1994)
FFT = 1024
LOWEST, HIGHEST = 50.0, 800.0  # Hz, F0
SPOKEN = 35.0  # dB below the loudest frame of the first recording: no speech, not compared


@dataclass(frozen=True)
class Distance:
    """mcd: dB. cents, hertz: root mean square of the F0 difference over frames voiced in both. voicing: share of frames
    that are voiced in one only. frames, voiced: how many were compared."""

    mcd: float
    cents: float
    hertz: float
    voicing: float
    frames: int
    voiced: int


def f0_of(samples: np.ndarray) -> np.ndarray:
    """(T,) Hz every PERIOD, 0 where unvoiced, by WORLD's DIO and StoneMask. Measured against what a teacher says of itself:
    60 cents; Harvest (thirty times the time) 200, for it takes creak and closures for voice."""
    wide = samples.astype(np.float64)
    rough, times = pyworld.dio(wide, RATE, LOWEST, HIGHEST, frame_period=PERIOD)
    return pyworld.stonemask(wide, rough, times, RATE)


def mel_cepstra(samples: np.ndarray, f0: np.ndarray) -> np.ndarray:
    """(T, ORDER + 1): cosine series of the natural logarithm of WORLD's spectral envelope (amplitude), over an axis of
    frequency that is warped by an all-pass of the first order. f0: as f0_of gives it."""
    times = np.arange(len(f0)) * PERIOD / 1000
    power = pyworld.cheaptrick(samples.astype(np.float64), f0, times, RATE, fft_size=FFT, f0_floor=3 * RATE / (FFT - 3))
    warped = np.linspace(0, np.pi, FFT // 2 + 1)
    # the phase of the inverse all-pass: which frequency lies at each place of the warped axis
    plain = warped - 2 * np.arctan(WARPING * np.sin(warped) / (1 + WARPING * np.cos(warped)))
    at = plain / np.pi * (power.shape[1] - 1)
    below = np.minimum(at.astype(int), power.shape[1] - 2)
    level = 0.5 * np.log(np.maximum(power, 1e-16))
    level = level[:, below] + (level[:, below + 1] - level[:, below]) * (at - below)
    weights = np.full(len(warped), 1.0)
    weights[[0, -1]] = 0.5  # trapezoids
    series = np.cos(np.outer(np.arange(ORDER + 1), warped)) * weights / (len(warped) - 1)
    cepstra = level @ series.T
    cepstra[:, 1:] *= 2
    return cepstra


def measure(wanted: np.ndarray, said: np.ndarray) -> Distance:
    """wanted: the teacher's samples; said: the student's.

    MCD = 10 / ln 10 · sqrt(2 · Σ_d (c_d − c'_d)²) in dB, d = 1..ORDER, averaged over the frames in which the teacher speaks
    (R. Kubichek, "Mel-cepstral distance measure for objective speech quality assessment", PacRim 1993).
    """
    f0 = [f0_of(samples) for samples in (wanted, said)]
    cepstra = [mel_cepstra(samples, pitch) for samples, pitch in zip((wanted, said), f0, strict=True)]
    _, path = librosa.sequence.dtw(cepstra[0][:, 1:].T, cepstra[1][:, 1:].T)
    loud = 20 / np.log(10) * cepstra[0][:, 0]
    path = path[loud[path[:, 0]] > loud.max() - SPOKEN]
    first, second = path.T
    apart = cepstra[0][first, 1:] - cepstra[1][second, 1:]
    pitch, other = f0[0][first], f0[1][second]
    both = (pitch > 0) & (other > 0)
    cents = 1200 * np.log2(pitch[both] / other[both])
    return Distance(
        mcd=float((10 / np.log(10) * np.sqrt(2 * (apart**2).sum(1))).mean()),
        cents=float(np.sqrt((cents**2).mean())) if both.any() else float("nan"),
        hertz=float(np.sqrt(((pitch[both] - other[both]) ** 2).mean())) if both.any() else float("nan"),
        voicing=float(((pitch > 0) != (other > 0)).mean()),
        frames=len(path),
        voiced=int(both.sum()),
    )
