"""Single characters. In: one character that no rule took. Out: how it is said, "" for silence, None when it cannot be read."""

from __future__ import annotations

import unicodedata

from .tables import GREEK, SYMBOLS

# Kept as they are: the breaks are found by them.
_KEPT = frozenset(" ,.!?;:()\"'，。！？；：、…—“”‘’（）《》【】〔〕「」『』\n\u2009")


def alone(char: str) -> str | None:
    """How ``char`` is said by itself."""
    if char in _KEPT:
        return char
    if char == "/":
        return " "
    spoken = SYMBOLS.get(char) or GREEK.get(char)
    if spoken is not None:
        return spoken
    category = unicodedata.category(char)
    if category[0] in "ZC" and category != "Co" and category != "Cn":
        return " " if category[0] == "Z" or char in "\t\r\v\f" else ""
    if category[0] == "P" or category in ("Mn", "Me", "Sk", "Sm"):
        return ""
    if "CJK UNIFIED" in unicodedata.name(char, ""):
        return char
    return None
