"""The sinusoid position table of SAMBERT's text encoder. In: length and depth. Out: (length, depth) float32."""

from __future__ import annotations

import numpy as np


def sinusoid_table(length: int, depth: int) -> np.ndarray:
    """First half sines, second half cosines of (position + 1) / 10000^(i / (depth/2 - 1)); KAN-TTS positions.py."""
    half = depth // 2
    rates = np.power(10000.0, np.arange(half) / float(depth / 2 - 1))
    angle = (np.arange(length)[:, None] + 1) / rates[None, :]
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1).astype(np.float32)
