"""Syllable boundaries by maximal onset. In: ARPAbet phones, stress digits on vowels. Out: one tuple of phones a syllable."""

from __future__ import annotations

from itertools import pairwise

from ..sections import sections

_ONSETS = frozenset(tuple(onset.split("_")) for onset in sections("english.txt")["onsets"])


def split(phones: tuple[str, ...]) -> list[tuple[str, ...]]:
    """("hh","ae1","p","iy0") → [("hh","ae1"), ("p","iy0")]. Phones without any vowel are one syllable."""
    vowels = [index for index, phone in enumerate(phones) if phone[-1].isdigit()]
    if not vowels:
        return [phones] if phones else []
    bounds = [0, *(_boundary(phones, before, after) for before, after in pairwise(vowels)), len(phones)]
    return [phones[begin:end] for begin, end in pairwise(bounds)]


def _boundary(phones: tuple[str, ...], before: int, after: int) -> int:
    """Where the onset of the vowel at ``after`` begins: as many consonants as English allows."""
    for start in range(before + 1, after):
        onset = phones[start:after]
        if onset in _ONSETS or (len(onset) == 1 and onset != ("ng",)):
            return start
    return after
