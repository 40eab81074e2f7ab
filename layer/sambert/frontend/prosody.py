"""Prosodic breaks. In: words. Out: the level of the break after each: 0 none, 1 prosodic word, 2 phrase, 3 clause, 4 end.

Words lean on one another until they make prosodic words of two to four syllables; between those, the phrase breaks are the
cheapest way to cut a clause into stretches of about five syllables at places where the grammar allows a breath.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from . import habits
from .words import LATIN, MARK, Word

_CLAUSE_MARKS = frozenset("，,；;：:—…()（）。！？!?.\n")
_SHORT_MARKS = frozenset("、\u2009·/")
_OTHER = frozenset("“”‘’\"'《》〈〉「」『』【】[]　 ")
_LIST_ITEM = 5  # syllables; items of a 、 list up to this long are only a phrase apart
_MOST = 5  # syllables in a prosodic word that is still growing
_WIDE = 3  # Latin letters count as syllables by threes

_LEAN_RIGHT = frozenset(["p", "c", "d"])
_DEMONSTRATIVES = frozenset("这那每各该本此某哪几第")
_BINDING = frozenset("是在有把被将从向对让使给为以于由和与跟同及或而但并就都也还又再才只更最很太不没别会能要可应须该所")
_PLACES = frozenset("里上下中内外前后间旁边")
_ASPECT = frozenset("了着过的得地")


@dataclass(slots=True)
class _Group:
    """A prosodic word: words[first:last] of a clause."""

    first: int
    last: int
    size: int


def levels(words: list[Word], full: bool = True) -> list[int]:
    """One level a word (0 for marks); the last spoken word gets 4. full: prosodic words and phrases; else #1 after every word."""
    result = [0] * len(words)
    clauses = _clauses(words)
    for number, (clause, mark) in enumerate(clauses):
        spoken = [words[index] for index in clause]
        inner = _inner(spoken) if full else [1] * len(spoken)
        for index, level in zip(clause, inner, strict=True):
            result[index] = level
        following = clauses[number + 1][0] if number + 1 < len(clauses) else []
        short = mark in _SHORT_MARKS and max(_size(spoken), _size([words[index] for index in following])) <= _LIST_ITEM
        result[clause[-1]] = (2 if full and short else 3) if following else 4
    return result


def _clauses(words: list[Word]) -> list[tuple[list[int], str]]:
    """Indexes of the spoken words between marks that pause, and the mark after them."""
    clauses: list[tuple[list[int], str]] = []
    current: list[int] = []
    for index, word in enumerate(words):
        if word.tag != MARK:
            current.append(index)
        elif current and (word.text in _CLAUSE_MARKS or word.text in _SHORT_MARKS):
            clauses.append((current, word.text))
            current = []
    return [*clauses, (current, "")] if current else clauses


def _inner(words: list[Word]) -> list[int]:
    groups = _groups(words)
    cuts = _phrases(words, groups)
    result = [0] * len(words)
    for number, group in enumerate(groups):
        result[group.last - 1] = 2 if number in cuts else 1
    return result


def _size(words: list[Word]) -> int:
    return sum(-(-len(word.text) // _WIDE) if word.tag == LATIN else len(word.text) for word in words)


def _groups(words: list[Word]) -> list[_Group]:
    """Prosodic words."""
    groups: list[_Group] = []
    for index, word in enumerate(words):
        size = _size([word])
        if groups and _joins(words, groups[-1], index, size):
            groups[-1].last = index + 1
            groups[-1].size += size
        else:
            groups.append(_Group(index, index + 1, size))
    return groups


def _joins(words: list[Word], group: _Group, index: int, size: int) -> bool:
    """Whether words[index] belongs to the prosodic word before it."""
    word, before = words[index], words[index - 1]
    if word.text == "的" or (word.tag in ("u", "y") and size == 1):
        return group.size <= _MOST + 1
    if (word.tag == "q" and before.tag == "m") or word.text == "们":
        return group.size <= _MOST
    if size == 1 and word.tag in ("f", "k") and word.text in _PLACES:
        return group.size <= _MOST - 1
    if before.text[-1] in _ASPECT and before.tag == "u" and group.size > 2:
        return False
    if group.size == 1:  # one syllable cannot stand alone before a short word
        return size <= 2
    after = words[index + 1] if index + 1 < len(words) else None
    return size == 1 and not _leans_right(word, after) and group.size <= (2 if after else 3)


def _leans_right(word: Word, after: Word | None) -> bool:
    """Whether a word of one syllable is said together with what follows."""
    if after is None or after.tag == "y":
        return False
    if after.tag == "u":
        return word.tag == "v"  # 看|了 make a word of their own
    if len(after.text) == 1 and after.text not in _PLACES and after.tag != "q":
        return True
    if word.tag in _LEAN_RIGHT or word.text in _BINDING or word.text in _DEMONSTRATIVES:
        return True
    return word.tag in ("v", "a", "m", "r", "b") and len(after.text) <= 2


def _phrases(words: list[Word], groups: list[_Group]) -> set[int]:
    """Numbers of the groups a phrase ends after: the cheapest cut."""
    ease = [_ease(words, one, other) for one, other in pairwise(groups)]
    best: list[tuple[float, int]] = [(0.0, -1)]
    for end in range(1, len(groups) + 1):
        options = []
        size = 0
        for begin in range(end - 1, -1, -1):
            size += groups[begin].size
            cut = 0.0 if begin == 0 else _CUT - ease[begin - 1]
            options.append((best[begin][0] + cut + _length_cost(size), begin))
            if size > 14:
                break
        best.append(min(options))
    cuts: set[int] = set()
    at = len(groups)
    while best[at][1] > 0:
        at = best[at][1]
        cuts.add(at - 1)
    return cuts


_CUT = 0.9  # what a break costs where the grammar neither helps nor hinders
_IDEAL = 5.5  # syllables


def _length_cost(size: int) -> float:
    """Phrases of one or two syllables limp, those beyond eight run out of breath."""
    if size < 3:
        return 0.5 * (3 - size)
    return 0.07 * max(0.0, size - _IDEAL) ** 2


def _ease(words: list[Word], one: _Group, other: _Group) -> float:
    """How willingly one breathes between two prosodic words, -1..1.2."""
    last, first = words[one.last - 1], words[other.first]
    core = words[one.last - 2] if last.text in _ASPECT and one.last - one.first > 1 else last
    if first.tag in ("c", "p") and first.text not in ("的",):
        return 1.0
    if last.tag in ("c", "p", "d", "b", "m") or last.text == "是":
        return -0.6
    if last.text in ("的", "地", "得"):
        return 0.1 if other.size <= 3 and last.text == "的" else 0.3 if last.text == "的" else -0.5
    if last.text in habits.words("saying"):
        return 0.8
    if last.tag in ("t", "s", "f"):
        return 0.9
    if first.tag in ("v", "d", "r") or first.text in _BINDING:
        if last.tag[0] in "nrij" or last.tag in (LATIN, "l"):
            return 0.7 if last.tag != "r" or one.size > 1 else 0.2
        return 0.2
    if core.tag in ("v", "vn"):
        return 0.2 if core is not last else -0.1 + 0.05 * min(other.size, 6)
    if last.tag == "a":
        return -0.4
    return 0.1 if last.tag[0] == "n" and first.tag[0] == "n" else 0.2
