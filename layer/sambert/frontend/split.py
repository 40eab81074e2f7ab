"""Long text into pieces. In: the original text; words of one sentence. Out: stretches of text; groups of words.

Sentence ends first, then clauses, then any word boundary: never inside a word, at most about ``PIECE`` characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .words import MARK, Word

PIECE = 50  # characters a piece
SENTENCE = 400  # a text without any full stop is cut at this many characters
# A point after an initial or a title ends nothing where a capital follows: J. K. Rowling, Dr. Wang.
_NO_TITLE = r"(?:(?!\.\s[A-Z])|(?<!^[A-Z])(?<![^A-Za-z][A-Z])(?<!^[MDS][rst])(?<![^A-Za-z][MDS][rst])(?<!Mrs)(?<!Prof))"
_END = re.compile(rf"(?:[。！？；…]|[!?;](?![A-Za-z0-9]))+[”’」』）)\"'》】]*|{_NO_TITLE}\.(?=\s|$)|\n+")
_CLOSING = 20  # characters: more marks than that end no sentence
_CLAUSES = frozenset("，,、：:；;—…")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """(begin, end) of each sentence, in order, together all of ``text``."""
    begin = 0
    while begin < len(text):
        found = _END.search(text, begin, begin + SENTENCE)
        end = found.end() if found else _soft_end(text, begin) if len(text) - begin > SENTENCE else len(text)
        yield begin, end
        begin = end


def ends(text: str) -> bool:
    """Whether ``text`` ends with the end of a sentence."""
    text = text.rstrip()
    return any(found.end() == len(text) for found in _END.finditer(text, max(0, len(text) - _CLOSING)))


def _soft_end(text: str, begin: int) -> int:
    """Where a stretch without sentence end is cut: the last clause mark or space, else between two hanzi."""
    limit = begin + SENTENCE
    for at in range(limit, begin + SENTENCE // 2, -1):
        if text[at - 1] in _CLAUSES or text[at - 1].isspace():
            return at
    for at in range(limit, begin + SENTENCE // 2, -1):
        if text[at - 1] > "\u2e7f" and text[at] > "\u2e7f":
            return at
    return limit


def pieces(words: list[Word]) -> Iterator[list[Word]]:
    """Groups of at most about PIECE spoken characters, cut after clauses where there are any."""
    group: list[Word] = []
    for clause in _clauses(words):
        if group and _size(group) + _size(clause) > PIECE:
            yield group
            group = []
        group += clause
    if group:
        yield group


def _clauses(words: list[Word]) -> Iterator[list[Word]]:
    clause: list[Word] = []
    for word in words:
        if clause and word.tag != MARK and _size(clause) + len(word.text) > PIECE:
            yield clause
            clause = []
        clause.append(word)
        if word.tag == MARK and word.text in _CLAUSES:
            yield clause
            clause = []
    if clause:
        yield clause


def _size(words: list[Word]) -> int:
    return sum(len(word.text) for word in words if word.tag != MARK)
