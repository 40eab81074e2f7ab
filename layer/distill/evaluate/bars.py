"""The bars of a distilled voice. In: what was heard of teacher and student, line by line. Out: rows, each passed or missed.

Intervals are 95 % of 2,000 bootstrap draws of lines; teacher and student are drawn together, since they said the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sambert_distill.evaluate.ears import Score

DRAWS = 2000
# name: the field of Score, and how many points more than the teacher are allowed
RATES = {"character errors %": ("characters", 2.5), "toneless pinyin errors %": ("toneless", 1.0),
         "toned pinyin errors %": ("toned", 1.5)}  # fmt: skip
MOS_BELOW, APART, RTF = 0.25, 90.0, 0.06


@dataclass(frozen=True)
class Panel:
    """What was heard of one speaker, line by line, in the same order for all speakers: scores, DNSMOS, the ASR's text."""

    scores: Sequence[Score]
    mos: Sequence[float]
    texts: Sequence[str]

    def rate(self, field: str, rows: np.ndarray) -> float:
        """Errors of these lines together, in percent."""
        counts = np.array([getattr(score, field) for score in self.scores])[rows].sum(0)
        return float(100 * counts[0] / counts[1])

    def quality(self, rows: np.ndarray) -> float:
        return float(np.asarray(self.mos)[rows].mean())


@dataclass(frozen=True)
class Bar:
    """One row. value: of the student; bar: what it must reach, in words. passed: None where there is no bar."""

    what: str
    value: str
    bar: str
    passed: bool | None
    teacher: str = ""
    copy: str = ""
    apart: str = ""

    def __str__(self) -> str:
        verdict = {True: "pass", False: "**miss**", None: ""}[self.passed]
        return f"| {' | '.join([self.what, self.teacher, self.copy, self.value, self.apart, self.bar, verdict])} |"


HEADER = "| | teacher | copy-synthesis | student | student − teacher [95 %] | bar | |\n|---|---|---|---|---|---|---|"


def interval(figure: Callable[[np.ndarray], float], count: int) -> tuple[float, float]:
    """95 % of the figure over lines drawn with replacement; figure: of the rows it is given."""
    chance = np.random.default_rng(0)
    low, high = np.percentile([figure(chance.integers(0, count, count)) for _ in range(DRAWS)], [2.5, 97.5])
    return float(low), float(high)


def heard(student: Panel, teacher: Panel | None, copy: Panel | None) -> list[Bar]:
    """Rows of error rates and DNSMOS; bars only where there is a teacher to compare with."""
    rows = [_row(what, student, teacher, copy, lambda panel, lines, field=field: panel.rate(field, lines), allowed, more=True)
            for what, (field, allowed) in RATES.items()]  # fmt: skip
    return [*rows, _row("DNSMOS OVRL", student, teacher, copy, lambda panel, lines: panel.quality(lines), MOS_BELOW, more=False)]


def _row(what: str, student: Panel, teacher: Panel | None, copy: Panel | None,
         figure: Callable[[Panel, np.ndarray], float], allowed: float, *, more: bool) -> Bar:  # fmt: skip
    """more: whether more is worse."""
    count = len(student.mos)
    digits = 1 if more else 2
    value, *others = (None if panel is None else figure(panel, np.arange(count)) for panel in (student, teacher, copy))
    written = ["" if other is None else f"{other:.{digits}f}" for other in others]
    if teacher is None:
        return Bar(what, f"{value:.{digits}f}", "", None, *written)
    apart = value - others[0]
    low, high = interval(lambda lines: figure(student, lines) - figure(teacher, lines), count)
    passed = apart <= allowed if more else apart >= -allowed
    bar = f"≤ teacher + {allowed}" if more else f"≥ teacher − {allowed}"
    return Bar(what, f"{value:.{digits}f}", bar, passed, *written, f"{apart:+.{digits}f} [{low:+.{digits}f}, {high:+.{digits}f}]")
