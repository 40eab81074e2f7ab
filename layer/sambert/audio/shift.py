"""Pitch of finished samples, by pitch-synchronous overlap-add: periods move closer together or apart, timbre stays.

In: samples, their F0 and the semitones wanted, frame by frame. Out: as many samples. For what a voice cannot sing itself.
Method: Moulines & Charpentier 1990 (TD-PSOLA).
"""

from __future__ import annotations

import numpy as np

SEARCH = 0.2  # of a period: how far a period's peak may lie from where the last one says


def shift(samples: np.ndarray, f0: np.ndarray, semitones: np.ndarray, hop: int, rate: int) -> np.ndarray:
    """f0 (T,) in Hz, 0 where unvoiced; semitones (T,); hop in samples a frame. Unvoiced and unmoved frames stay as they are."""
    wanted = (f0 > 0) & (semitones != 0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], wanted, [0]]).astype(int)))
    out = samples.copy()
    for first, last in edges.reshape(-1, 2):
        begin, end = first * hop, min(last * hop, len(samples))
        periods = rate / np.repeat(f0[first:last], hop)[: end - begin]
        factors = np.repeat(2 ** (semitones[first:last] / 12), hop)[: end - begin]
        _respace(samples, out, begin, periods, factors)
    return out


def _respace(samples: np.ndarray, out: np.ndarray, begin: int, periods: np.ndarray, factors: np.ndarray) -> None:
    """Writes one voiced stretch into ``out``."""
    marks = _peaks(samples[begin : begin + len(periods)], periods)
    if len(marks) < 3:
        return
    low, high = marks[0], marks[-1]
    made = np.zeros(len(periods), np.float64)
    at = float(low)
    while at <= high:
        nearest = int(marks[np.argmin(np.abs(marks - at))])
        size = int(periods[nearest])
        place = round(at)
        reach = min(size, nearest + begin, len(samples) - begin - nearest - 1, place, len(made) - place - 1)
        if reach > 1:
            grain = samples[begin + nearest - reach : begin + nearest + reach + 1]
            window = 0.5 + 0.5 * np.cos(np.pi * np.arange(-reach, reach + 1) / reach)
            # Periods that lie closer together add up to more power.
            made[place - reach : place + reach + 1] += grain * window / np.sqrt(factors[place])
        at += max(periods[place] / factors[place], 2.0)
    # The first and the last period pass over from the samples as they were and back.
    blend = np.zeros(len(periods))
    blend[low : high + 1] = 1
    for side, step in ((low, int(periods[low])), (high, -int(periods[high]))):
        ramp = np.linspace(0, 1, abs(step), endpoint=False)
        part = slice(side, side + step) if step > 0 else slice(side + step + 1, side + 1)
        count = len(blend[part])
        blend[part] = ramp[:count] if step > 0 else ramp[:count][::-1]
    stretch = slice(begin, begin + len(periods))
    out[stretch] = (samples[stretch] * (1 - blend) + made * blend).astype(np.float32)


def _peaks(samples: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """Places of one peak a period, of the sign that stands out."""
    if np.abs(samples.min()) > samples.max():
        samples = -samples
    at = int(np.argmax(samples[: int(periods[0]) + 1]))
    marks = [at]
    while True:
        period = periods[at]
        low, high = at + int((1 - SEARCH) * period), at + int((1 + SEARCH) * period) + 1
        if high >= len(samples):
            return np.asarray(marks)
        at = low + int(np.argmax(samples[low:high]))
        marks.append(at)
