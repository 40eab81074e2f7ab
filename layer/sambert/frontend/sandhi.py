"""From lexical to spoken syllables. In: words and one lexical syllable a character. Out: ``Syllable``s, erhua merged.

In this order, since each step changes what the next one sees: neutral tones, doubled adverbs with 儿, erhua, 不, 一, third tones.
"""

from __future__ import annotations

from itertools import pairwise

from . import erhua, habits, neutral
from .lexicon import lexicon
from .syllables import Syllable
from .words import NUMERAL, Word, is_verb

_DIGITS = frozenset("零〇一二三四五六七八九幺")
_SCALES = frozenset("百千万亿")
# What a verb reaches: 看不懂. The certain ones do so after every verb.
_COMPLEMENTS = frozenset("懂拢尽到了完见起住成动开上下来去着清够好出过通惯得会走掉进回定全准透及多丁防迭消着")
_CERTAIN_COMPLEMENTS = frozenset("了住起着及")
_LONG_COMPLEMENTS = frozenset(
    ["干净", "明白", "清楚", "暖和", "整齐", "利索", "完全", "过来", "回来", "进去", "出去", "下去", "过去", "上来", "准确"]
)
_AFTER_THINKING = frozenset("出到通开清了起着完")
_STATES = frozenset("稳牢紧平齐熟碎烂准饱腻倒断破脱满圆远近高快长深大直亮响厚细")  # 站不稳, but not 说不快乐
_NO_COMPLEMENT = frozenset("要会能想是说有在可就应该去来")
_NO_VERBS = frozenset("只可决并绝从毫殊岂且前何无尚亦却再切多人鬼神君眼")  # 只不过, 决不会: 不 after them denies what follows
# After these 一 counts nothing: it is a number in a row, an ordinal, the end of a word.
_ORDINAL_BEFORE = frozenset("第初零〇一二三四五六七八九十百千万亿点幺")
_ORDINAL_AFTER = ("月", "号", "年级", "班", "楼", "等奖", "单元", "是一")
_SUMS = frozenset("加减乘除")
_LEANING = frozenset("dpcvz")
_BUILT_ON = frozenset("场馆厂者所党")  # 打靶|场: what stands before these is a word, however it was cut
_AFTER_ONE = frozenset("不是反当而知漏儆警无数戒废")  # 说一不二, 举一反三: in idioms 一 before them stands for itself


def surface(words: list[Word], lexical: list[str], fixed: frozenset[int] = frozenset()) -> list[Syllable]:
    """Spoken syllables of ``words``. fixed: characters whose reading the caller gave; it stays as it is."""
    spoken = [
        Syllable(lexical[at], at, at + 1, index)
        for index, word in enumerate(words)
        for at in range(word.begin, word.end)
        if lexical[at]
    ]
    text = "".join(word.text for word in words)
    offset = words[0].begin if words else 0
    characters = [text[one.begin - offset] for one in spoken]
    free = [one.begin not in fixed for one in spoken]
    spoken = neutral.apply(words, spoken, characters, free)
    spoken = erhua.drawn_out(spoken, characters, free)
    spoken, characters, free = erhua.merged(spoken, characters, words, free)
    spoken = _bu(spoken, characters, words, free)
    spoken = _yi(spoken, characters, words, free)
    return _third(spoken, words, free)


def _adjoins(spoken: list[Syllable], at: int) -> bool:
    """Whether no mark lies before the syllable."""
    return spoken[at].begin == spoken[at - 1].end


def _adjacent(spoken: list[Syllable], at: int) -> Syllable | None:
    """The syllable right after, if no mark lies between."""
    after = spoken[at + 1] if at + 1 < len(spoken) else None
    return after if after and after.begin == spoken[at].end else None


def _bu(spoken: list[Syllable], characters: list[str], words: list[Word], free: list[bool]) -> list[Syllable]:
    """不 is bu2 before a fourth tone, and light inside V不V and V不C (看不看, 看不懂)."""
    changed = list(spoken)
    for at, character in enumerate(characters):
        if character != "不" or not free[at]:
            continue
        after = _adjacent(spoken, at)
        before = at > 0 and spoken[at - 1].end == spoken[at].begin
        if before and after and (_asked(at, spoken, characters, words) or _complement(at, spoken, characters, words)):
            changed[at] = spoken[at].toned("5")
        elif after and _underlying(after, characters[at + 1]) == "4":
            changed[at] = spoken[at].toned("2")
    return changed


def _asked(at: int, spoken: list[Syllable], characters: list[str], words: list[Word]) -> bool:
    """看不看, 知道不知道."""
    index = spoken[at].word
    inner = 0 < index < len(words) - 1 and words[index].text == "不"
    doubled = characters[at - 1] == characters[at + 1] and (at < 2 or characters[at - 2] != "一")  # but 一动不动
    return doubled or (inner and words[index - 1].text == words[index + 1].text)


def _complement(at: int, spoken: list[Syllable], characters: list[str], words: list[Word]) -> bool:
    """Whether 不 stands between a verb and what the verb cannot reach: 看不懂, 差不多, 解决不了."""
    index = spoken[at].word
    word, reached = words[index], characters[at + 1]
    inside = spoken[at].begin - word.begin
    if inside == 1 and len(word.text) == 3:
        return reached in _COMPLEMENTS and word.text[0] not in _NO_VERBS and word.tag != "nr"
    if inside == 1 and len(word.text) == 4:  # 说不清楚, but 得不偿失
        return reached in _COMPLEMENTS and word.tag != "i" and lexicon().tag(word.text[0]) == "v"
    before = words[index - 1]
    verb = before.tag == "v" or (len(before.text) == 1 and (is_verb(before.text) or (before.tag == "a" and reached in "了大")))
    if inside or not verb or word.text not in ("不", "不" + reached):
        return False
    if len(before.text) == 1 and "".join(characters[at + 1 : at + 3]) in _LONG_COMPLEMENTS:
        return True  # 洗不干净
    certain = _AFTER_THINKING if before.text in ("想", "说") else _CERTAIN_COMPLEMENTS
    if reached in certain and before.text != "有":
        return True
    following = words[index + 1].text if word.text == "不" and index + 1 < len(words) else reached
    able = reached in _COMPLEMENTS or (reached in _STATES and following == reached)
    return len(before.text) == 1 and before.text not in _NO_COMPLEMENT and able


def _underlying(syllable: Syllable, character: str) -> str:
    """The tone that 一 and 不 hear: 个 counts as fourth even when it is light."""
    return "4" if character == "个" else syllable.tone


def _yi(spoken: list[Syllable], characters: list[str], words: list[Word], free: list[bool]) -> list[Syllable]:
    """一: yi2 before a fourth tone, yi4 before others, light inside V一V, yi1 where it is a number, an ordinal or ends a word."""
    changed = list(spoken)
    for at, character in enumerate(characters):
        if character != "一" or not free[at] or spoken[at].text != "yi1":
            continue
        after = _adjacent(spoken, at)
        before = characters[at - 1] if at and spoken[at - 1].end == spoken[at].begin else ""
        if before and after and before == characters[at + 1] and before not in _DIGITS and characters[at - 2 : at - 1] != ["一"]:
            changed[at] = spoken[at].toned("5")
        elif after and not _counts_nothing(before, at, spoken, characters, words):
            changed[at] = spoken[at].toned("2" if _underlying(after, characters[at + 1]) == "4" else "4")
    return changed


def _counts_nothing(before: str, at: int, spoken: list[Syllable], characters: list[str], words: list[Word]) -> bool:
    word = words[spoken[at].word]
    following = "".join(characters[at + 1 : at + 3])
    if following[:1] and "".join(characters[max(0, at - 2) : at + 2]) == ("一" + following[0]) * 2:
        return False  # 一点一点
    if before == "点" and following[:1] == "刻":
        return False
    if before in _ORDINAL_BEFORE or characters[at + 1] in _DIGITS or following[:1] == "十":
        return before not in ("", "百", "千", "万", "亿") or not _scales(following) or characters[at + 1] in _DIGITS
    if following.startswith(_ORDINAL_AFTER) or (before == "月" and following[:1] == "日") or _reckoned(before, at, characters):
        return True
    if following[:1] == "是" and "二是" in "".join(characters[at + 1 :]):
        return True  # 一是没钱，二是没时间
    if _stands_for_itself(word, spoken[at].begin - word.begin):
        return True
    return word.end == spoken[at].end and len(word.text) > 1 and word.tag != NUMERAL


def _reckoned(before: str, at: int, characters: list[str]) -> bool:
    """Whether it is a number in arithmetic, a fraction, a bargain or a score: 一加一等于二, 三分之一的, 买一送一, 三比一."""
    following = "".join(characters[at + 1 : at + 3])
    if "".join(characters[max(0, at - 2) : at]) == "分之" or (before == "买" and following in ("送一", "赠一")):
        return True
    lost = before == "比" and at > 1 and characters[at - 2] in _DIGITS | {"十"}  # 三比一, but 一个比一个
    if lost or (following[:1] == "比" and following[1:] in _DIGITS):
        return True
    if following[:1] in _SUMS and following[1:] in _DIGITS | {"以", "上", "去"}:
        return True
    return before in _SUMS and at > 1 and characters[at - 2] in _DIGITS and following[:1] in ("等", "是", "得", *_SUMS)


def _stands_for_itself(word: Word, inside: int) -> bool:
    """Whether the 一 there ends a word within the word or is the number as such: 统一战线, 说一不二, 张一鸣."""
    if inside != 1:
        return False
    split = lexicon().knows(word.text[:2]) and word.text[0] not in "另近不"
    return _named(word) or (len(word.text) == 4 and (word.text[2] in _AFTER_ONE or split))


def _scales(following: str) -> bool:
    return following[:1] in _SCALES


def _third(spoken: list[Syllable], words: list[Word], free: list[bool]) -> list[Syllable]:
    """Third tones in a row become second ones, word by word from the inside out, then across words that are said together."""
    changed = list(spoken)
    start = 0
    while start < len(spoken):
        stop = start + 1
        while stop < len(spoken) and spoken[stop - 1].tone == "3" and _adjoins(spoken, stop) and spoken[stop].tone == "3":
            stop += 1
        if stop - start > 1:
            for at in _raised(start, stop, spoken, words):
                if free[at]:
                    changed[at] = spoken[at].toned("2")
        start = stop
    return changed


def _raised(start: int, stop: int, spoken: list[Syllable], words: list[Word]) -> set[int]:
    """Which of a run of third tones are said as second: in each foot all but the last; and that one before a syllable that keeps
    its third tone, or where two feet are one."""
    feet = _feet(start, stop, spoken, words)
    raised = {at for begin, end in feet for at in range(begin, end - 1)}
    for (begin, end), (after, last) in reversed(list(pairwise(feet))):
        if after not in raised:  # a third tone that stays one follows
            raised.add(end - 1)
            continue
        first, second = words[spoken[begin].word], words[spoken[after].word]
        together = first is not second and len(first.text) + len(second.text) <= 3 and not _leans_on(first, second)
        apart = end - begin == 1 and last - after > 1  # 小|老虎, 我|可以 keep their first: xiao3 lao2 hu3
        if together and (not apart or _built(first, second)):
            raised.add(end - 1)
    return raised


def _leans_on(first: Word, second: Word) -> bool:
    """Whether the second goes with what follows it: 水果|很好吃, 老虎|跑了."""
    return len(first.text) == 2 and second.tag in _LEANING


def _built(first: Word, second: Word) -> bool:
    return second.text[-1] in _BUILT_ON and lexicon().knows(first.text + second.text[:-1])


def _feet(start: int, stop: int, spoken: list[Syllable], words: list[Word]) -> list[tuple[int, int]]:
    """The run cut at word boundaries, words of three or more cut by what their parts are: 小|老虎, 展览|馆."""
    feet: list[tuple[int, int]] = []
    at = start
    while at < stop:
        word = words[spoken[at].word]
        end = at
        while end < stop and spoken[end].word == spoken[at].word:
            end += 1
        if end - at == 3 and (_named(word) or (not _known(word, spoken, at, 2) and _known(word, spoken, at + 1, 2))):
            feet += [(at, at + 1), (at + 1, end)]
        elif end - at > 3:
            feet += [(part, min(part + 2, end)) for part in range(at, end, 2)]
        else:
            feet.append((at, end))
        at = end
    return feet


def _named(word: Word) -> bool:
    """Surname and given name: 孔|乙己, 张一鸣."""
    return word.tag == "nr" and len(word.text) == 3 and word.text[0] in habits.characters("surnames")


def _known(word: Word, spoken: list[Syllable], at: int, length: int) -> bool:
    begin = spoken[at].begin - word.begin
    return lexicon().knows(word.text[begin : begin + length])
