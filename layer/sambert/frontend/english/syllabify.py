"""Syllable boundaries by maximal onset. In: ARPAbet phones, stress digits on vowels. Out: one tuple of phones a syllable."""

from __future__ import annotations

# What may begin an English syllable, besides any single consonant but ng.
_ONSETS = frozenset(
    tuple(onset.split())
    for onset in (
        "p l|p r|p y|b l|b r|b y|t r|t w|d r|d w|k l|k r|k w|k y|g l|g r|g w|f l|f r|f y|th r|th w|sh r|s p|s t|s k|s m|s n|s l|s w|s f|m y|hh y|v y|n y|"
        "s p l|s p r|s p y|s t r|s k r|s k w|s k l|s k y|hh w"
    ).split("|")
)


def split(phones: tuple[str, ...]) -> list[tuple[str, ...]]:
    """("hh","ae1","p","iy0") → [("hh","ae1"), ("p","iy0")]. Phones without any vowel are one syllable."""
    vowels = [index for index, phone in enumerate(phones) if phone[-1].isdigit()]
    if not vowels:
        return [phones] if phones else []
    bounds = [0, *(_boundary(phones, before, after) for before, after in zip(vowels, vowels[1:], strict=False)), len(phones)]
    return [phones[begin:end] for begin, end in zip(bounds, bounds[1:], strict=False)]


def _boundary(phones: tuple[str, ...], before: int, after: int) -> int:
    """Where the onset of the vowel at ``after`` begins: as many consonants as English allows."""
    for start in range(before + 1, after):
        onset = phones[start:after]
        if onset in _ONSETS or (len(onset) == 1 and onset != ("ng",)):
            return start
    return after
