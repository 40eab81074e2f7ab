"""Pinyin syllables and the KAN-TTS phones they are made of. In: "hao3", "huar1", "lv4". Out: phones ("h_c", "ao_c").

The map equals KAN-TTS's py2phoneMap.txt on all its 661 syllables (a test holds it to that); it is a rule here because the
table is one: an initial, a final, three spellings of i, and a glottal "ga/ge/go" where there is no initial.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_SHAPE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([aeiouv][a-z]*?)(r?)")
_FINALS = {"ui": "uei", "un": "uen", "iu": "iou"}
_KNOWN = frozenset(
    [
        "a",
        "ai",
        "an",
        "ang",
        "ao",
        "e",
        "ei",
        "en",
        "eng",
        "er",
        "i",
        "ia",
        "ian",
        "iang",
        "iao",
        "ie",
        "ih",
        "ii",
        "in",
        "ing",
        "iong",
        "iou",
        "o",
        "ong",
        "ou",
        "u",
        "ua",
        "uai",
        "uan",
        "uang",
        "uei",
        "uen",
        "uo",
        "v",
        "van",
        "ve",
        "vn",
    ]
)
# Spoken syllables that no phone set spells: the nearest one that can be said.
NEAREST = {"m": "mu", "n": "en", "ng": "eng", "hm": "heng", "hng": "heng", "fiao": "fao", "eh": "ei"}


class Syllable(NamedTuple):
    """text: "huar1", or the word when ``phones`` are given (English); tone: its last character, "1".."5" ("0", "1" in English).

    begin, end: the characters it is the sound of (two when erhua is merged); word: index of its word.
    """

    text: str
    begin: int
    end: int
    word: int
    phones: tuple[str, ...] = ()

    @property
    def tone(self) -> str:
        return self.text[-1]

    def toned(self, tone: str) -> Syllable:
        return self._replace(text=self.text[:-1] + tone)


@lru_cache(maxsize=4096)
def phones(base: str) -> tuple[str, str] | None:
    """The two phones of a syllable without tone: "hua" → ("h_c", "ua_c"), "yuanr" → ("y_c", "vanr_c"). None: no syllable."""
    base = NEAREST.get(base, base)
    if base == "er":  # 儿, 二: its r is its own
        return "ge", "er_c"
    shape = _SHAPE.fullmatch(base)
    if shape is None:
        return None
    initial, final, erhua = shape.groups()
    if initial in ("j", "q", "x", "y") and final.startswith("u"):
        final = "v" + final[1:]
    if final in _FINALS and initial not in ("y", "w"):
        final = _FINALS[final]
    if final == "i":
        final = "ih" if initial in ("zh", "ch", "sh", "r") else "ii" if initial in ("z", "c", "s") else "i"
    start = "xx_c" if initial == "x" else f"{initial}_c" if initial else f"g{final[0]}"
    return (start, f"{final}{erhua}_c") if final in _KNOWN else None


def is_syllable(syllable: str) -> bool:
    """Whether ``syllable`` is pinyin with a tone digit 1..5."""
    return syllable[-1:] in tuple("12345") and phones(syllable[:-1]) is not None
