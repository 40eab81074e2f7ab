"""Prosodic breaks. In: words. Out: the level of the break after each: 0 none, 1 prosodic word, 2 phrase, 3 clause, 4 end.

Words make prosodic words (prosodic_words.py); between those, the phrase breaks are the cheapest way to cut a clause into
stretches of about five syllables at places where the grammar allows a breath.
"""

from __future__ import annotations

from itertools import accumulate, pairwise

from . import habits, prosodic_words
from .prosodic_words import Group, syllables
from .words import LATIN, MARK, Word

_CLAUSE_MARKS = frozenset("，,；;：:—…()（）。！？!?.\n")
_SHORT_MARKS = frozenset("、\u2009·/")
_OTHER = frozenset("“”‘’\"'《》〈〉「」『』【】[]　 ")
_JOINED = {"、": 1}  # syllables on both sides up to which a short mark is only a phrase break: 老、中、青
_JOINED_ELSE = 5
_BREATH = 25  # syllables of a clause that is too long for one breath
_THOUGHT = 5  # syllables on both sides of a word that turns to something new
_TURNING = frozenset(["则", "以及"])
_OPINING = frozenset(["认为"])
_MIDDLE = 0.42  # the share of it one likes to say first

_BINDING = frozenset("是在有把被将从向对让使给为以于由和与跟同及或而但并就都也还又再才只更最很太不没别会能要可应须该所")
_ASPECT = frozenset("了着过的得地")


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
        longest = max(syllables(spoken), syllables([words[index] for index in following]))
        short = mark in _SHORT_MARKS and longest <= _JOINED.get(mark, _JOINED_ELSE)
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
    groups = prosodic_words.groups(words)
    cuts = _phrases(words, groups)
    result = [0] * len(words)
    for number, group in enumerate(groups):
        result[group.last - 1] = 2 if number in cuts else 1
    breath = _breath(words, groups, cuts)
    for number in [*_turns(words, groups, cuts), *([] if breath is None else [breath])]:
        result[groups[number].last - 1] = 3
    return result


def _turns(words: list[Word], groups: list[Group], cuts: set[int]) -> list[int]:
    """Numbers of the groups before a new thought in a clause that is not short: 多数专家认为|明年会更好."""
    said = list(accumulate(group.size for group in groups))
    able = [number for number in sorted(cuts) if min(said[number], said[-1] - said[number]) >= _THOUGHT]
    return [
        number
        for number in able
        if words[groups[number + 1].first].text in _TURNING or words[groups[number].last - 1].text in _OPINING
    ]


def _breath(words: list[Word], groups: list[Group], cuts: set[int]) -> int | None:
    """Number of the group after which a long clause is taken apart, where its subject or an adverbial ends."""
    total = sum(group.size for group in groups)
    if total < _BREATH:
        return None
    said = list(accumulate(group.size for group in groups))
    able = [number for number in cuts if _ease(words, groups[number], groups[number + 1]) >= 0.7]
    return min(able, key=lambda number: abs(said[number] / total - _MIDDLE), default=None)


def _phrases(words: list[Word], groups: list[Group]) -> set[int]:
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


def _ease(words: list[Word], one: Group, other: Group) -> float:
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
