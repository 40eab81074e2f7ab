"""Surnames that are read in their own way. In: a name. Out: its syllables that differ from those in words."""

from __future__ import annotations

_COMPOUND = ("单于", "尉迟", "令狐")  # begin with one of these, and are dictionary words
# Where two families are written alike (宁, 纪, 隗) the common reading stays.
SURNAMES = {
    "任": "ren2", "单": "shan4", "曾": "zeng1", "解": "xie4", "仇": "qiu2", "查": "zha1", "区": "ou1", "朴": "piao2",
    "翟": "zhai2", "缪": "miao4", "盖": "ge3", "葛": "ge3", "曲": "qu1", "应": "ying1", "卜": "bu3", "肖": "xiao1",
}  # fmt: skip
# In words these are hardly ever a surname, so a text must say that they are.
_RARER = {
    "乐": "yue4", "哈": "ha3", "过": "guo1", "种": "chong2", "员": "yun4", "召": "shao4", "繁": "po2", "折": "she2",
    "祭": "zhai4", "薄": "bo2", "洗": "xian3", "冼": "xian3", "阚": "kan4", "盛": "sheng4", "华": "hua4", "燕": "yan1",
    "那": "na1", "令": "ling2", "尉": "wei4", "逄": "pang2", "黑": "he4", "柏": "bai3", "都": "du1", "覃": "qin2",
}  # fmt: skip


def readings(name: str) -> dict[int, str]:
    """Index in ``name`` → syllable: 曾小凡 zeng1; the 儿 of 应采儿 is a syllable of its own."""
    found = {at: "er2" for at, character in enumerate(name) if character == "儿" and at}
    surname = SURNAMES.get(name[:1]) or _RARER.get(name[:1])
    if surname and not name.startswith(_COMPOUND):
        found[0] = surname
    return found
