"""Mel to samples in pieces that hold memory down, exactly as in one piece.

In: post-net output (T, 80 or 82). Out: samples. Each piece is given as many frames of context as its samples depend on.
Where cores are idle, a sentence is cut into more pieces, which they speak side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Protocol

import numpy as np

from sambert.pack import Manifest
from sambert.runtime import share
from sambert.vocoder.excitation import excite

# Frames at most, 3.75 s at 12.5 ms. A seam costs about 15 frames of work (its context, computed twice); what much longer pieces
# save of that they lose in the cache, and a full-size voice holds 0.1 MB a frame.
PIECE = 300
SPLIT = 2  # contexts a piece must be long for it to be worth its seams to speak it beside others
F0_FLOOR = 30.0  # Hz, KAN-TTS denorm_f0
VOICING = 0.6  # above it a frame is voiced


class Vocoder(Protocol):
    def wave(self, mel: np.ndarray, harmonics: np.ndarray | None, seams: tuple[int, int] = (0, 0)) -> np.ndarray:
        """Samples of the frames between the first and the last ``seams`` of them, which are only context."""


def within(samples: np.ndarray, seams: tuple[int, int], frames: int) -> np.ndarray:
    """Samples of so many frames without those of the context."""
    hop = len(samples) // frames
    return samples[seams[0] * hop : len(samples) - seams[1] * hop]


def denormalise(mel: np.ndarray, manifest: Manifest) -> tuple[np.ndarray, np.ndarray]:
    """F0 in Hz and voicing 0 or 1, each (T,), from the last two channels."""
    f0 = np.maximum(mel[:, -2] * np.float32(manifest.f0_std) + np.float32(manifest.f0_mean), np.float32(F0_FLOOR))
    return f0, (mel[:, -1] >= VOICING).astype(np.float32)


def excited(mel: np.ndarray, manifest: Manifest, seed: int = 0) -> tuple[np.ndarray, np.ndarray | None]:
    """What the voice's kind of vocoder is given: its mel (T, M) and, where it has a source, the excitation (rows, T·hop)."""
    if not manifest.nsf:
        return mel, None
    f0, voiced = denormalise(mel, manifest)
    harmonics = None if manifest.excitation == "pulses" else manifest.harmonics
    return excite(mel[:, :-2], f0, voiced, manifest.hop, manifest.sample_rate, harmonics, seed)


def waves(vocoder: Vocoder, mel: np.ndarray, manifest: Manifest, seed: int = 0) -> Iterator[np.ndarray]:
    """Samples piece by piece; together T·hop of them."""
    mel, harmonics = excited(mel, manifest, seed)
    hop, context = manifest.hop, manifest.context

    def spoken(piece: tuple[int, int]) -> np.ndarray:
        begin, end = piece
        low, high = max(begin - context, 0), min(end + context, len(mel))
        part = None if harmonics is None else harmonics[:, low * hop : high * hop]
        return vocoder.wave(mel[low:high], part, (begin - low, high - end))

    cores = share()
    if len(mel) < SPLIT * context * cores:
        cores = 1
    # Equal pieces: as many seams as with full ones and a rest, but the largest is smaller, and so is the peak of memory.
    count = -(-len(mel) // (PIECE * cores)) * cores
    pieces = list(pairwise(np.linspace(0, len(mel), count + 1, dtype=int).tolist()))
    if cores == 1:
        yield from map(spoken, pieces)
    else:
        with ThreadPoolExecutor(cores, thread_name_prefix="piece") as side_by_side:
            yield from side_by_side.map(spoken, pieces)
