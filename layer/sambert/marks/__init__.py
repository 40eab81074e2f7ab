"""When each stretch of the caller's text sounds.

In: spans over symbols and the samples at which symbols begin and end. Out: marks in ms, and their writers: JSON, SRT, VTT.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sambert.marks.writers import to_json, to_srt, to_vtt
from sambert.types import Mark, Span

__all__ = ["marks_of", "to_json", "to_srt", "to_vtt"]


def marks_of(spans: Iterable[Span], edges: np.ndarray, rate: int) -> tuple[Mark, ...]:
    """edges: (S + 1,) samples from the beginning of the audio: symbol i sounds from edges[i] to edges[i + 1]."""
    times = np.rint(edges * 1000 / rate).astype(int)
    return tuple(
        Mark(span.kind, span.text, span.begin, span.end, int(times[span.first]), int(times[span.last])) for span in spans
    )
