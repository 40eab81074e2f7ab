"""Neutral tones. In: words and syllables. Out: syllables of which the light ones carry tone 5.

What a dictionary has light is already so; here are the words read light by habit (data/neutral.txt) and the patterns: doubled
kinship terms and verbs, place words after nouns, directions after verbs, 个 after numbers, 过 after verbs.
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
# Pairs that are no kinship terms and no verbs, whatever the dictionary's tag says.
_FULL_DOUBLES = frozenset("天天 人人 家家 年年 月月 日日 处处 时时 事事 个个 步步 层层 重重 种种 样样 代代 句句 字字 渐渐 常常 刚刚 仅仅 慢慢 "
                          "好好 早早 远远 轻轻 静静 悄悄 偷偷 默默 缓缓 微微 深深 狠狠 紧紧 牢牢 满满 高高 大大 小小 多多 少少 往往 频频 "
                          "纷纷 滔滔 滚滚 欣欣 闷闷 区区 堂堂 哈哈 呵呵 嘻嘻 嘿嘿 冉冉 徐徐 茫茫 苍苍 芸芸 莘莘 依依 源源 彬彬 历历 比比".split())  # fmt: skip


@lru_cache(maxsize=1)
def light_words() -> frozenset[str]:
    """Words whose last syllable is light."""
    return frozenset((DATA / "neutral.txt").read_text("utf-8").split())


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
        elif _doubled(word, one, before, characters[at]):
            changed[at] = one.toned("5")
            if one.tone == "3" and word.tag == "v" and free[at - 1]:
                changed[at - 1] = spoken[at - 1].toned("2")  # 想想 xiang2 xiang5, but 姐姐 jie3 jie5
    return changed


def _listed(word: Word, one: Syllable) -> bool:
    if one.end != word.end or one.begin == word.begin:
        return False
    tail = word.text[-2:]
    return word.text in light_words() or (len(word.text) > 2 and word.tag not in ("nr", "ns") and tail in light_words() - _LIGHT_ALONE)


_LIGHT_ALONE = frozenset(["学生", "先生", "太太", "本事", "运气", "自在", "人家", "女婿", "生意", "功夫"])  # 大学生 ends in a full tone


def _doubled(word: Word, one: Syllable, before: str, character: str) -> bool:
    """妈妈, 看看, 试试."""
    return character == before and one.begin > word.begin and len(word.text) == 2 and word.tag[0] in "nv" and word.tag != "nr" and word.text not in _FULL_DOUBLES


def _patterned(words: list[Word], one: Syllable, before: str, character: str) -> bool:
    word = words[one.word]
    alone = len(word.text) == 1
    previous = words[one.word - 1].tag if alone and one.word else ""
    if character in _PLACES and one.end == word.end:
        return previous.startswith("n") or previous in ("r", "s") or (not alone and word.tag in ("s", "f", "n", "t", "r") and len(word.text) < 4)
    if character in _DIRECTIONS and before in _BEFORE_DIRECTION and one.end == word.end:
        return word.tag == "v" and not alone
    if character == "个":
        return before in _MEASURED or (alone and previous == "v")
    return character == "过" and alone and previous == "v"
