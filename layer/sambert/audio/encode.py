"""Encoding by LAME (MP3) and libsndfile (all else), and resampling by soxr when another rate is asked for.

In: float32 samples, whole or part by part. Out: bytes. An Encoder's memory grows with the file, not with the samples.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import soundfile

from sambert.audio.mp3 import Mp3
from sambert.errors import SpeechError

CONTENT_TYPES = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "pcm": "audio/L16",
}
SAMPLE_RATES = (8000, 16000, 24000, 48000)
_LIBSNDFILE = {
    "wav": ("WAV", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "ogg": ("OGG", "VORBIS"),
    "opus": ("OGG", "OPUS"),
    "pcm": ("RAW", "PCM_16"),
}
# libvorbis overflows its stack when handed millions of samples at once
_BLOCK = 1 << 16


class _File(Protocol):
    """size: bytes so far."""

    size: int

    def write(self, samples: np.ndarray) -> None: ...

    def finish(self) -> bytes: ...


class _Sndfile:
    def __init__(self, format: str, rate: int) -> None:
        self._buffer = io.BytesIO()
        container, subtype = _LIBSNDFILE[format]
        options: dict[str, Any] = {"endian": "LITTLE"} if format == "pcm" else {}
        self._file = soundfile.SoundFile(self._buffer, "w", rate, 1, subtype, format=container, **options)

    @property
    def size(self) -> int:
        return self._buffer.tell()

    def write(self, samples: np.ndarray) -> None:
        for begin in range(0, len(samples), _BLOCK):
            self._file.write(samples[begin : begin + _BLOCK])

    def finish(self) -> bytes:
        self._file.close()
        return self._buffer.getvalue()


class Encoder:
    """Write parts, then finish() for the bytes. Raises unknown_format, unknown_sample_rate."""

    def __init__(self, rate: int, format: str = "wav", sample_rate: int | None = None) -> None:
        if format not in CONTENT_TYPES:
            raise SpeechError("unknown_format", format=format, available="、".join(CONTENT_TYPES))
        target = sample_rate or rate
        if target != rate and target not in SAMPLE_RATES:
            raise SpeechError("unknown_sample_rate", sample_rate=target, available="、".join(map(str, SAMPLE_RATES)))
        self.sample_rate, self.samples = target, 0
        self._resample = resampler(rate, target)
        self._file: _File = Mp3(target) if format == "mp3" else _Sndfile(format, target)

    def write(self, samples: np.ndarray, *, last: bool = False) -> None:
        samples = self._resample(np.clip(samples, -1, 1).astype(np.float32), last)
        self._file.write(samples)
        self.samples += len(samples)

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._file.size

    @property
    def duration_ms(self) -> int:
        return round(1000 * self.samples / self.sample_rate)

    def finish(self) -> bytes:
        self.write(np.zeros(0, np.float32), last=True)
        return self._file.finish()


def resampler(rate: int, target: int) -> Any:
    """(samples, last) → samples at the other rate, part by part."""
    if rate == target:
        return lambda samples, last: samples
    import soxr  # only when asked for: most callers take the voice's own rate

    return soxr.ResampleStream(rate, target, 1, dtype="float32").resample_chunk


def encode(samples: np.ndarray | Iterable[np.ndarray], rate: int, format: str = "wav", sample_rate: int | None = None) -> bytes:
    """All at once. samples: one array, or parts. Raises unknown_format, unknown_sample_rate."""
    encoder = Encoder(rate, format, sample_rate)
    for part in [samples] if isinstance(samples, np.ndarray) else samples:
        encoder.write(part)
    return encoder.finish()
