"""Words of one character whose neighbours settle how they are read: 种了一棵树, 那只小猫. In: words. Out: readings, set in place.

Everyday constructions that the polyphone model's sentences hardly have.
"""

from __future__ import annotations

from collections.abc import Callable

from .words import NUMERAL, Word, is_verb

_ASPECTS = frozenset(["了", "着", "过", "在", "满", "下", "出"])
_COUNTING = frozenset("这那哪每某各几多两半此何")
_GETTING_ON = frozenset(["得", "不", "着", "了", "过", "好"])
_GROWN = frozenset(["了", "着", "出", "满"])
_FANNED = frozenset(["了", "着", "风", "动", "火", "扇", "扇风", "起", "来", "一", "一扇"])
_FILLED = frozenset(["着", "了", "得", "满", "饭", "汤", "点", "点儿", "不下", "一碗"])
_WORK = frozenset(["活", "活儿", "农活", "农活儿", "家务", "家务活", "工作", "事业", "革命", "坏事", "好事", "大事"])
_COUNTED = frozenset(["a", "n", "nr", "nz", "ns", "b", "m", "z"])


def settle(words: list[Word], readings: list[str]) -> None:
    for index, word in enumerate(words):
        reading, fits = _RULES.get(word.text, ("", None))
        if fits and fits(words, index):
            readings[word.begin] = reading
        elif word.text == "不" and 0 < index < len(words) - 1 and _asked(words[index - 1], words[index + 1]):
            readings[words[index - 1].begin] = readings[words[index + 1].begin]


def _asked(before: Word, after: Word) -> bool:
    """The first half of a question is read as the second: 漂不漂亮."""
    return len(before.text) == 1 and len(after.text) > 1 and before.text == after.text[0]


def _before(words: list[Word], index: int) -> Word | None:
    return words[index - 1] if index else None


def _after(words: list[Word], index: int) -> Word | None:
    return words[index + 1] if index + 1 < len(words) else None


def _follows(texts: frozenset[str]) -> Callable[[list[Word], int], bool]:
    """A rule: one of ``texts`` is the next word."""
    return lambda words, index: index + 1 < len(words) and words[index + 1].text in texts


def _planted(words: list[Word], index: int) -> bool:
    """种了一棵树, 种蔬菜, but 这种人."""
    before, after = _before(words, index), _after(words, index)
    kind = before is not None and (before.tag == NUMERAL or before.text[-1] in _COUNTING)
    return after is not None and not kind and (after.text in _ASPECTS or after.tag[0] in "mn")


def _obtained(words: list[Word], index: int) -> bool:
    """得了冠军, but 跑得了."""
    before, after = _before(words, index), _after(words, index)
    reached = before is not None and (before.tag in ("v", "a") or (len(before.text) == 1 and is_verb(before.text)))
    return after is not None and after.text in ("了", "过") and not reached


def _grown(words: list[Word], index: int) -> bool:
    """长了个疙瘩, 长着胡子."""
    after = words[index + 1 : index + 3]
    if len(after) < 2 or after[0].text not in _GROWN:
        return False
    return after[1].text == "个" or after[1].tag == NUMERAL or after[1].tag[0] == "n"


def _slept(words: list[Word], index: int) -> bool:
    return any("睡" in word.text for word in words[max(0, index - 4) : index])


def _braided(words: list[Word], index: int) -> bool:
    return any("辫" in word.text for word in words[max(0, index - 2) : index + 6])


def _counted_off(words: list[Word], index: int) -> bool:
    """一个一个地数."""
    return index > 0 and words[index - 1].text == "地"


def _worked(words: list[Word], index: int) -> bool:
    """干庄稼活儿."""
    return any(word.text in _WORK for word in words[index + 1 : index + 4])


def _measures(words: list[Word], index: int) -> bool:
    """那只小花猫, but 这只是."""
    before, after = _before(words, index), _after(words, index)
    counts = before is not None and (before.tag == NUMERAL or before.text[-1] in _COUNTING)
    return counts and after is not None and after.tag in _COUNTED


_RULES: dict[str, tuple[str, Callable[[list[Word], int], bool]]] = {
    "种": ("zhong4", _planted),
    "得": ("de2", _obtained),
    "处": ("chu3", _follows(_GETTING_ON)),
    "扇": ("shan1", _follows(_FANNED)),
    "盛": ("cheng2", _follows(_FILLED)),
    "长": ("zhang3", _grown),
    "觉": ("jiao4", _slept),
    "扎": ("za1", _braided),
    "数": ("shu3", _counted_off),
    "干": ("gan4", _worked),
    "只": ("zhi1", _measures),
}
