"""Sounds among and under the speech. In: the samples of a piece and what is to be heard with it. Out: samples in -1..1.

In a silence a sound lies where the document has it; a background runs on from piece to piece.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sambert.types import Background, Sound, Utterance

Samples = Callable[[str], np.ndarray]  # by a sound's address


def inserted(samples: np.ndarray, edges: np.ndarray, utterance: Utterance, samples_of: Samples, rate: int) -> np.ndarray:
    """The piece with the sounds of its silences. edges: (S + 1,): where each symbol begins; silence_ms are its last samples."""
    placed: list[tuple[int, tuple[Sound, ...]]] = [
        (int(edges[pause.last]) - round(pause.ms * rate / 1000), pause.sounds) for pause in utterance.pauses if pause.sounds
    ]
    placed.append((len(samples) - round(utterance.silence_ms * rate / 1000), utterance.sounds))
    if not any(sounds for _, sounds in placed):
        return samples
    samples = samples.copy()
    for begin, sounds in placed:
        for sound in sounds:
            at = max(begin + round(sound.at * rate / 1000), 0)
            heard = samples_of(sound.src)[: len(samples) - at]
            samples[at : at + len(heard)] += heard
    return np.clip(samples, -1, 1)


def under(samples: np.ndarray, begin: int, background: Background, music: np.ndarray, rate: int) -> np.ndarray:
    """The piece, which begins ``begin`` samples from the beginning of the speech, with the background under it."""
    return np.clip(samples + _playing(begin, len(samples), background, music, rate), -1, 1)


def ending(begin: int, background: Background, music: np.ndarray, rate: int) -> np.ndarray:
    """The background alone, behind the end of the speech, until it has faded."""
    length = round(background.fade_out * rate / 1000)
    return _playing(begin, length, background, music, rate) * np.linspace(1, 0, length, endpoint=False, dtype=np.float32)


def _playing(begin: int, length: int, background: Background, music: np.ndarray, rate: int) -> np.ndarray:
    """The recording over and over, with its volume, faded in at the beginning of the speech."""
    at = np.arange(begin, begin + length)
    gains = np.float32(background.volume)
    fade = round(background.fade_in * rate / 1000)
    if begin < fade:
        gains = gains * np.minimum(at / fade, 1).astype(np.float32)
    return np.clip(music[at % len(music)] * gains, -1, 1)
