"""Neutral tones. In: words and syllables. Out: syllables of which the light ones carry tone 5.

What a dictionary has light is already so; here are the words read light by habit (data/habits.txt) and the patterns: doubled
kinship terms and verbs, the place in place words, directions after verbs, 个 after numbers, 过 after verbs.
"""

from __future__ import annotations

from . import habits, places
from .lexicon import lexicon
from .syllables import Syllable
from .words import MARK, Word, is_verb

_BEFORE_DIRECTION = frozenset("上下进出回过起开")
_MEASURED = frozenset("了过着来出到几有两半多每做是这那哪一二三四五六七八九十百千万亿")
_NOT_MEASURED = frozenset("各整逐单高矮大小挨个")  # 整个, 逐个, 个个


def apply(words: list[Word], spoken: list[Syllable], characters: list[str], free: list[bool]) -> list[Syllable]:
    """characters: that of each syllable; free: whether the syllable may be changed."""
    changed = list(spoken)
    for at, one in enumerate(spoken):
        before = characters[at - 1] if at and spoken[at - 1].end == one.begin else ""
        if not before or not free[at] or one.tone == "5":
            continue
        word = words[one.word]
        if (_listed(word, one) and not _local(words, one)) or _patterned(words, one, before, characters[at]):
            changed[at] = one.toned("5")
        elif _doubled(words[one.word - 1], word, one, before, characters[at]):
            changed[at] = one.toned("5")
            if one.tone == "3" and word.tag == "v" and free[at - 1]:
                changed[at - 1] = spoken[at - 1].toned("2")  # 想想 xiang2 xiang5, but 姐姐 jie3 jie5
    return changed


def _listed(word: Word, one: Syllable) -> bool:
    """Whether the list has the word, its last two characters (老朋友) or, in a word of three, its first two (葡萄酒)."""
    light, alone = habits.words("light"), habits.words("light alone")
    text, inside = word.text, one.end - word.begin
    if len(text) > 2 and text[-1] == "儿" and inside == len(text) - 1:
        return text[:-1] in light or (len(text) > 3 and text[-3:-1] in light - alone)  # 新媳妇儿
    if len(text) == 3 and inside == 2:
        return word.tag not in ("nr", "nt") and text[:2] in light - alone and not lexicon().knows(text[1:])
    if one.end != word.end or one.begin == word.begin:
        return False
    if len(text) == 2 or word.tag in ("nr", "ns"):
        return text in light or (word.tag == "nr" and text[-2:] in habits.words("titles"))
    return text in light or text[-2:] in light - alone


def _local(words: list[Word], one: Syllable) -> bool:
    """地方政府: the adjective is said in full."""
    after = _after(words, one)
    return words[one.word].text == "地方" and after is not None and after.text in habits.words("of a place")


def _doubled(previous: Word, word: Word, one: Syllable, before: str, character: str) -> bool:
    """妈妈, 看看, 说|说, 试试看, 散散步, 洋娃娃; not 整整, 红扑扑, 指指点点."""
    if character != before:
        return False
    if one.begin == word.begin:
        again = previous.text == word.text and word.tag == previous.tag == "v"
        object_too = previous.text == character and len(word.text) == 2 and word.tag == "v" and is_verb(character)  # 捶|捶背
        return (len(word.text) == 1 and again) or object_too
    named, size = character in habits.characters("doubled names"), len(word.text)
    if size == 4 and word.text[0] == word.text[1] and word.text[2] == word.text[3]:
        return named and habits.characters("doubled names").issuperset(word.text)  # 爷爷奶奶, but 星星点点
    verb = is_verb(character) and character * 2 not in habits.words("full doubles")
    if size == 2:
        return named or (verb and word.tag not in ("nr", "u"))
    if size == 3 and one.end < word.end:
        return named or (verb and word.text[2] == "看") or (is_verb(character) and lexicon().knows(word.text[1:]))
    return named and one.end == word.end


def _patterned(words: list[Word], one: Syllable, before: str, character: str) -> bool:
    rule = _RULES.get(character)
    return _said_of_somebody(words, one) or (rule is not None and rule(words, one, before, character))


def _after(words: list[Word], one: Syllable) -> Word | None:
    return words[one.word + 1] if one.word + 1 < len(words) else None


def _said_of_somebody(words: list[Word], one: Syllable) -> bool:
    """很精神, 太大意: words that are light where they are adjectives."""
    word = words[one.word]
    adjective = one.word > 0 and one.end == word.end and word.text in habits.words("light after degree")
    return adjective and words[one.word - 1].text in habits.words("degree")


def _place(words: list[Word], one: Syllable, _before: str, character: str) -> bool:
    return places.light(words, one, character)


def _managing(words: list[Word], one: Syllable, before: str, _character: str) -> bool:
    """将就, which are two words of the written language: 将就着用, 将就点儿."""
    after = _after(words, one)
    alone = words[one.word].text == "就" and before == "将"
    return alone and (after is None or after.tag == MARK or after.text in ("着", "一下", "点", "点儿", "吧", "了"))


def _exclaimed(words: list[Word], one: Syllable, _before: str, _character: str) -> bool:
    after = _after(words, one)
    return len(words[one.word].text) == 1 and (after is None or after.tag == MARK)


def _direction(words: list[Word], one: Syllable, before: str, _character: str) -> bool:
    """出来, 走进|去, 走|过去, but 失去过去."""
    word, previous = words[one.word], words[one.word - 1] if one.word else None
    if word.text == "过去":
        after = _after(words, one)
        return bool(previous) and len(previous.text) == 1 and previous.tag == "v" and (after is None or after.text != "的")
    if before not in _BEFORE_DIRECTION or one.end != word.end:
        return False
    entered = len(word.text) == 1 and bool(previous) and previous.tag == "v" and len(previous.text) > 1
    return entered or (word.tag == "v" and len(word.text) > 1)


def _measure(words: list[Word], one: Syllable, before: str, _character: str) -> bool:
    """三个, 有个, 下个不停; not 整个, 一个个."""
    word, after = words[one.word], _after(words, one)
    alone = len(word.text) == 1
    if alone and after and after.text in habits.words("without end"):
        return True
    if word.text.endswith("个个") or (after and after.text == "个"):
        return False
    verb = one.word > 0 and (words[one.word - 1].tag == "v" or is_verb(before))
    return before in _MEASURED or (alone and before not in _NOT_MEASURED and verb)


def _experience(words: list[Word], one: Syllable, before: str, _character: str) -> bool:
    """吃|过, 上|过; not 转|过|身."""
    word, after = words[one.word], _after(words, one)
    if len(word.text) > 1 or not one.word or (after and after.text in habits.words("turned")):
        return False
    return words[one.word - 1].tag == "v" or before in "上下" or is_verb(before)


_RULES = {
    **dict.fromkeys(places.LIGHT, _place),
    **dict.fromkeys("啦哇耶呐喔嘞", _exclaimed),
    **dict.fromkeys("来去", _direction),
    "个": _measure,
    "过": _experience,
    "就": _managing,
}
