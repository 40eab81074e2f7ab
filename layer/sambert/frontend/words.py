"""Words: where they begin and end. In: spoken text. Out: ``Word``s that cover it, each with a part of speech.

The cheapest path through the dictionary's word graph (cost = −ln p of each word), then what a dictionary cannot list:
personal names, and numbers as one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from . import habits
from .lexicon import LONGEST, TAGS, hash_windows, lexicon

HANZI = r"㐀-䶿一-鿿〇豈-﫿\U00020000-\U000323af"
_RUN = re.compile(rf"(?P<hanzi>[{HANZI}]+)|(?P<latin>[A-Za-z]+(?:['’][A-Za-z]+)*)|(?P<mark>.)", re.DOTALL)
_UNKNOWN = 240  # cost of a character that is in no dictionary
_COMMON = 150  # cost of the rarest word that a compound is split into
_COMPOUNDS = frozenset(["n", "ns", "nt", "nz", "vn", "j"])
_RARE = 100  # cost from which a single character is more likely a piece of a name than a word
# Tags of words that only look like names spelt by sound.
_DOUBLED_NOUNS = frozenset("天年月日人家处时事个层步句样种")
_COUNTED = frozenset("这那哪几每某")
_FAMILIAR = frozenset("小老阿")  # before a surname
_PLAIN = frozenset(["d", "p", "c", "u", "f", "q", "m", "a", "v", "vn", "t", "s"])
_FORCED = -10_000  # makes a word the caller insists on win over every other path
_NUMBER = re.compile(r"[零〇一二三四五六七八九十百千万亿点幺两]{3,}")
_NUMBER_PART = re.compile(r".{0,7}?[万亿](?=.{2})|点?.{1,4}")
LATIN, MARK = "latin", "mark"  # tags of what is not a Chinese word
NUMERAL = "m"


class Word(NamedTuple):
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
            start, stop = run.span()
            wanted = {(begin - start, end - start) for begin, end in forced if start <= begin < end <= stop}
            found += _cheapest(run["hanzi"], start, wanted or set(_numbers(run["hanzi"])))
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
    whole = [part for word in reversed(words) for part in _parts(word, rows, word.begin - offset, wanted)]
    return list(_named(list(_placed(list(_adverbial(whole)))), rows[0][0], offset))


def _adverbial(words: list[Word]) -> Iterator[Word]:
    """Takes 地 out of the word behind a doubled adverb: 渐渐|地|黄 is no 地黄. Not 天天坐|地铁: days are doubled too."""
    before = ""
    for word, after in zip(words, [*words[1:], None], strict=True):
        doubled = len(before) > 1 and before[-1] == before[-2] and before[-1] not in _DOUBLED_NOUNS
        going = word.text == "地下" and after and after.text in ("着", "个", "起")  # 不停|地|下|着
        tail = lexicon().tag(word.text[1:]) if (doubled or going) and word.text[0] == "地" and len(word.text) == 2 else ""
        if tail and tail[0] in "vadf":
            yield Word("地", word.begin, "u")
            yield Word(word.text[1], word.begin + 1, "v" if going else tail)
        else:
            yield word
        before = word.text


def _placed(words: list[Word]) -> Iterator[Word]:
    """A place before a verb, though 上 and the verb are a word too: 地上|铺着, not 地|上铺."""
    index = 0
    while index < len(words):
        word, after = words[index], words[index + 1] if index + 1 < len(words) else None
        joined = after is not None and len(word.text) == 1 and len(after.text) == 2 and after.text[0] in "上里"
        if joined and is_verb(after.text[1]) and lexicon().tag(word.text + after.text[0]) == "s":
            yield Word(word.text + after.text[0], word.begin, "s")
            yield Word(after.text[1], after.begin + 1, "v")
            index += 2
        else:
            yield word
            index += 1


@lru_cache(maxsize=4096)
def is_verb(character: str) -> bool:
    """Whether a word of one character is a verb, by the dictionary or the list of those it has as something else."""
    return lexicon().tag(character) == "v" or character in habits.characters("verbs")


def _named(words: list[Word], costs: list[int], offset: int) -> Iterator[Word]:
    """Joins what the dictionary left in single characters: a surname and a given name, a name spelt by sound."""
    surnames, sounds = habits.characters("surnames"), habits.characters("sounds")
    index = 0
    while index < len(words):
        word = words[index]
        end = index + 1
        if word.text in _FAMILIAR and end < len(words) and words[end].text in surnames:  # 小李, whatever follows
            yield Word(word.text + words[end].text, word.begin, "nr")
            index += 2
            continue
        counted = index > 0 and (words[index - 1].tag == NUMERAL or words[index - 1].text in _COUNTED)  # 这|张|纸
        if word.text in surnames and not counted:
            while (
                end < len(words) and end - index < 3 and len(words[end].text) == 1 and costs[words[end].begin - offset] >= _RARE
            ):
                end += 1
        if end == index + 1 and sounds.issuperset(word.text):
            while end < len(words) and sounds.issuperset(words[end].text) and words[end].tag not in _PLAIN:
                end += 1
            size = sum(len(one.text) for one in words[index:end])
            if size < 3 or size > LONGEST or all(len(one.text) > 1 for one in words[index:end]):
                end = index + 1
        yield word if end == index + 1 else Word("".join(one.text for one in words[index:end]), word.begin, "nr")
        index = end


def _rare(word: Word, costs: list[int], offset: int) -> bool:
    return len(word.text) == 1 and costs[word.begin - offset] >= _RARE


def _parts(word: Word, rows: list[tuple[list[int], list[int]]], at: int, wanted: set[tuple[int, int]]) -> list[Word]:
    """A long compound as the common words it is made of: 北京大学 → 北京|大学; names and idioms stay whole."""
    size = len(word.text)
    if size < 4 or word.tag not in _COMPOUNDS or (at, at + size) in wanted:
        return [word]
    options = [(rows[cut - 1][0][at] + rows[size - cut - 1][0][at + cut], cut) for cut in range(2, size - 1)
               if 0 <= rows[cut - 1][0][at] <= _COMMON and 0 <= rows[size - cut - 1][0][at + cut] <= _COMMON]  # fmt: skip
    if not options:
        return [word]
    cut = min(options)[1]
    halves = ((word.text[:cut], at), (word.text[cut:], at + cut))
    made = [Word(text, word.begin + begin - at, TAGS[rows[len(text) - 1][1][begin]]) for text, begin in halves]
    return [part for half in made for part in _parts(half, rows, at + half.begin - word.begin, wanted)]


def _numbers(run: str) -> Iterator[tuple[int, int]]:
    """Numbers of three characters and more are words of their own, long ones cut after 万 and 亿, else by fours."""
    for number in _NUMBER.finditer(run):
        for part in _NUMBER_PART.finditer(number[0]):
            yield number.start() + part.start(), number.start() + part.end()
