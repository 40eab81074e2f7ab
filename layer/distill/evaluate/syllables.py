"""Syllables lost or said twice, by what the ears heard. In: a line and what was heard of it. Out: how many.

The ears drop syllables of good speech, too, so a teacher's counts of the same lines are to be held against it.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from sambert.frontend import normalize
from sambert_distill.evaluate import ears


def lost_or_repeated(wanted: str, heard: str) -> int:
    """Syllables without tone that are missing, or stand there once more than they should; misheard ones do not count."""
    first = ears.syllables(ears.canonical(normalize(wanted)), tones=False)
    counts = []
    for reading in ears.readings(heard):
        second, wrong = ears.syllables(reading, tones=False), 0
        for _, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
            wrong += max(0, (b - a) - (d - c))
            if a == b:
                wrong += sum(one in (*first[max(a - 1, 0) : a], *first[a : a + 1]) for one in second[c:d])
        counts.append(wrong)
    return min(counts)
