"""Words that a break or the end of a line cuts in two: 银<break/>行. In: a passage. Out: readings as if nothing stood between."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import readings
from .passages import Passage
from .user_lexicon import UserLexicon
from .words import segment

_BLANKS = re.compile(r"(?<=\w)\s+(?=\w)")  # within a sentence


def across(passage: Passage, lexicon: UserLexicon) -> dict[int, str]:
    """Index in the passage's text → lexical syllable, for the characters of such words."""
    gaps = set(_gaps(passage))
    if not gaps:
        return {}
    places = [at for at in range(len(passage.text)) if at not in gaps]
    text = "".join(passage.text[at] for at in places)
    given = lexicon.find(text)
    words = segment(text, given)
    said = readings.read(text, words, given)
    cut = (word for word in words if places[word.end - 1] - places[word.begin] >= len(word.text))
    return {places[at]: said[at] for word in cut for at in range(word.begin, word.end) if said[at]}


def _gaps(passage: Passage) -> Iterator[int]:
    """Commas that stand for a break, which no character of the original is; blanks that end a line of a document."""
    if passage.breaks:
        yield from (at for at, (begin, end) in enumerate(passage.origin) if begin == end and passage.text[at] == "，")
    for run in _BLANKS.finditer(passage.text):
        begin, end = passage.origin[run.start()][0], passage.origin[run.end() - 1][1]
        if "\n" in passage.source[begin:end]:
            yield from range(*run.span())
