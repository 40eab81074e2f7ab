"""儿 as the colouring of the syllable before it. In: words and syllables. Out: syllables, 花儿 merged to ``huar1``."""

from __future__ import annotations

from . import habits
from .lexicon import lexicon
from .syllables import Syllable
from .words import Word

_NAMES = ("nr", "ns", "nt")
_CHILDREN = frozenset("童歌科女媳孙")  # 儿童: here 儿 begins something new


def drawn_out(spoken: list[Syllable], characters: list[str], free: list[bool]) -> list[Syllable]:
    """慢慢儿 man4 manr1: a doubled adverb or adjective with 儿 ends in the first tone. Verbs do not: 玩玩儿."""
    changed = list(spoken)
    able = habits.characters("drawn out")
    for at in range(2, len(spoken)):
        doubled = characters[at] == "儿" and characters[at - 1] == characters[at - 2] in able
        if doubled and free[at - 1] and spoken[at - 2].end == spoken[at - 1].begin and spoken[at - 1].end == spoken[at].begin:
            changed[at - 1] = spoken[at - 1].toned("1")
    return changed


def merged(
    spoken: list[Syllable], characters: list[str], words: list[Word], free: list[bool]
) -> tuple[list[Syllable], list[str], list[bool]]:
    """花儿 → huar1; not in 儿子, 女儿, 婴儿. Out: what came in, without the 儿 that are no syllables."""
    kept: list[int] = []
    found: list[Syllable] = []
    for at, one in enumerate(spoken):
        adjoins = bool(found) and found[-1].end == one.begin and not found[-1].text[:-1].endswith("r")
        if characters[at] == "儿" and free[at] and adjoins and _suffix(at, spoken, words):
            last = found[-1]
            found[-1] = last._replace(text=f"{last.text[:-1]}r{last.tone}", end=one.end)
        else:
            found.append(one._replace(text="er2") if one.text == "r5" else one)  # nothing to colour: AI儿, after a rare character
            kept.append(at)
    return found, [characters[at] for at in kept], [free[at] for at in kept]


def _suffix(at: int, spoken: list[Syllable], words: list[Word]) -> bool:
    """Whether the 儿 at ``at`` is only a colouring of the syllable before it."""
    index = spoken[at].word
    word, child = words[index], habits.words("child")
    if word.text == "孩儿" or (word.tag in _NAMES and not _common(word.text[:-1])):
        return False
    if len(word.text) == 1:  # a word of its own: 花|儿
        before = words[index - 1]
        named = before.tag == "nr" and not _common(before.text) and not lexicon().knows(before.text)
        return not named and before.text[-1:] + "儿" not in child and before.text[-2:] + "儿" not in child
    until, beyond = word.text[: spoken[at].end - word.begin], word.text[spoken[at].end - word.begin :]
    if beyond[:1] in _CHILDREN and until[-2:] != "女儿":
        return False
    return until != "儿" and until[-2:] not in child and until[-3:] not in child  # not 儿童, 女儿国


def _common(stem: str) -> bool:
    """Whether what the dictionary takes for a name with 儿 is a thing's: 小鸟儿, 胡同儿, but 李瓶儿."""
    return len(stem) > 1 and (lexicon().tag(stem) not in ("", *_NAMES) or stem in habits.words("light"))
