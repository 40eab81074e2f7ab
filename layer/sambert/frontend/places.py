"""上 and 里 behind a noun: where something is. In: words and one of their syllables. Out: whether it is light.

Dictionaries and schools have them light after every noun (树枝上, 教室里); full are the verb (上了山), what a verb reaches
(穿上), the measure (三里) and parts of words (邻里, 网上).
"""

from __future__ import annotations

from . import habits
from .syllables import Syllable
from .words import MARK, NUMERAL, Word

LIGHT = frozenset("上里")
_TOWARDS = frozenset("往朝向从由打靠离")  # 往里走
_NOUNS = frozenset(["n", "s", "vn", "an", "nz", "l", "i", "j"])
_PLACED = frozenset(["s", "n", "t"])
_ASPECTS = frozenset("了过着")
_ENDS = frozenset([MARK, "y", "c"])


def light(words: list[Word], one: Syllable, character: str) -> bool:
    """one: the syllable of ``character``, one of LIGHT, behind another."""
    word = words[one.word]
    if len(word.text) == 1:
        before, after = words[one.word - 1], words[one.word + 1 : one.word + 3]
        return _inside(before, after) if character == "里" else _upon(before, after)
    if one.end - word.begin == 2 and len(word.text) == 4 and word.text[0] == word.text[2]:
        return character == "里"  # 糊里糊涂
    if one.end != word.end or word.text in habits.words("full places"):
        return False
    measured = word.text == "海里" and one.word and words[one.word - 1].tag == NUMERAL
    return len(word.text) == 2 and word.tag in _PLACED and not measured


def _inside(before: Word, after: list[Word]) -> bool:
    """教室|里, 三年|里, 包|里; not 往里, 二十|里."""
    counted = before.tag == NUMERAL and before.text[-1] in habits.characters("numerals")
    outwards = bool(after) and after[0].text[0] in "外应"  # 里应外合
    return before.text not in _TOWARDS and not counted and not outwards and before.tag[0] not in "rucdy"


def _upon(before: Word, after: list[Word]) -> bool:
    """书架|上, 河|上; not 儿子上了学, 昨天上课, 穿|上."""
    if _person(before) or _begins_something(after):
        return False
    noun = before.tag in _NOUNS and len(before.text) > 1
    return noun or before.text[-1] in habits.characters("surfaces")


def _person(word: Word) -> bool:
    return word.text in habits.words("persons") or word.text[-1] in habits.characters("persons' ends")


def _begins_something(after: list[Word]) -> bool:
    """Whether 上 is a verb with its aspect: 上了锁, 上过学; at the end of a clause 了 is that of the sentence: 放在桌子上了."""
    if not after or after[0].text not in _ASPECTS:
        return False
    return len(after) > 1 and after[1].tag not in _ENDS
