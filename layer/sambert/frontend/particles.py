"""地, 得, 着 and 了: particles, or words of their own. In: words. Out: their readings, set in place."""

from __future__ import annotations

from itertools import pairwise

from . import habits
from .words import MARK, NUMERAL, Word, is_verb

_MODIFIERS = frozenset(["a", "ad", "d", "z", "i", "l"])
_ALWAYS_MODIFIERS = frozenset(["d", "z", "i", "l"])
_NO_MODIFIERS = frozenset(["r", "m", "q", "c", "u", "p", "nr", "ns", "nt", "nz", "y", "f", MARK])
_VERBAL = frozenset(["v", "vn", "a", "ad", "d", "p", "z", "i", "l"])
_DONE, _KEPT_UP = frozenset("vpd"), frozenset(["a", "ad", "vn", "i", "l", "t"])
_WANTING, _REACHED = frozenset("想要能会可应该有没是让使将欲盼求"), frozenset("到出起上下住去来过")
_DEGREES = frozenset(
    ["很", "太", "真", "更", "最", "非常", "十分", "特别", "越来越", "挺", "好", "多", "都", "不", "几乎", "直", "像", "比", "跟"]
)
_MUST_AFTER = frozenset(["d", "r", "t", "c", "s"])
_ABLE_ENDS = frozenset(["吗", "呢", "吧", "的", "啊", "么", "这", "那"])
_CAUGHT = frozenset("火凉魔迷慌急道忙")  # 着了火, 着了凉
_SUCCEEDING = frozenset("睡找猜逮够")  # 没睡着


def settle(text: str, words: list[Word], readings: list[str]) -> None:
    """readings: one syllable a character of ``text``, changed in place."""
    _ground(words, readings)
    _got(words, readings)
    _touched(text, words, readings)
    _dressed(words, readings)
    _ended(words, readings)


def _ground(words: list[Word], readings: list[str]) -> None:
    """地 between a modifier and a verb: 不分昼夜地干, 慢慢儿地走."""
    for index, word in enumerate(words):
        if word.text == "地" and index and _adverbial(words, index):
            readings[word.begin] = "de5"
        elif len(word.text) > 2 and word.text[-1] == "地" and _repeated(word.text[:-1]):
            readings[word.end - 1] = "de5"  # 呼呼地


def _adverbial(words: list[Word], index: int) -> bool:
    before = words[index - 1]
    if before.text == "儿" and index > 1:
        before = words[index - 2]
    if _repeated(before.text):
        return True  # 轻轻松松地, also where nothing follows
    after = words[index + 1] if index + 1 < len(words) else None
    if not after or after.tag == MARK or after.text == "的":
        return False
    if len(before.text) > 1 and before.tag in _ALWAYS_MODIFIERS:
        return True  # 七嘴八舌地议论
    if after.tag not in _VERBAL and not _acts(after):
        return False
    again = any(word.text == before.text for word in words[max(0, index - 5) : index - 1])  # 一遍又一遍地
    return before.tag in _MODIFIERS or again or (len(before.text) > 1 and before.tag not in _NO_MODIFIERS)


def _acts(word: Word) -> bool:
    """Whether a word that has another tag is a verb: 问问, 学."""
    return is_verb(word.text[0]) and (len(word.text) == 1 or word.text[0] == word.text[1:])


def _repeated(text: str) -> bool:
    return len(text) > 1 and text[-1] == text[-2]


def _got(words: list[Word], readings: list[str]) -> None:
    """得 after a verb or adjective; before what must be done; and between a verb and 了, which it can bring to an end."""
    for index, word in enumerate(words):
        before, after = words[index - 1] if index else None, words[index + 1] if index + 1 < len(words) else None
        if word.text == "得":
            if _must(before, after):
                readings[word.begin] = "dei3"  # 我得走了, 你得小心
            elif before and before.tag == "r" and after and after.tag == "n":
                readings[word.begin] = "de2"  # 他得冠军了
            elif before and (before.tag in ("v", "a") or (len(before.text) == 1 and is_verb(before.text))):
                readings[word.begin] = "de5"
                if after and after.text == "了" and _manages(before, words[index + 2 : index + 3]):
                    readings[after.begin] = "liao3"
        elif len(word.text) == 2 and word.text[0] == "得" and word.text[1] in _REACHED and before and _single_verb(before):
            readings[word.begin] = "de5"  # 做得到, but 想得到


def _single_verb(word: Word) -> bool:
    return len(word.text) == 1 and word.text not in _WANTING and is_verb(word.text)


def _must(before: Word | None, after: Word | None) -> bool:
    if not after or after.text in _DEGREES:
        return False
    done = after.tag in _DONE or _acts(after)
    if before is None or before.tag == MARK or before.text == "了":
        return done and after.text not in ("了", "过")  # 发烧了得看大夫
    if before.tag in _MUST_AFTER:
        done = done or (len(after.text) == 2 and after.tag == "n" and is_verb(after.text[0]))  # 我得回家
        return done or (before.tag in ("r", "t") and after.tag in _KEPT_UP) or after.tag == NUMERAL
    named = before.text in habits.words("persons") or before.text[-1] in habits.characters("persons' ends")
    if named:
        return done or after.tag in _KEPT_UP or after.tag == NUMERAL  # 孩子得去
    things = before.tag == "n" and len(before.text) > 1 and not is_verb(before.text[-1])
    doubled = before.tag == "n" and len(after.text) > 1 and _acts(after)  # 衣服得洗洗
    done = done or after.tag == NUMERAL
    return doubled or (things and done and after.text not in ("了", "过"))  # 作业得写, but 水流得急


def _manages(before: Word, after: list[Word]) -> bool:
    """Whether V得了 says that it can be done: 干得了; after a longer verb only where nothing comes of it: 演出得了奖."""
    return len(before.text) == 1 or not after or after[0].tag == MARK or after[0].text in _ABLE_ENDS


def _touched(text: str, words: list[Word], readings: list[str]) -> None:
    """着 is what a verb comes to after 不, 得, 没 and before 了: 找不着, 没睡着, 着了火; in 显得着急 it is of another word."""
    for word in words:
        at = word.end - 1
        if not word.text.endswith("着"):
            continue
        reached = at > 1 and text[at - 1] in "不得" and is_verb(text[at - 2])
        burning = text[at + 1 : at + 2] == "得"  # 火着得很旺
        over = text[at + 1 : at + 2] == "了" and (at == 0 or text[at - 1] not in "执沉" or text[at + 2 : at + 3] in _CAUGHT)
        failed = at > 1 and text[at - 1] in _SUCCEEDING and text[at - 2] == "没"
        if reached or over or failed or burning:
            readings[at] = "zhao2"


def _dressed(words: list[Word], readings: list[str]) -> None:
    """穿着 as a noun: 她的穿着."""
    for before, word in pairwise(words):
        if word.text == "穿着" and before.text == "的":
            readings[word.end - 1] = "zhuo2"


def _ended(words: list[Word], readings: list[str]) -> None:
    """吧 and 哪 at the end of a clause, 哪 as what 啊 becomes behind n: 真甜哪, but 你在哪."""
    for before, word, after in zip(words, words[1:], [*words[2:], None], strict=False):
        ended = after is None or after.tag == MARK
        if word.text == "哪" and ended and readings[word.begin - 1][:-1].endswith("n") and before.tag not in ("p", "v"):
            readings[word.begin] = "na5"
        elif word.text == "吧" and ended:
            readings[word.begin] = "ba5"
