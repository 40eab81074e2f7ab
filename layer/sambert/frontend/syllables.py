"""Pinyin syllables and the KAN-TTS phones they are made of. In: "hao3", "huar1", "lv4". Out: phones ("h_c", "ao_c").

The map equals KAN-TTS's py2phoneMap.txt on all its 661 syllables (a test holds it to that); it is a rule here because the
table is one: an initial, a final, three spellings of i, and a glottal "ga/ge/go" where there is no initial.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SHAPE = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)([aeiouv][a-z]*?)(r?)([0-5]?)")
# Spoken syllables that no phone set spells: the nearest one that can be said.
NEAREST = {"m": "mu", "n": "en", "ng": "eng", "hm": "heng", "hng": "heng", "nia": "nian", "fiao": "fao", "rua": "ruo", "eh": "ei"}
_FINALS = {"ui": "uei", "un": "uen", "iu": "iou"}
_ERHUA_EXCEPTION = "er"  # 儿 二: its r is its own


def split(syllable: str) -> tuple[str, str]:
    """hao3 → ("hao", "3"); without a digit the tone is neutral."""
    return (syllable[:-1], syllable[-1]) if syllable[-1:].isdigit() else (syllable, "5")


@lru_cache(maxsize=4096)
def phones(base: str) -> tuple[str, str] | None:
    """The two phones of a syllable without tone: "hua" → ("h_c", "ua_c"), "yuanr" → ("y_c", "vanr_c"). None: no syllable."""
    base = NEAREST.get(base, base)
    shape = _SHAPE.fullmatch(base)
    if shape is None or shape[4]:
        return None
    initial, final, erhua = shape[1], shape[2], shape[3]
    if base == _ERHUA_EXCEPTION:
        return "ge", "er_c"
    if initial in ("j", "q", "x", "y") and final.startswith("u"):
        final = "v" + final[1:]
    if final in _FINALS and initial not in ("y", "w"):
        final = _FINALS[final]
    if final == "i":
        final = "ih" if initial in ("zh", "ch", "sh", "r") else "ii" if initial in ("z", "c", "s") else "i"
    start = "xx_c" if initial == "x" else f"{initial}_c" if initial else f"g{final[0]}"
    return start, f"{final}{erhua}_c"


@lru_cache(maxsize=4096)
def is_syllable(syllable: str) -> bool:
    """Whether ``syllable`` is pinyin with a tone digit 1..5."""
    base, tone = split(syllable)
    made = phones(base)
    return tone in "12345" and syllable[-1].isdigit() and made is not None and made[1].removesuffix("_c").removesuffix("r") in _KNOWN


_KNOWN = frozenset(
    "a ai an ang ao e ei en eng e i ia ian iang iao ie ih ii in ing iong iou o ong ou u ua uai uan uang uei uen uo v van ve vn".split()
)
