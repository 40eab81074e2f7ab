"""Writes frontend/data/traditional.txt. In: OpenCC's TSCharacters.txt (Apache-2.0; in the PyPI wheel
opencc-python-reimplemented 0.1.7). Out: two lines of equal length, traditional characters and what they are read as.

    python layer/build/frontend/traditional_table.py TSCharacters.txt layer/sambert/frontend/data/traditional.txt
"""

from __future__ import annotations

import sys
from pathlib import Path

# Read alike, not in OpenCC's table.
_EXTRA = {"妳": "你", "牠": "它", "祂": "他", "裡": "里", "臺": "台", "佔": "占", "甯": "宁"}
# Also simplified characters: frontend/normalize/traditional.py decides by context.
_CONTEXTUAL = "乾徵藉著瞭夥麽彷覆吒薹阪捱榘"

# Not read as what it is simplified to: 閤 is ge2, 合 is he2.
_KEPT = "閤"


def table(source: str) -> dict[str, str]:
    """Traditional → simplified, BMP only, the first reading of each."""
    pairs = dict(_EXTRA)
    for line in source.splitlines():
        traditional, _, candidates = line.partition("\t")
        simplified = candidates.split(" ")[0].strip()
        basic = len(traditional) == len(simplified) == 1 and traditional >= "\u3400" and max(traditional, simplified) <= "\u9fff"
        if basic and traditional != simplified and traditional not in _CONTEXTUAL + _KEPT:
            pairs[traditional] = simplified
    return pairs


if __name__ == "__main__":
    pairs = sorted(table(Path(sys.argv[1]).read_text(encoding="utf-8")).items())
    Path(sys.argv[2]).write_text("\n".join(map("".join, zip(*pairs, strict=True))) + "\n", encoding="utf-8")
