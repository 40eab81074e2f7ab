"""Azure's silences at every sentence end, comma, semicolon or enumeration comma. In: a text. Out: its parts, and what follows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import split

SENTENCE = "sentenceboundary"
KINDS = {"comma": "，,", "semicolon": "；;", "enumerationcomma": "、", SENTENCE: ""}
_CLAUSE = re.compile(r"[，；;、]|(?<!\d),|,(?!\d)")  # not in 1,000
_READABLE = re.compile(r"\w")


def parts(text: str, kinds: frozenset[str]) -> Iterator[tuple[int, int]]:
    """(begin, end) of each part, cut behind the marks of ``kinds``; all but the first have something to say."""
    ends = [end for _, end in split.sentences(text) if SENTENCE in kinds and split.ends(text[max(0, end - 99) : end])]
    ends += [found.end() for found in _CLAUSE.finditer(text) if after(found[0], kinds)]
    readable = [found.start() for found in _READABLE.finditer(text)]
    begin, said = 0, iter(readable)
    first, last = next(said, 0), readable[-1] if readable else 0
    leading = max((end for end in ends if end <= first), default=0)  # marks that follow what stands before the text
    for end in sorted(set(ends)):
        if end == leading or first < end <= last:
            yield begin, end
            begin = end
            first = next((at for at in said if at >= end), len(text))
    if begin < len(text):
        yield begin, len(text)


def after(text: str, kinds: frozenset[str]) -> str:
    """The one of ``kinds`` that ``text`` ends with, "" for none. Semicolons end sentences where nothing is said of them."""
    text = text.rstrip()
    for kind in kinds - {SENTENCE}:
        if text and text[-1] in KINDS[kind]:
            return kind
    return SENTENCE if SENTENCE in kinds and split.ends(text) else ""
