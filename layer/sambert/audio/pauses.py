"""Exact pauses: what the voice itself leaves silent is taken out, what was asked for is put in.

In: the samples of one piece, the edges of its symbols, the pauses wanted. Out: samples and edges with exactly that silence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sambert.types import Pause

WINDOW_S = 0.004  # loudness is the RMS of this long; it is looked at every millisecond
STEP_S = 0.001
FLOOR_DB = -33.0  # so far below the piece's loudest window nothing counts as speech
REACH = 2  # phones: labels lag and lead, so the silence of a pause reaches into the phones beside it
NEAR = 40  # ms about a pause where the voice may fall quiet instead
TAIL_S, HEAD_S = 0.004, 0.002  # fades inside the speech, or the cut clicks; a plosive's burst must outlive the second


@dataclass(frozen=True, slots=True)
class Gap:
    """samples[begin:end], where symbols[first:last] are, give way to ``length`` samples of silence."""

    first: int
    last: int
    begin: int
    end: int
    length: int


def gaps(samples: np.ndarray, edges: np.ndarray, pauses: Sequence[Pause], rate: int) -> list[Gap]:
    """Where the voice is silent around each pause, by its energy. samples: (N,); edges: (S + 1,) samples; pauses in order.

    A pause at either end of the piece takes all that is silent there. Where the voice does not fall silent the gap is empty
    and lies at the quietest place.
    """
    step = round(STEP_S * rate)
    loud = _loudness(samples, rate)
    speech = loud > loud.max() * 10 ** (FLOOR_DB / 20)
    found: list[Gap] = []
    for pause in pauses:
        low, high = max(pause.first - REACH, 0), min(pause.last + REACH, len(edges) - 1)
        bounds = (int(edges[at]) // step for at in (low, pause.first, pause.last, high))
        begin, end = (at * step for at in _silent(loud, speech, *bounds))
        begin = max(0 if pause.first == 0 else begin, found[-1].end if found else 0)
        end = len(samples) if pause.last == len(edges) - 1 else max(begin, end)
        found.append(Gap(pause.first, pause.last, begin, end, round(pause.ms * rate / 1000)))
    return found


def cut(samples: np.ndarray, edges: np.ndarray, found: Sequence[Gap], rate: int) -> tuple[np.ndarray, np.ndarray]:
    """The piece with its gaps exchanged, and the edges of the same symbols: none lies inside a gap."""
    parts: list[np.ndarray] = []
    edges, moved = edges.astype(np.int64), np.zeros(len(edges), np.int64)
    at, head = 0, False
    for gap in found:
        changed = gap.end > gap.begin or gap.length > 0
        parts += [_faded(samples[at : gap.begin], rate, head, changed), np.zeros(gap.length, np.float32)]
        at, head = gap.end, changed
        edges[: gap.first] = np.minimum(edges[: gap.first], gap.begin)
        edges[gap.first : gap.last] = gap.begin
        edges[gap.last] = gap.end
        edges[gap.last :] = np.maximum(edges[gap.last :], gap.end)
        moved[gap.last :] += gap.length - (gap.end - gap.begin)
    parts.append(_faded(samples[at:], rate, head, False))
    return np.concatenate(parts), edges + moved


def _loudness(samples: np.ndarray, rate: int) -> np.ndarray:
    """RMS around every millisecond."""
    half, step = round(WINDOW_S * rate / 2), round(STEP_S * rate)
    sums = np.cumsum(np.pad(np.square(samples, dtype=np.float64), (half + 1, half)))
    centres = np.arange(0, len(samples) + 1, step)
    return np.sqrt(np.maximum(sums[np.minimum(centres + 2 * half, len(sums) - 1)] - sums[centres], 0) / (2 * half))


def _silent(loud: np.ndarray, speech: np.ndarray, low: int, first: int, last: int, high: int) -> tuple[int, int]:
    """(begin, end) of the silence about [first, last], looked for in [low, high]; indexes into ``speech``.

    Speech may end after ``first`` or before it, and begin again before ``last`` or after it; what is loud only in between,
    a breath, is part of the silence.
    """
    begin, end = first, last
    while begin < last and speech[begin]:
        begin += 1
    if begin == last and speech[min(begin, len(speech) - 1)]:  # no silence there: the quietest place near
        near = max(low, first - NEAR)
        quiet = near + int(np.argmin(loud[near : min(high, last + NEAR) + 1]))
        if speech[quiet]:
            return quiet, quiet
        begin = end = quiet
    while begin > low and not speech[begin - 1]:
        begin -= 1
    while end > begin and speech[end - 1]:
        end -= 1
    while end < high and not speech[min(end, len(speech) - 1)]:
        end += 1
    return begin, end


def _faded(part: np.ndarray, rate: int, head: bool, tail: bool) -> np.ndarray:
    part = part.copy()
    for wanted, seconds, ahead in ((head, HEAD_S, True), (tail, TAIL_S, False)):
        count = min(round(seconds * rate), len(part))
        if wanted and count:
            ramp = np.arange(1, count + 1, dtype=np.float32) / (count + 1)
            if ahead:
                part[:count] *= ramp
            else:
                part[-count:] *= ramp[::-1]
    return part
