"""KAN-TTS symbols ↔ the ids a network was trained with.

In: ``{n_c$tone3$s_begin$word_begin$emotion_neutral$F7} {…} …`` or front-end Symbols. Out: int64 ids. The tables come from
the voice (voice.json at run time, am/config.yaml at build time), never from this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sambert.errors import SpeechError

SYLLABLE_FLAGS = ("s_begin", "s_end", "s_none", "s_both", "s_middle")
WORD_SEGMENTS = ("word_begin", "word_end", "word_middle", "word_both", "word_none")
# The order is the row order of every KAN-TTS emotion table.
EMOTIONS = (
    *("none", "neutral", "angry", "disgust", "fear", "happy", "sad", "surprise"),
    *("calm", "gentle", "relax", "lyrical", "serious", "disgruntled", "satisfied", "disappointed"),
    *("excited", "anxiety", "jealousy", "hate", "pity", "pleasure", "arousal", "dominance"),
    *(f"placeholder{number}" for number in range(1, 10)),
)
BREAKS = ("#1", "#2", "#3", "#4")
FIELDS = 6
MAX_SYMBOLS = 4000  # of one sentence: about ten times what the front end ever makes


@dataclass(frozen=True)
class SymbolTable:
    """The values each field may take, in row order, without the closing specials (``_``, ``~``, ``@[MASK]``)."""

    phones: tuple[str, ...]
    tones: tuple[str, ...]
    speakers: tuple[str, ...]
    specials: int = 3  # 2 in legacy voices (has_mask: false)

    @property
    def sizes(self) -> dict[str, int]:
        """Rows of each embedding table."""
        columns = {
            "sy": self.phones,
            "tone": self.tones,
            "syllable_flag": SYLLABLE_FLAGS,
            "word_segment": WORD_SEGMENTS,
            "emotion": EMOTIONS,
            "speaker": self.speakers,
        }
        return {name: len(values) + self.specials for name, values in columns.items()}

    @cached_property
    def _rows(self) -> tuple[dict[str, int], ...]:
        emotions = [f"emotion_{name}" for name in EMOTIONS]
        columns = (self.phones, self.tones, SYLLABLE_FLAGS, WORD_SEGMENTS, emotions, self.speakers)
        return tuple({value: row for row, value in enumerate(column)} for column in columns)

    def encode(self, tokens: Sequence[Sequence[str]]) -> np.ndarray:
        """tokens: fields of each symbol, as many as the caller has (4 or 6). Returns (S, fields) int64.

        Raises bad_symbol with the symbol and its place (from 1).
        """
        ids = np.empty((len(tokens), len(tokens[0]) if tokens else FIELDS), np.int64)
        for position, token in enumerate(tokens):
            try:
                ids[position] = [rows[value] for rows, value in zip(self._rows, token, strict=False)]
            except (KeyError, ValueError):
                raise SpeechError("bad_symbol", symbol="$".join(token), position=position + 1) from None
        return ids

    def parse(self, text: str) -> np.ndarray:
        """A KAN-TTS symbol string → (S, 6) int64. Raises bad_symbol, empty_text, text_too_long."""
        words = text.split()
        if not words:
            raise SpeechError("empty_text")
        if len(words) > MAX_SYMBOLS:
            raise SpeechError("text_too_long", length=len(words), limit=MAX_SYMBOLS)
        tokens = [word.strip("{}").split("$") for word in words]
        for position, token in enumerate(tokens):
            if len(token) != FIELDS:
                raise SpeechError("bad_symbol", symbol=words[position], position=position + 1)
        return self.encode(tokens)
