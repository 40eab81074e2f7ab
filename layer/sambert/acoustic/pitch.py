"""Pitch as asked for, from a voice that tells its F0.

In: an acoustic model, its input, semitones a symbol. Out: the ``Mel`` whose F0 moved by just those. What is added to the model's
pitch spreads over the symbols around (a convolution embeds it) and weakens far from what it learned, so the answer is measured
on the sentence itself and what is missing is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sambert.acoustic.inputs import AcousticInput
from sambert.limits import RANGES
from sambert.pack import Manifest
from sambert.types import Mel
from sambert.vocoder.pieces import denormalise

# Semitones are shifts of log F0, but the model's pitch is linear in F0. Where the pack does not tell the scale (plain
# voices), mean / std of F0 is taken as 4, about what speakers of the published corpora have.
USUAL_F0_RATIO = 4.0
PITCH = RANGES["pitch"]
OWN = 2.5  # semitones a voice is asked to move by itself: beyond what it learned, words get lost. The rest is for the wave


def bent(
    speak: Callable[[AcousticInput], Mel], given: AcousticInput, semitones: np.ndarray, ranges: np.ndarray, manifest: Manifest
) -> tuple[Mel, np.ndarray]:
    """semitones, ranges: (S,), the shift of each symbol's F0 and the factor on its distance from the sentence's mean F0. Returns
    the mel and the semitones (S,) beyond what a voice is asked for itself. A voice that tells no F0 keeps its range."""
    if manifest.nsf and (ranges != 1).any():
        plain = speak(given)
        contour = _contour(plain, manifest)
        away = contour - np.average(contour, weights=np.maximum(plain.durations, 1))
        semitones = np.clip(semitones + (ranges - 1) * away, *PITCH).astype(np.float32)
    own = own_part(semitones, manifest)
    return pitched(speak, given, own, manifest), semitones - own


def pitched(speak: Callable[[AcousticInput], Mel], given: AcousticInput, semitones: np.ndarray, manifest: Manifest) -> Mel:
    """semitones: (S,), for a voice that tells its F0 within ±OWN. Costs three runs of the acoustic model; plain voices, which
    tell no F0, are asked once and believed."""
    if not semitones.any():
        return speak(given)
    ratio = manifest.f0_mean / manifest.f0_std if manifest.nsf and manifest.f0_std else USUAL_F0_RATIO
    if not manifest.nsf:
        return speak(_lifted(given, semitones, ratio))
    given_back = _contour(speak(_lifted(given, semitones, ratio)), manifest) - _contour(speak(given), manifest)
    return speak(_lifted(given, 2 * semitones - given_back, ratio))


def raised(mel: Mel, semitones: np.ndarray, manifest: Manifest) -> Mel:
    """The same mel with its F0 channel moved by semitones (S,), one for each symbol."""
    frames, moved = mel.frames.copy(), np.zeros(len(mel.frames), np.float32)
    each = np.repeat(semitones, mel.durations)[: len(moved)]
    moved[: len(each)] = each
    f0, _ = denormalise(frames, manifest)
    frames[:, -2] = (f0 * 2 ** (moved / 12) - manifest.f0_mean) / manifest.f0_std
    return replace(mel, frames=frames)


def own_part(semitones: np.ndarray, manifest: Manifest) -> np.ndarray:
    """How much of it the voice is to do; a plain voice all, since without its F0 the wave cannot be moved."""
    return np.clip(semitones, -OWN, OWN) if manifest.nsf else semitones


def _lifted(given: AcousticInput, semitones: np.ndarray, ratio: float) -> AcousticInput:
    return replace(given, lift=((2 ** (semitones / 12) - 1) * ratio).astype(np.float32))


def _contour(mel: Mel, manifest: Manifest) -> np.ndarray:
    """Mean log F0 of each symbol in semitones, (S,); unvoiced symbols lie on the line between their neighbours."""
    f0, voiced = denormalise(mel.frames, manifest)
    owner = np.repeat(np.arange(len(mel.durations)), mel.durations)[: len(f0)]
    size = len(mel.durations)
    counts = np.bincount(owner, weights=voiced, minlength=size)
    sums = np.bincount(owner, weights=voiced * 12 * np.log2(f0), minlength=size)
    heard = np.flatnonzero(counts)
    if not len(heard):
        return np.zeros(size)
    return np.interp(np.arange(size), heard, sums[heard] / counts[heard])
