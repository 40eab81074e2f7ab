"""Makes emotional speech out of neutral speech with the WORLD vocoder; the recipes are the documentation.

In: samples, F0 and frames a phone of a neutral utterance, a recipe and a strength. Out: the same for the emotional one.
Nobody acted these emotions: they follow the acoustic tendencies reported again and again for acted speech (level and range
of F0, rate, loudness, spectral tilt, breathiness, pauses), and the model card must say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyworld

from sambert_distill.sound import HOP, RATE

PERIOD = 5.0  # ms between WORLD frames
BREATH_FROM = 1500.0  # Hz
RISE_OVER = 0.45  # s before the end of speech


@dataclass(frozen=True)
class Recipe:
    """What strength 1 does; strength k does it k times over (factors to the power k).

    lift: semitones on the level of F0. span: factor on its range around the mean. rate: factor on speed. gain: dB of RMS.
    tilt: dB at 8 kHz, the opposite at 125 Hz. pause: factor on pauses. breath: 0..1, noise above 1.5 kHz.
    rise: semitones that F0 climbs at the end of the utterance.
    """

    lift: float = 0.0
    span: float = 1.0
    rate: float = 1.0
    gain: float = 0.0
    tilt: float = 0.0
    pause: float = 1.0
    breath: float = 0.0
    rise: float = 0.0


RECIPES = {
    "happy": Recipe(lift=2.2, span=1.22, rate=1.08, gain=1.0, tilt=2.5, pause=0.9),
    "sad": Recipe(lift=-2.0, span=0.72, rate=0.82, gain=-3.0, tilt=-4.0, pause=1.3),
    "angry": Recipe(lift=1.0, span=1.25, rate=1.12, gain=3.0, tilt=5.0, pause=0.75),
    "fear": Recipe(lift=3.0, span=0.75, rate=1.16, gain=-2.0, tilt=-1.0, breath=0.25),
    "surprise": Recipe(lift=3.2, span=1.4, rate=0.95, gain=2.0, tilt=1.0, rise=2.0),
}
STRENGTHS, CHANCES = (0.5, 1.0, 1.5, 2.0), (0.2, 0.4, 0.15, 0.25)


@dataclass(frozen=True)
class Analysis:
    """WORLD's view of one utterance: envelope and aperiodicity (T, bins), F0 (T,) in Hz, 0 where unvoiced; its RMS."""

    f0: np.ndarray
    envelope: np.ndarray
    aperiodicity: np.ndarray
    rms: float


def analyse(samples: np.ndarray, f0: np.ndarray) -> Analysis:
    """samples: (N,). f0: (N // HOP,) the teacher's own F0, 0 where unvoiced: no pitch tracker is needed."""
    times = np.arange(int(len(samples) / RATE * 1000 / PERIOD) + 1) * PERIOD / 1000
    at = np.clip((times * RATE / HOP).round().astype(int), 0, len(f0) - 1)
    fine = np.interp(times, np.arange(len(f0)) * HOP / RATE, fill(f0)) * (f0[at] > 0)
    wide = samples.astype(np.float64)
    envelope = pyworld.cheaptrick(wide, fine, times, RATE)
    return Analysis(fine, envelope, pyworld.d4c(wide, fine, times, RATE), _rms(wide))


def _rms(samples: np.ndarray) -> float:
    return float(np.sqrt((samples**2).mean()) + 1e-9)


def fill(f0: np.ndarray) -> np.ndarray:
    """F0 with straight lines through the unvoiced stretches; all of it 0 when nothing is voiced."""
    voiced = np.flatnonzero(f0)
    return np.interp(np.arange(len(f0)), voiced, f0[voiced]) if len(voiced) else f0


def scaled_frames(frames: np.ndarray, phones: Sequence[str], recipe: Recipe, strength: float) -> np.ndarray:
    """Frames a phone at the recipe's rate; rounding errors are carried on, and no phone that sounded vanishes."""
    factor = np.where([phone[0] == "#" for phone in phones], recipe.pause**strength, 1.0) / recipe.rate**strength
    ends = np.round(np.cumsum(frames * factor)).astype(int)
    scaled = np.diff(ends, prepend=0)
    return np.where(frames > 0, np.maximum(scaled, 1), 0)


def bend(f0: np.ndarray, recipe: Recipe, strength: float) -> np.ndarray:
    """F0 (T,) at PERIOD, 0 where unvoiced → the same, moved, stretched around its mean and raised at the end."""
    voiced = f0 > 0
    if not voiced.any():
        return f0
    pitch = np.log2(f0[voiced]) * 12
    centre = pitch.mean()
    clock = np.flatnonzero(voiced)
    climb = np.clip(1 - (clock[-1] - clock) * PERIOD / 1000 / RISE_OVER, 0, 1) * recipe.rise * strength
    pitch = centre + (pitch - centre) * recipe.span**strength + recipe.lift * strength + climb
    bent = np.zeros_like(f0)
    bent[voiced] = np.clip(2 ** (pitch / 12), 60, 700)
    return bent


def colour(analysis: Analysis, recipe: Recipe, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Envelope (power) and aperiodicity with the recipe's tilt and breath."""
    hertz = np.linspace(0, RATE / 2, analysis.envelope.shape[1])
    octaves = np.log2(np.clip(hertz, 125, 8000) / 1000) / 3
    decibels = strength * recipe.tilt * octaves
    breath = np.where(hertz > BREATH_FROM, 1 - (1 - recipe.breath) ** strength, 0.0)
    return analysis.envelope * 10 ** (decibels / 10), analysis.aperiodicity + (1 - analysis.aperiodicity) * breath


def perform(analysis: Analysis, frames: np.ndarray, phones: Sequence[str], recipe: Recipe, strength: float):
    """The utterance spoken by the recipe. Returns samples (sum(frames) · HOP,), F0 (sum(frames),) and frames (S,).

    frames: (S,) of the neutral utterance, beginning at its first sample.
    """
    new = scaled_frames(frames, phones, recipe, strength)
    total = int(new.sum())
    corners_new, corners_old = (np.concatenate([[0], np.cumsum(part)]) * HOP / RATE for part in (new, frames))
    kept = np.concatenate([[True], np.diff(corners_new) > 0])  # breaks without frames would make the map ambiguous
    times = np.arange(int(total * HOP / RATE * 1000 / PERIOD) + 1) * PERIOD / 1000
    source = np.interp(times, corners_new[kept], corners_old[kept])
    at = np.clip((source * 1000 / PERIOD).round().astype(int), 0, len(analysis.f0) - 1)
    f0 = bend(analysis.f0[at], recipe, strength)
    envelope, aperiodicity = colour(analysis, recipe, strength)
    samples = pyworld.synthesize(f0, np.ascontiguousarray(envelope[at]), np.ascontiguousarray(aperiodicity[at]), RATE, PERIOD)
    # A tilt moves the low harmonics, which carry the power: loudness is set last, so that gain means what it says.
    samples *= analysis.rms / _rms(samples) * 10 ** (recipe.gain * strength / 20)
    samples = np.pad(samples, (0, max(0, total * HOP - len(samples))))[: total * HOP].astype(np.float32)
    coarse = np.clip((np.arange(total) * HOP / RATE * 1000 / PERIOD).round().astype(int), 0, len(f0) - 1)
    return samples, f0[coarse], new
