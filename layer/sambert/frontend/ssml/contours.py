"""Pitch curves of prosody's contour. In: points and the texts inside the element. Out: the texts with semitones a character."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from .document import Text

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Contour:
    """Over an open element: its depth, the segments and characters before it, (place 0..1, semitones) in order of place."""

    depth: int
    first: int
    begin: int
    points: Points

    def over(self, text: Text, end: int) -> Text:
        """A text inside the element, which ends at ``end``; contours around contours add up."""
        before = text.bend or (0.0,) * len(text.text)
        length, first = max(end - self.begin - 1, 1), text.begin - self.begin
        bend = (old + _between(self.points, at / length) for at, old in enumerate(before, first))
        return replace(text, bend=tuple(bend))


def _between(points: Points, at: float) -> float:
    """On the lines between the points; level before the first and behind the last."""
    for (left, low), (right, high) in pairwise(points):
        if left <= at < right:
            return low + (high - low) * (at - left) / (right - left)
    return points[0][1] if at < points[0][0] else points[-1][1]
