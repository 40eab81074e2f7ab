"""KAN-TTS symbols. In: syllables, break levels, the voice's phones. Out: ``Symbol``s, and which of them each syllable became.

Flags as in KAN-TTS labels: a Chinese syllable is two phones, s_begin and s_end; a word's first syllable is word_begin (also its
only one), its last word_end, others word_middle; after each break comes a token #1..#4 of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sambert.types import Controls, Symbol

from . import syllables
from .syllables import Syllable


class Placed(NamedTuple):
    """A syllable and its symbols: symbols[first:last]."""

    syllable: Syllable
    first: int
    last: int


def build(
    spoken: list[Syllable], levels: list[int], known: frozenset[str], controls: Sequence[Controls]
) -> tuple[list[Symbol], list[Placed]]:
    """levels: of the break after each word. controls: of each character of the passage."""
    symbols: list[Symbol] = []
    placed: list[Placed] = []
    ends = {one.word: at for at, one in enumerate(spoken)}
    for at, one in enumerate(spoken):
        starts = at == 0 or spoken[at - 1].word != one.word
        segment = "word_begin" if starts else "word_end" if ends[one.word] == at else "word_middle"
        control = controls[one.begin]
        first = len(symbols)
        for phones, tone in _sayable(one, known):
            for phone, flag in zip(phones, _flags(len(phones)), strict=True):
                symbols.append(Symbol(phone, f"tone{tone}", flag, segment, control))
        placed.append(Placed(one, first, len(symbols)))
        if ends[one.word] == at and levels[one.word]:
            symbols.append(Symbol(f"#{levels[one.word]}", "tone_none", "s_none", "word_none", control))
    return symbols, placed


def _flags(count: int) -> list[str]:
    return ["s_begin", *["s_middle"] * (count - 2), "s_end"] if count > 1 else ["s_both"]


def _sayable(syllable: Syllable, known: frozenset[str]) -> list[tuple[tuple[str, ...], str]]:
    """Its phones and tone; an erhua the voice has no phone for becomes two syllables: huar1 → hua1 er5."""
    if syllable.phones:
        return [(syllable.phones, syllable.tone)]
    base, tone = syllable.text[:-1], syllable.tone
    made = syllables.phones(base) or ()
    if made and base.endswith("r") and base != "er" and not set(made) <= known:
        return [(syllables.phones(base[:-1]), tone), (syllables.phones("er"), "5")]
    return [(made, tone)] if made else []
