"""The harmonic excitation of NSF vocoders. In: F0 and voicing a frame. Out: (harmonics, samples) float32, the same for
the same seed on every machine.

Random numbers are drawn as torch's CPU generator draws them (MT19937; 24-bit uniforms; Box-Muller in blocks of 16), so
that the reference implementation under ``torch.manual_seed(seed)`` gives the same excitation as we do without torch.
"""

from __future__ import annotations

import numpy as np

ALPHA, SIGMA = 0.1, 0.003  # loudness of harmonics and noise, KAN-TTS SourceModule


class TorchStream:
    """The random stream of ``torch.manual_seed(seed)`` on a CPU."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.RandomState(seed & 0xFFFFFFFF)._bit_generator  # legacy seeding is torch's

    def uniform(self, count: int) -> np.ndarray:
        """(count,) float32 in [0, 1)."""
        raw = self._bits.random_raw(count) & np.uint64((1 << 24) - 1)
        return raw.astype(np.float32) * np.float32(2.0**-24)

    def normal(self, count: int) -> np.ndarray:
        """(count,) float32, standard normal; count ≥ 16, as torch's vector path has it."""
        drawn = self.uniform(count)
        whole = count // 16 * 16
        out = np.empty(count, np.float32)
        out[:whole] = _box_muller(drawn[:whole])
        if whole < count:  # torch draws the last 16 values anew
            out[-16:] = _box_muller(self.uniform(16))
        return out


def _box_muller(uniforms: np.ndarray) -> np.ndarray:
    first, second = uniforms.reshape(-1, 2, 8).swapaxes(0, 1)
    radius = np.sqrt(-2 * np.log(1 - first))
    angle = np.float32(2 * np.pi) * second
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)


def excitation(f0: np.ndarray, voiced: np.ndarray, hop: int, rate: int, harmonics: int, seed: int = 0) -> np.ndarray:
    """f0 (T,) in Hz; voiced (T,) 0 or 1; hop in samples; harmonics above the fundamental. Returns (harmonics + 1, T·hop)."""
    stream = TorchStream(seed)
    count = harmonics + 1
    phase = ((stream.uniform(count) * np.float32(2 * np.pi)) - np.float32(np.pi))[:, None]
    phase[0] = 0
    cycles = np.repeat(f0.astype(np.float32), hop)[None] * np.arange(1, count + 1, dtype=np.float32)[:, None]
    # torch sums float32 on the CPU in double and rounds each partial sum
    turns = np.cumsum(cycles / np.float32(rate), axis=1, dtype=np.float64).astype(np.float32) % np.float32(1)
    noise = stream.normal(count * turns.shape[1]).reshape(turns.shape) * np.float32(SIGMA)
    loud = np.repeat(voiced.astype(np.float32), hop)[None]
    harmonic = np.float32(ALPHA) * np.sin(np.float32(2 * np.pi) * turns + phase) + noise
    return harmonic * loud + np.float32(ALPHA / 3 / SIGMA) * noise * (1 - loud)
