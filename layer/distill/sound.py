"""The acoustic features of a KAN-TTS voice at 16 kHz. In: samples. Out: log-mel and log-RMS, one row every 12.5 ms."""

from __future__ import annotations

from functools import cache

import librosa
import numpy as np

HEADROOM = 2.0  # loud emotions pass full scale: int16 holds samples up to this
RATE, HOP, FFT, BANDS = 16000, 200, 2048, 80
# KAN-TTS takes 1000. Bursts of stops are over in 20 ms, and F0 reaches the vocoder apart: a mel of 32 ms shows when things happen
# and hides the harmonics, so it tells more, and less of it has to be guessed.
WINDOW = 512
VOICED_ABOVE = 50.0  # Hz; the teacher writes about 10 Hz where there is no voice


@cache
def _basis() -> np.ndarray:
    return librosa.filters.mel(sr=RATE, n_fft=FFT, n_mels=BANDS, fmin=0, fmax=RATE // 2)


def mel(samples: np.ndarray) -> np.ndarray:
    """samples (N,) in -1..1 → (N // HOP, 80): 20·log10 of the mel magnitude, −20 dB reference, 100 dB scaled to 0..1.

    KAN-TTS also cuts at 1.0; we do not, because loud emotions pass it and the cut would flatten their lowest bands.
    """
    spectrum = np.abs(librosa.stft(np.asarray(samples, np.float32), n_fft=FFT, hop_length=HOP, win_length=WINDOW))
    level = 20 * np.log10(np.maximum(1e-5, _basis() @ spectrum)) - 20
    return np.maximum((level + 100) / 100, 0.0).T[: len(samples) // HOP].astype(np.float32)


def log_rms(samples: np.ndarray) -> np.ndarray:
    """samples (N,) → (N // HOP,): natural logarithm of each frame's RMS, floored at −100 dB."""
    frames = samples[: len(samples) // HOP * HOP].reshape(-1, HOP)
    return np.log(np.sqrt((frames.astype(np.float64) ** 2).mean(1)) + 1e-5).astype(np.float32)


def cepstra(samples: np.ndarray) -> np.ndarray:
    """samples (N,) → (N // HOP, 26): 13 MFCCs of a 25 ms window and their slopes; what alignment compares."""
    base = librosa.feature.mfcc(y=np.asarray(samples, np.float32), sr=RATE, n_mfcc=13, n_fft=512, win_length=400,
                                hop_length=HOP, n_mels=40)  # fmt: skip
    return np.concatenate([base, librosa.feature.delta(base, width=5)]).T[: len(samples) // HOP].astype(np.float32)
