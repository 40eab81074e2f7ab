"""Neutral tones. In: words and syllables. Out: syllables of which the light ones carry tone 5.

What a dictionary has light is already so; here are the words read light by habit (data/habits.txt) and the patterns: doubled
kinship terms and verbs, the place in place words, directions after verbs, 个 after numbers, 过 after verbs.
"""

from __future__ import annotations

from . import habits
from .lexicon import lexicon
from .syllables import Syllable
from .words import MARK, NUMERAL, Word

_PLACES = frozenset("上里")
_DIRECTIONS = frozenset("来去")
_BEFORE_DIRECTION = frozenset("上下进出回过起开")
_EXCLAMATIONS = frozenset("啦哇耶呐喔嘞")  # at the end of a clause
_MEASURED = frozenset("几有两半多各整每做是这那哪一二三四五六七八九十百千万亿")


def apply(words: list[Word], spoken: list[Syllable], characters: list[str], free: list[bool]) -> list[Syllable]:
    """characters: that of each syllable; free: whether the syllable may be changed."""
    changed = list(spoken)
    for at, one in enumerate(spoken):
        before = characters[at - 1] if at and spoken[at - 1].end == one.begin else ""
        if not before or not free[at] or one.tone == "5":
            continue
        word = words[one.word]
        if _listed(word, one) or _patterned(words, one, before, characters[at]):
            changed[at] = one.toned("5")
        elif _doubled(words[one.word - 1], word, one, before, characters[at]):
            changed[at] = one.toned("5")
            if one.tone == "3" and word.tag == "v" and free[at - 1]:
                changed[at - 1] = spoken[at - 1].toned("2")  # 想想 xiang2 xiang5, but 姐姐 jie3 jie5
    return changed


def _listed(word: Word, one: Syllable) -> bool:
    light, tail = habits.words("light"), word.text[-2:]
    coloured = len(word.text) > 2 and word.text.endswith("儿") and word.text in light  # 媳妇儿
    if one.end != word.end - coloured or one.begin == word.begin:
        return False
    if len(word.text) == 2 or word.tag in ("nr", "ns"):
        return word.text in light or (word.tag == "nr" and tail in habits.words("titles"))
    return word.text in light or (tail in light and tail not in habits.words("light alone"))


def _doubled(previous: Word, word: Word, one: Syllable, before: str, character: str) -> bool:
    """妈妈, 看看, 说|说, 试试看, 散散步."""
    if character == before and one.begin == word.begin:
        return len(word.text) == 1 and word.tag == previous.tag == "v" and previous.text == word.text
    if character == before and len(word.text) == 3 and one.end < word.end:
        return lexicon().tag(character) == "v" and (word.text[2] == "看" or lexicon().knows(word.text[1:]))
    if character != before or len(word.text) != 2:
        return False
    return word.tag[0] in "nv" and word.tag != "nr" and word.text not in habits.words("full doubles")


def _patterned(words: list[Word], one: Syllable, before: str, character: str) -> bool:
    word = words[one.word]
    alone = len(word.text) == 1
    previous = words[one.word - 1].tag if alone and one.word else ""
    if character in _PLACES and one.end == word.end:  # 家里, 桌上; said in full where it is a word of its own
        measured = word.text == "海里" and one.word and words[one.word - 1].tag == NUMERAL
        return len(word.text) == 2 and word.tag in ("s", "n", "t") and not measured
    if character in _EXCLAMATIONS and alone and (len(words) == one.word + 1 or words[one.word + 1].tag == MARK):
        return True
    if character in _DIRECTIONS and before in _BEFORE_DIRECTION and one.end == word.end:
        return word.tag == "v" and not alone
    if character == "个":
        return before in _MEASURED or (alone and previous == "v")
    return character == "过" and alone and previous == "v"
