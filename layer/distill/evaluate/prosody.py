"""How it is said. In: samples. Out: level and range of F0, rate, loudness and tilt; and whether these tell emotions apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import librosa
import numpy as np

from sambert_distill.evaluate.distance import f0_of
from sambert_distill.sound import HOP, RATE

FRAME = 1024  # samples
QUIET = 35.0  # dB below the loudest frame: no speech
OCTAVE = 14.0  # st from the median and more is a slip of the tracker


@dataclass(frozen=True)
class Prosody:
    """level: mean F0 in semitones above 100 Hz. span: its standard deviation in semitones. rate: syllables a second.
    loudness: dB. tilt: dB a decade of the long-term spectrum from 200 Hz to 6 kHz."""

    level: float
    span: float
    rate: float
    loudness: float
    tilt: float


def measure(samples: np.ndarray, syllables: int) -> Prosody:
    """samples: float32 in -1..1 at 16 kHz; syllables: how many were to be spoken."""
    loud = librosa.feature.rms(y=samples, frame_length=FRAME, hop_length=HOP)[0]
    f0 = f0_of(samples)
    count = min(len(loud), len(f0))
    loud, f0 = loud[:count], f0[:count]
    spoken = 20 * np.log10(loud + 1e-6) > 20 * np.log10(loud.max() + 1e-6) - QUIET
    voiced = f0[spoken & (f0 > 0)]
    pitch = 12 * np.log2((voiced if len(voiced) else np.array([100.0])) / 100)
    pitch = pitch[np.abs(pitch - np.median(pitch)) < OCTAVE]
    spectrum = np.abs(librosa.stft(samples, n_fft=FRAME, hop_length=HOP))[:, :count][:, spoken].mean(1)
    hertz = librosa.fft_frequencies(sr=RATE, n_fft=FRAME)
    band = (hertz > 200) & (hertz < 6000)
    tilt = np.polyfit(np.log10(hertz[band]), 20 * np.log10(spectrum[band] + 1e-9), 1)[0]
    first, last = np.flatnonzero(spoken)[[0, -1]]
    return Prosody(
        level=float(pitch.mean()),
        span=float(pitch.std()),
        rate=syllables * RATE / ((last - first + 1) * HOP),
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
