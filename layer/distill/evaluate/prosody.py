"""How it is said. In: samples. Out: level and range of F0, rate, loudness and tilt; and whether these tell emotions apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import librosa
import numpy as np

LOWEST, HIGHEST = 70.0, 700.0
QUIET = 35.0  # dB below the loudest frame: no speech


@dataclass(frozen=True)
class Prosody:
    """level: mean F0 in semitones above 100 Hz. span: its standard deviation in semitones. rate: syllables a second.
    loudness: dB. tilt: dB a decade of the long-term spectrum from 200 Hz to 6 kHz."""

    level: float
    span: float
    rate: float
    loudness: float
    tilt: float


def measure(samples: np.ndarray, rate: int, syllables: int) -> Prosody:
    """samples: float32 in -1..1; syllables: how many were to be spoken."""
    frame, hop = 1024 * rate // 16000, 200 * rate // 16000
    loud = librosa.feature.rms(y=samples, frame_length=frame, hop_length=hop)[0]
    spoken = 20 * np.log10(loud + 1e-6) > 20 * np.log10(loud.max() + 1e-6) - QUIET
    f0 = librosa.yin(samples, fmin=LOWEST, fmax=HIGHEST, sr=rate, frame_length=frame, hop_length=hop)
    strong = spoken & (loud > 0.25 * np.median(loud[spoken])) & (f0 > LOWEST * 1.1) & (f0 < HIGHEST * 0.95)
    pitch = 12 * np.log2((f0[strong] if strong.any() else np.array([100.0])) / 100)
    middle = np.median(pitch)
    pitch = pitch[np.abs(pitch - middle) < 14]  # octave slips of the tracker
    spectrum = np.abs(librosa.stft(samples, n_fft=frame, hop_length=hop))[:, spoken].mean(1)
    hertz = librosa.fft_frequencies(sr=rate, n_fft=frame)
    band = (hertz > 200) & (hertz < 6000)
    tilt = np.polyfit(np.log10(hertz[band]), 20 * np.log10(spectrum[band] + 1e-9), 1)[0]
    first, last = np.flatnonzero(spoken)[[0, -1]]
    return Prosody(
        level=float(pitch.mean()),
        span=float(pitch.std()),
        rate=syllables * rate / ((last - first + 1) * hop),
        loudness=float(20 * np.log10(np.sqrt((loud[spoken] ** 2).mean()) + 1e-9)),
        tilt=float(tilt),
    )


def told_apart(spoken: Mapping[str, Sequence[Prosody]]) -> float:
    """Share of sentences whose emotion the nearest mean finds, each sentence left out of the means it is compared with.

    spoken: for every emotion, the same sentences in the same order. Chance is 1 / emotions.
    """
    names = list(spoken)
    values = np.array([[astuple(one) for one in spoken[name]] for name in names])
    values = (values - values.mean((0, 1))) / (values.std((0, 1)) + 1e-9)
    right = 0
    for sentence in range(values.shape[1]):
        means = np.delete(values, sentence, axis=1).mean(1)
        far = ((values[:, sentence, None] - means[None]) ** 2).sum(-1)
        right += int((far.argmin(1) == np.arange(len(names))).sum())
    return right / (len(names) * values.shape[1])


def steady(values: Sequence[float]) -> bool:
    """Whether a measurement moves one way only as the strength grows."""
    steps = np.diff(values)
    return bool((steps > 0).all() or (steps < 0).all())
