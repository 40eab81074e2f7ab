"""Sound files to samples, by libsndfile. In: bytes of a WAV, FLAC, OGG or MP3. Out: float32 samples, mono, at the wanted rate."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import soundfile

from sambert.audio.encode import resampler

_FORMATS = frozenset({"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3"})
_CHANNELS = 8
_RATES = range(4000, 384_001)  # Hz
_BLOCK = 1 << 16  # frames: memory grows with what is kept, not with the file's channels and rate


class TooLong(ValueError):
    """More than was allowed, whatever the file's head says."""


def decode(body: bytes, rate: int, seconds: float) -> np.ndarray:
    """(N,) in -1..1. Raises TooLong beyond ``seconds``; ValueError where it is no sound, or none of a format that is known."""
    try:
        with soundfile.SoundFile(io.BytesIO(body)) as file:
            if file.format not in _FORMATS or file.channels > _CHANNELS or file.samplerate not in _RATES:
                raise ValueError(f"{file.format}, {file.channels} channels, {file.samplerate} Hz")
            samples = np.concatenate(list(_mono(file, rate, seconds)))
    except soundfile.LibsndfileError as error:
        raise ValueError(str(error)) from error
    if not len(samples):
        raise ValueError("no samples")
    return np.clip(samples, -1, 1, out=samples)


def _mono(file: soundfile.SoundFile, rate: int, seconds: float) -> Iterator[np.ndarray]:
    """Block by block at the wanted rate."""
    change = resampler(file.samplerate, rate)
    left = int(seconds * file.samplerate)
    while len(block := file.read(_BLOCK, dtype="float32", always_2d=True)):
        left -= len(block)
        if left < 0:
            raise TooLong
        yield change(np.nan_to_num(block).mean(axis=1), False)
    yield change(np.zeros(0, np.float32), True)
