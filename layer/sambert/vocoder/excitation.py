"""What vocoders with a source are excited by. In: F0 and voicing a frame. Out: (rows, samples) float32, the same for the same
seed on every machine: sines for KAN-TTS's NSF vocoders, pulses and noise for source-filter ones.

Random numbers are drawn as torch's CPU generator draws them (MT19937; 24-bit uniforms; Box-Muller in blocks of 16), so
that the reference implementation under ``torch.manual_seed(seed)`` gives the same excitation as we do without torch.
"""

from __future__ import annotations

import numpy as np

ALPHA, SIGMA = 0.1, 0.003  # loudness of harmonics and noise, KAN-TTS SourceModule
FLAT = 1e-5  # sin(φ/2) below it: the quotient of the pulses' formula is taken at its limit
TONE = 150.0  # Hz, where the tone that a source-filter vocoder is told is 0
BLOCK = 1 << 14  # values made at a time, a multiple of 16: what lies between must not be as long as the sentence


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
        whole = count // 16 * 16
        out = np.empty(count, np.float32)
        for begin in range(0, whole, BLOCK):
            end = min(begin + BLOCK, whole)
            out[begin:end] = _box_muller(self.uniform(end - begin))
        if whole < count:
            self.uniform(count - whole)
            out[-16:] = _box_muller(self.uniform(16))  # torch draws the last 16 values anew
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
    phase = stream.uniform(count) * np.float32(2 * np.pi) - np.float32(np.pi)
    phase[0] = 0
    pitch = np.repeat(f0.astype(np.float32), hop)
    loud = np.repeat(voiced.astype(np.float32), hop)
    out = stream.normal(count * len(pitch)).reshape(count, -1)
    out *= np.float32(SIGMA)
    for number, noise in enumerate(out):  # row by row and in place: eight harmonics at once take 30 MB for seven seconds
        # torch sums float32 on the CPU in double and rounds each partial sum
        cycles = pitch * np.float32(number + 1) / np.float32(rate)
        turns = np.cumsum(cycles, dtype=np.float64).astype(np.float32) % np.float32(1)
        harmonic = np.float32(ALPHA) * np.sin(np.float32(2 * np.pi) * turns + phase[number]) + noise
        noise[:] = harmonic * loud + np.float32(ALPHA / 3 / SIGMA) * noise * (1 - loud)
    return out


def pulses(f0: np.ndarray, voiced: np.ndarray, hop: int, rate: int, seed: int = 0) -> np.ndarray:
    """f0 (T,) in Hz, above 0; voiced (T,) 0 or 1; hop in samples. Returns (2, T·hop), both of unit power: pulses, silent where
    unvoiced, and white noise.

    The pulses are the sum of all K harmonics below half the rate, Σ cos kφ = sin((K + ½)φ) / 2 sin(φ/2) − ½ (Dirichlet's kernel).
    """
    stream = TorchStream(seed)
    start = stream.uniform(1)[0]
    count = len(f0) * hop
    out = np.empty((2, count), np.float32)
    out[1] = stream.normal(count)
    pitch = np.repeat(f0.astype(np.float64), hop)
    half = np.pi * ((np.cumsum(pitch / rate) + start) % 1.0)
    harmonics = np.floor(rate / 2 / pitch)
    sine = np.sin(half)
    flat = np.abs(sine) < FLAT
    comb = np.sin((2 * harmonics + 1) * half) / (2 * np.where(flat, 1.0, sine)) - 0.5
    out[0] = np.where(flat, harmonics, comb) * np.sqrt(2 / harmonics) * np.repeat(voiced, hop)
    return out


def tone(f0: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """(T, 2) float32: what a source-filter vocoder is told of the source: log F0 over TONE, 0 where unvoiced, and voicing."""
    return np.stack([np.log(f0 / TONE) * voiced, voiced], 1).astype(np.float32)


def excite(
    bands: np.ndarray, f0: np.ndarray, voiced: np.ndarray, hop: int, rate: int, harmonics: int | None, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """What a vocoder with a source is given, in training as when it speaks: its mel (T, M or M + 2) and excitation (rows, T·hop).

    bands (T, M); f0 (T,) in Hz; voiced (T,) 0 or 1. harmonics: of NSF's sines, None for a source-filter vocoder.
    """
    if harmonics is None:
        return np.concatenate([bands, tone(f0, voiced)], 1), pulses(f0, voiced, hop, rate, seed)
    return bands, excitation(f0, voiced, hop, rate, harmonics, seed)
