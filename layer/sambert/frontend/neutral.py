"""Neutral tones. In: words and syllables. Out: syllables of which the light ones carry tone 5.

What a dictionary has light is already so; here are the words read light by habit (data/neutral.txt) and the patterns:
kinship and verb doubling, 子 们 头, place words after nouns, directions after verbs, 个 after numbers, particles.
"""

from __future__ import annotations

from functools import lru_cache

from .lexicon import DATA
from .syllables import Syllable
from .words import Word

_PLACES = frozenset("上里")
_DIRECTIONS = frozenset("来去")
_BEFORE_DIRECTION = frozenset("上下进出回过起开")
_MEASURED = frozenset("几有两半多各整每做是这那哪一二三四五六七八九十百千万亿")
_PARTICLES = {"了": "le5", "着": "zhe5", "过": "guo5"}


@lru_cache(maxsize=1)
def light_words() -> frozenset[str]:
    """Words whose last syllable is light."""
    return frozenset((DATA / "neutral.txt").read_text("utf-8").split())


def apply(words: list[Word], spoken: list[Syllable], characters: list[str], free: list[bool]) -> list[Syllable]:
    changed = list(spoken)
    for at, one in enumerate(spoken):
        if free[at] and one.tone != "5" and _light(words[one.word], one, at, spoken, characters, words):
            changed[at] = one.toned("5")
    return changed


def _light(word: Word, one: Syllable, at: int, spoken: list[Syllable], characters: list[str], words: list[Word]) -> bool:
    before = characters[at - 1] if at and spoken[at - 1].end == one.begin else ""
    place = one.begin - word.begin
    ends = one.end == word.end
    character = characters[at]
    if ends and place and (word.text in light_words() or word.text[-2:] in light_words()):
        return True
    if character == before and place and word.tag[0] in "nva" and (place == 1 or place == 3) and word.text != "":
        return _doubled(word, place)
    if character in _PLACES and ends and before and (place or words[one.word - 1].tag[0] == "n"):
        return word.tag in ("s", "f", "n", "t", "l") and (len(word.text) < 4)
    if character in _DIRECTIONS and before in _BEFORE_DIRECTION and ends and place:
        return word.tag == "v"
    return character == "个" and before in _MEASURED


def _doubled(word: Word, place: int) -> bool:
    """妈妈, 看看, 试试 (and 商量商量 keeps its own pattern); not 天天, 人人."""
    return len(word.text) == 2 and place == 1 and word.text not in _STRESSED_DOUBLES


_STRESSED_DOUBLES = frozenset(["天天", "人人", "家家", "年年", "月月", "日日", "处处", "时时", "事事", "个个", "步步", "层层", "重重", "种种", "样样", "代代", "句句", "字字", "渐渐", "常常", "刚刚", "仅仅", "慢慢", "好好", "早早", "远远", "轻轻", "静静", "悄悄", "偷偷", "默默", "缓缓", "微微", "深深", "狠狠", "紧紧", "牢牢", "满满", "高高", "大大", "小小", "多多", "少少"])  # fmt: skip
