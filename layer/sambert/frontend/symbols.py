"""KAN-TTS symbols. In: words, syllables, break levels. Out: ``Symbol``s, and which of them each syllable became.

Flags as in KAN-TTS labels: every syllable is two phones, s_begin and s_end; a word's first syllable is word_begin (also its
only one), its last word_end, others word_middle; after each break comes a token #1..#4 of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from sambert.types import Controls, Symbol

from . import syllables
from .sandhi import Syllable
from .words import Word


@dataclass(frozen=True, slots=True)
class Placed:
    """A syllable and its symbols: symbols[first:last]."""

    syllable: Syllable
    first: int
    last: int


def build(words: list[Word], spoken: list[Syllable], levels: list[int], phones: frozenset[str], controls: Controls
          ) -> tuple[list[Symbol], list[Placed]]:  # fmt: skip
    symbols: list[Symbol] = []
    placed: list[Placed] = []
    ends = {one.word: at for at, one in enumerate(spoken)}
    for at, one in enumerate(spoken):
        starts = at == 0 or spoken[at - 1].word != one.word
        segment = "word_begin" if starts else "word_end" if ends[one.word] == at else "word_middle"
        first = len(symbols)
        for base, tone in _sayable(one.text, phones):
            begin, end = syllables.phones(base)
            symbols.append(Symbol(begin, f"tone{tone}", "s_begin", segment, controls))
            symbols.append(Symbol(end, f"tone{tone}", "s_end", segment, controls))
        placed.append(Placed(one, first, len(symbols)))
        if ends[one.word] == at and levels[one.word]:
            symbols.append(Symbol(_break(levels[one.word], phones), "tone_none", "s_none", "word_none", controls))
    return symbols, placed


def _break(level: int, known: frozenset[str]) -> str:
    """#1 to #4, or the nearest weaker one the voice has learned: many have never seen #2."""
    return next((mark for mark in (f"#{one}" for one in range(level, 0, -1)) if mark in known), f"#{level}")


def _sayable(syllable: str, known: frozenset[str]) -> list[tuple[str, str]]:
    """The syllable as (base, tone); an erhua the voice has no phone for becomes two: huar1 → hua1 er5."""
    base, tone = syllables.split(syllable)
    made = syllables.phones(base)
    if made and set(made) <= known:
        return [(base, tone)]
    if made and base.endswith("r") and base != "er":
        return [(base[:-1], tone), ("er", "5")]
    return [(base, tone)]
