"""Traditional to simplified, for reading only. In: text. Out: text of the same length.

The table is data/traditional.txt (from OpenCC's TSCharacters, Apache-2.0). A few characters are also simplified ones with
another reading (乾隆, 著名, 宫商角徵羽): they change only in a text that is traditional elsewhere, and not in such words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data" / "traditional.txt"
_CONTEXTUAL = (
    (re.compile("乾(?![坤隆县縣陵卦元嘉清])"), "干"),
    (re.compile("(?<![名显顯卓土原编編专專巨论論昭遗遺译譯所拙])著(?![名作者称稱述书書录錄有])"), "着"),
    (re.compile("(?<![角宫宮])徵(?![羽])"), "征"),
    (re.compile("藉(?=[口由此着著])|(?<=[凭憑])藉"), "借"),
    (re.compile("瞭(?=解)"), "了"),
    (re.compile("(?<=[伙大同一这這])夥|夥(?=伴)"), "伙"),
    (re.compile("彷(?=[彿佛])"), "仿"),
    (re.compile("(?<=[答回反])覆"), "复"),
    (re.compile("麽"), "么"),
)


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    traditional, simplified = _DATA.read_text(encoding="utf-8").split()
    return dict(zip(map(ord, traditional), simplified, strict=True))


def simplify(text: str) -> str:
    """Character by character; ``text`` itself when nothing changes."""
    if text.isascii():
        return text
    plain = text.translate(_table())
    if plain == text:
        return text
    for pattern, replacement in _CONTEXTUAL:
        plain = pattern.sub(replacement, plain)
    return plain
