"""Words: where they begin and end. In: spoken text. Out: ``Word``s that cover it, each with a part of speech.

The cheapest path through the dictionary's word graph (cost = −ln p of each word), then what a dictionary cannot list:
personal names, and numbers as one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .lexicon import TAGS, hash_windows, lexicon

HANZI = r"㐀-䶿一-鿿〇豈-﫿\U00020000-\U000323af"
_RUN = re.compile(rf"(?P<hanzi>[{HANZI}]+)|(?P<latin>[A-Za-z]+(?:['’][A-Za-z]+)*)|(?P<mark>.)", re.DOTALL)
_UNKNOWN = 240  # cost of a character that is in no dictionary
_FORCED = -10_000  # makes a word the caller insists on win over every other path
_NUMBER = re.compile(r"[零〇一二三四五六七八九十百千万亿点幺两]{3,}")
_NUMBER_PART = re.compile(r".{0,7}?[万亿](?=.{2})|点?.{1,4}")
LATIN, MARK = "latin", "mark"  # tags of what is not a Chinese word
NUMERAL = "m"


@dataclass(frozen=True, slots=True)
class Word:
    """text as spoken; begin: its index there; tag: a tag of lexicon.TAGS, LATIN, or MARK for punctuation and the like."""

    text: str
    begin: int
    tag: str

    @property
    def end(self) -> int:
        return self.begin + len(self.text)


def segment(text: str, fixed: Iterable[tuple[int, int]] = ()) -> list[Word]:
    """Words of ``text``, in order and without gaps. fixed: stretches that are one word each, whatever the dictionary says."""
    forced = set(fixed)
    found: list[Word] = []
    for run in _RUN.finditer(text):
        if run["hanzi"]:
            wanted = {
                (begin - run.start(), end - run.start()) for begin, end in forced if run.start() <= begin < end <= run.end()
            }
            found += _cheapest(run["hanzi"], run.start(), wanted or set(_numbers(run["hanzi"])))
        else:
            found.append(Word(run[0], run.start(), LATIN if run["latin"] else MARK))
    return found


def _cheapest(run: str, offset: int, wanted: set[tuple[int, int]]) -> list[Word]:
    """Viterbi from the left over all dictionary words of a run of hanzi."""
    rows = lexicon().words_in(hash_windows(run))
    size = len(run)
    best = [0] + [1 << 60] * size
    back = [(0, 0)] * (size + 1)
    longer: dict[int, list[int]] = {}
    for begin, end in wanted:
        longer.setdefault(begin, []).append(end)
    for begin in range(size):
        here = best[begin]
        for length, (costs, tags) in enumerate(rows, 1):
            if begin + length > size:
                break
            cost = costs[begin]
            if cost < 0:
                if length > 1:
                    continue
                cost = _UNKNOWN
            if here + cost < best[begin + length]:
                best[begin + length] = here + cost
                back[begin + length] = (begin, tags[begin] if costs[begin] >= 0 else TAGS.index("n"))
        for end in longer.get(begin, ()):
            if here + _FORCED < best[end]:
                best[end], back[end] = here + _FORCED, (begin, TAGS.index("n"))
    words: list[Word] = []
    while size:
        begin, tag = back[size]
        words.append(Word(run[begin:size], offset + begin, TAGS[tag]))
        size = begin
    return words[::-1]


def _numbers(run: str) -> Iterator[tuple[int, int]]:
    """Numbers of three characters and more are words of their own, long ones cut after 万 and 亿, else by fours."""
    for number in _NUMBER.finditer(run):
        for part in _NUMBER_PART.finditer(number[0]):
            yield number.start() + part.start(), number.start() + part.end()
