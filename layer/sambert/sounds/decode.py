"""Sound files to samples, by libsndfile. In: bytes of a WAV, FLAC, OGG or MP3. Out: float32 samples, mono, at the wanted rate."""

from __future__ import annotations

import io

import numpy as np
import soundfile

_FORMATS = frozenset({"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3"})
_CHANNELS = 8
_BLOCK = 1 << 16  # frames: memory grows with what is kept, not with the file's channels and rate


class TooLong(ValueError):
    """More than was allowed, whatever the file's head says."""


def decode(body: bytes, rate: int, seconds: float) -> np.ndarray:
    """(N,) in -1..1. Raises TooLong beyond ``seconds``; ValueError where it is no sound, or none of a format that is known."""
    try:
        with soundfile.SoundFile(io.BytesIO(body)) as file:
            if file.format not in _FORMATS or file.channels > _CHANNELS:
                raise ValueError(f"{file.format}, {file.channels} channels")
            samples = _mono(file, seconds)
            own = file.samplerate
    except soundfile.LibsndfileError as error:
        raise ValueError(str(error)) from error
    if not len(samples):
        raise ValueError("no samples")
    if own != rate:
        import soxr

        samples = soxr.resample(samples, own, rate)
    return np.clip(samples, -1, 1).astype(np.float32)


def _mono(file: soundfile.SoundFile, seconds: float) -> np.ndarray:
    kept: list[np.ndarray] = []
    left = int(seconds * file.samplerate)
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        left -= len(block)
        if left < 0:
            raise TooLong
        kept.append(np.nan_to_num(block).mean(axis=1))
    return np.concatenate(kept) if kept else np.zeros(0, np.float32)
