"""Prosodic breaks. In: words. Out: the level of the break after each: 0 none, 1 prosodic word, 2 phrase, 3 intonation phrase, 4 end."""

from __future__ import annotations

from .words import MARK, Word

PHRASE_MARKS = frozenset("，,；;：:、—…()（）。！？!?.\n\u2009")
SILENT = 0


def levels(words: list[Word], full: bool = True) -> list[int]:
    """One level a word; marks get 0, the word before one gets theirs. The last spoken word gets 4."""
    result = [0 if word.tag == MARK else 1 for word in words]
    last = -1
    for index, word in enumerate(words):
        if word.tag != MARK:
            last = index
        elif last >= 0 and word.text in PHRASE_MARKS:
            result[last] = max(result[last], 3)
    if last >= 0:
        result[last] = 4
    return result
