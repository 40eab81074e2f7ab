"""Letter-to-sound rules for words no dictionary knows. In: lower-case letters. Out: ARPAbet phones with stress.

A compact rule set of our own: the longest matching spelling wins; the first vowel is stressed, silent final e lengthens.
"""

from __future__ import annotations

import re

from ..sections import lists, sections

_RULES = lists(sections("english.txt")["spelling"])
_LONG = {"a": "ey", "e": "iy", "i": "ay", "o": "ow", "u": "uw", "y": "ay"}
_VOWEL_SOUNDS = frozenset({"aa", "ae", "ah", "ao", "aw", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw"})
_TOKEN = re.compile("|".join(sorted(_RULES, key=len, reverse=True)))


def sound(word: str) -> tuple[str, ...]:
    """A guess; every word of letters gives at least one phone."""
    word = re.sub("[^a-z]", "", word)
    phones: list[str] = []
    magic = re.search(r"([aeiouy])[b-df-hj-np-tvwxz]e$", word)
    end = len(word) - 1 if magic else len(word)
    for token in _TOKEN.finditer(word[:end]):
        if magic and token.start() == magic.start(1) and len(token[0]) == 1:
            phones.append(_LONG[token[0]])
        elif token.end() == len(word) and token[0] in ("o", "a", "y", "i") and token.start():
            phones.append({"o": "ow", "a": "ah", "y": "iy", "i": "iy"}[token[0]])
        elif token[0] == "y" and token.start() == 0 and len(word) > 1:
            phones.append("y")
        else:
            phones += _RULES[token[0]]
    if magic and word[-2:] in ("ce", "ge"):
        phones[-1] = {"c": "s", "g": "jh"}[word[-2]]
    stressed = False
    for index, phone in enumerate(phones):
        if phone in _VOWEL_SOUNDS:
            phones[index] = phone + ("0" if stressed else "1")
            stressed = True
    return tuple(phones)
