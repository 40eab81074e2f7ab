"""Loudness and silence. In: samples. Out: samples, float32 in -1..1."""

from __future__ import annotations

import numpy as np

RAMP_S = 0.005  # a change of gain inside a sentence is spread over this, or it clicks


def silence(ms: int, rate: int) -> np.ndarray:
    return np.zeros(round(ms * rate / 1000), np.float32)


def resample(samples: np.ndarray, rate: int, target: int) -> np.ndarray:
    import soxr  # only where voices of two rates meet in one document

    return soxr.resample(samples, rate, target)


def amplify(samples: np.ndarray, gains: np.ndarray, lengths: np.ndarray, rate: int) -> np.ndarray:
    """gains: dB of each symbol, (S,); lengths: samples of each symbol, adding up to len(samples). Clipped to -1..1."""
    if not gains.any():
        return samples
    factors = 10 ** (gains / 20)
    if (gains == gains[0]).all():
        return np.clip(samples * np.float32(factors[0]), -1, 1)
    curve = np.repeat(factors, lengths)[: len(samples)]
    window = max(int(RAMP_S * rate), 1)
    padded = np.pad(curve, (window // 2, window - 1 - window // 2), mode="edge")
    sums = np.cumsum(np.concatenate([[0.0], padded]))
    smooth = (sums[window:] - sums[:-window]) / window
    return np.clip(samples * smooth.astype(np.float32), -1, 1)
