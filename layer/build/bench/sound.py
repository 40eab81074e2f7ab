"""What a faster variant of a voice does to its sound. In: two packs of one voice. Out: figures, and a table of them.

Both read the same lines aloud (``sambert bench --sound FP32 INT8``, evaluation environment): the distance of their log mels,
how much louder the wave is than the difference, errors of the recogniser and DNSMOS, side by side.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sambert import Request, load_voice
from sambert.synthesizer import Synthesizer
from sambert_build.bench.report import table
from sambert_build.bench.texts import symbols_of

LINES = 30
WINDOW, HOP, BANDS, TOP_HZ = 1024, 200, 80, 8000
FLOOR = 1e-5  # of magnitudes: what is 60 dB below the loud parts is not compared


def bands(rate: int) -> np.ndarray:
    """Triangles evenly spaced on the mel scale (2595 · log10(1 + f / 700)): (bands, WINDOW / 2 + 1)."""
    edges = 700 * (10 ** (np.linspace(0, np.log10(1 + TOP_HZ / 700), BANDS + 2)) - 1)
    hertz = np.fft.rfftfreq(WINDOW, 1 / rate)
    rising = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling))


def log_mel(samples: np.ndarray, rate: int) -> np.ndarray:
    """(frames, bands) in dB."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP] * np.hanning(WINDOW)
    magnitude = np.abs(np.fft.rfft(frames, axis=1)) / WINDOW
    return 20 * np.log10(np.maximum(magnitude @ bands(rate).T, FLOOR))


def distance(exact: np.ndarray, other: np.ndarray, rate: int) -> float:
    """Mean absolute difference of the log mels in dB, over what both have."""
    length = min(len(exact), len(other))
    return float(np.abs(log_mel(exact[:length], rate) - log_mel(other[:length], rate)).mean())


def _vocoded(exact: Synthesizer, other: Synthesizer, text: str) -> tuple[float, float]:
    """Both vocoders on the same mel: (signal over difference in dB, log-mel distance in dB)."""
    mel = exact.mel(symbols_of(text, exact))
    wave, rough = exact.wave(mel), other.wave(mel)
    ratio = 10 * np.log10(np.square(wave).sum() / np.square(wave - rough).sum())
    return float(ratio), distance(wave, rough, exact.manifest.sample_rate)


def _judged(texts: list[str], spoken: list[np.ndarray]) -> dict[str, Any]:
    from sambert_distill.evaluate import ears, quality

    scores = [ears.score(text, ears.transcribe(samples)) for text, samples in zip(texts, spoken, strict=True)]
    return {**ears.rates(scores), "dnsmos": float(np.mean([quality.dnsmos(samples) for samples in spoken]))}


def measure(exact_pack: Path, other_pack: Path, count: int = LINES) -> dict[str, Any]:
    """Two packs of different names, both at 16 kHz, which the ears and DNSMOS want."""
    from sambert_distill.evaluate.said import held_out

    exact, other = load_voice(exact_pack), load_voice(other_pack)
    texts = held_out(count)
    ratios, mels = zip(*(_vocoded(exact, other, text) for text in texts), strict=True)
    spoken = {voice.manifest.name: [voice.speak(Request(text=text)).samples for text in texts] for voice in (exact, other)}
    ends = [distance(*pair, exact.manifest.sample_rate) for pair in zip(*spoken.values(), strict=True)]
    return {
        "lines": len(texts),
        "vocoder_snr_db": float(np.mean(ratios)),
        "vocoder_log_mel_db": float(np.mean(mels)),
        "whole_log_mel_db": float(np.mean(ends)),
        "voices": {name: _judged(texts, samples) for name, samples in spoken.items()},
    }


def report(found: dict[str, Any]) -> str:
    keys = {"characters": "characters, %", "toneless": "toneless pinyin, %", "toned": "toned pinyin, %", "dnsmos": "DNSMOS"}
    rows = [[name, *(f"{said[key]:.2f}" for key in keys)] for name, said in found["voices"].items()]
    return (
        f"{found['lines']} lines. Vocoders on the same mel: wave {found['vocoder_snr_db']:.1f} dB above the difference, log mel "
        f"{found['vocoder_log_mel_db']:.2f} dB apart. Text to samples: log mel {found['whole_log_mel_db']:.2f} dB apart.\n\n"
        + table(("errors of the recogniser", *keys.values()), rows)
    )
