"""Prosodic words. In: words. Out: ``Group``s of words that are said in one go, two to four syllables as a rule.

The cheapest grouping: every size has its price, and every pair of neighbours likes or dislikes being together by its grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from .syllables import Syllable
from .words import LATIN, Word

_WIDE = 3  # Latin letters count as syllables by threes
_LARGEST = 8  # syllables in a group of several words
_PRICES = (0.0, 0.6, 0.0, 0.0, 0.3, 1.0, 1.8, 2.8, 4.0)  # by size

_HALVED = frozenset(["i", "l", "z", "n", "nt", "m"])
_WHOLE_ENDS = frozenset("科会队区县市省国教学者家们地")  # 耳鼻喉|科 has no halves

_NUMBER = re.compile(r"[零〇一二三四五六七八九十百千万亿点幺两几半数]+")
_SUFFIXES = frozenset("的了着过地得们儿")
_PLACES = frozenset("里上下中内外前后间旁边处时")
# Said with the verb before them: what became of it, or where it went.
_COMPLEMENTS = frozenset("出起上下到回开掉住完好成在于为给进过自向至往作得见死满走来去")
_DIRECTIONS = frozenset("来去")  # 起来, 出去
_DENIALS = frozenset("不没未别勿")
_LIGHT_VERBS = frozenset("是有要会能可让使令叫请应须想")  # those that govern a whole clause
_SELECTING = frozenset("这那每各某哪几第该本此同")


class Group(NamedTuple):
    """words[first:last] of a clause; size: syllables."""

    first: int
    last: int
    size: int


def halves(words: list[Word], whole: Iterable[tuple[int, int]] = ()) -> list[Word]:
    """Idioms and compounds of four characters are said in two halves: 炯炯|有神. whole: stretches that stay one word."""
    kept = set(whole)
    made: list[Word] = []
    for word in words:
        able = len(word.text) == 4 and word.tag in _HALVED and word.text[-1] not in _WHOLE_ENDS
        if able and (word.begin, word.end) not in kept:
            made += [Word(word.text[:2], word.begin, word.tag), Word(word.text[2:], word.begin + 2, word.tag)]
        else:
            made.append(word)
    return made


def halved(words: list[Word], spoken: list[Syllable], whole: Iterable[tuple[int, int]] = ()) -> tuple[list[Word], list[Syllable]]:
    """Words and syllables after ``halves``."""
    made = halves(words, whole)
    index = {at: number for number, word in enumerate(made) for at in range(word.begin, word.end)}
    return made, [one._replace(word=index[one.begin]) for one in spoken]


def syllables(words: list[Word]) -> int:
    return sum(-(-len(word.text) // _WIDE) if word.tag == LATIN else len(word.text) for word in words)


def groups(words: list[Word]) -> list[Group]:
    """All of ``words``, in order."""
    sizes = [syllables([word]) for word in words]
    ties = [0.0] + [affinity(one, other) for one, other in pairwise(words)]
    best: list[tuple[float, int, int]] = [(0.0, 0, 0)]  # cost, where the last group begins, its size
    for end in range(1, len(words) + 1):
        size, bound = 0, 0.0
        options = []
        for begin in range(end - 1, -1, -1):
            size += sizes[begin]
            if size > _LARGEST and begin < end - 1:
                break
            price = _PRICES[min(size, _LARGEST)] if begin < end - 1 or size == 1 else 0.0
            options.append((best[begin][0] + price - bound, begin, size))
            bound += ties[begin]
        best.append(min(options))
    found: list[Group] = []
    at = len(words)
    while at:
        _, begin, size = best[at]
        found.append(Group(begin, at, size))
        at = begin
    return found[::-1]


def affinity(one: Word, other: Word) -> float:
    """How much two neighbours want to be one prosodic word: above 0 together, below apart."""
    short = len(one.text) == 1, len(other.text) == 1
    if other.text in _SUFFIXES or other.tag in ("y", "k"):
        return 3.0
    if one.text == "之" or (other.text == "之" and short[0]):
        return 1.0
    if other.tag == "u" and short[1]:  # 等, 之
        return 0.7
    kinds = _kind(one), _kind(other)
    if kinds == ("m", "q") or (kinds == ("m", "m") and short[1]):
        return 2.0
    if kinds[0] == "m" and short[1] and kinds[1] == "n":
        return 1.5
    if other.text in _PLACES and other.tag != "v" and kinds[0] in ("n", "r", "m"):
        return 1.5
    if kinds[0] == "v" and other.text in _COMPLEMENTS:
        return 1.2
    if one.text in _SELECTING and kinds[1] in ("m", "q"):
        return 1.0
    if one.text in _DENIALS and kinds[1] in ("v", "a"):
        return 0.8
    if short[0] and kinds == ("v", "v") and other.text[-1] in _DIRECTIONS:
        return 1.0
    if one.text in _LIGHT_VERBS and not short[1]:
        return -0.8
    if kinds[0] == "u":
        return 0.4 if short[1] and kinds[1] == "n" else -1.0
    table = _SHORT_SHORT if all(short) else _SHORT_LONG if short[0] else _LONG_SHORT if short[1] else {}
    return table.get("".join(kinds), table.get(kinds[0], table.get("", -1.5)))


def _kind(word: Word) -> str:
    """A coarse part of speech: n v a d p c r m q u, others as their first letter."""
    if _NUMBER.fullmatch(word.text):
        return "m"
    if word.tag == LATIN or word.tag[0] in "nstfijlxz" or word.tag == "vn":
        return "n"
    return {"b": "a", "e": "d", "h": "a", "o": "d"}.get(word.tag[0], word.tag[0])


# By the kinds of both, else by that of the first, else "": one syllable and one, one and more, more and one.
_SHORT_SHORT = {
    "": 0.2, "nn": 0.6, "nv": 0.1, "nd": -0.3, "np": -0.3, "an": 0.9, "vn": 0.7, "vr": 0.7, "vv": 0.5, "dv": 0.9, "dd": 0.6,
    "dp": 0.9, "da": 0.9, "pr": 0.9, "pn": 0.5, "rn": 0.6, "rv": 0.3, "rd": 0.4, "rp": 0.3, "c": 0.1, "mn": 1.0, "qn": 0.5,
    "vm": 0.4, "nc": -0.5,
}  # fmt: skip
_SHORT_LONG = {
    "": -0.4, "nn": 0.3, "nv": -0.6, "nd": -1.0, "an": 0.4, "av": 0.2, "vn": -0.2, "vv": -0.6, "va": -0.7, "vd": -0.7,
    "vr": -0.6, "vm": 0.1, "d": -0.8, "p": -0.8, "c": -0.8, "r": -0.6, "rn": -0.3, "rm": 0.2, "mn": 0.3, "q": 0.0,
}  # fmt: skip
_LONG_SHORT = {
    "": -0.5, "nn": 0.4, "nv": -0.7, "nd": -0.9, "np": -0.9, "nc": -1.2, "vc": -1.2, "ac": -1.2, "vn": -0.1, "vv": -0.2,
    "vr": -0.3, "vp": -0.7, "an": 0.2, "dv": 0.2, "dp": -0.2, "nq": 0.2, "nm": -0.2, "rn": 0.3, "rv": -0.4, "mq": 1.5,
}  # fmt: skip
