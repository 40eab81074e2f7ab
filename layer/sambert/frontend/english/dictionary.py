"""Pronunciations of English words. In: a lower-case word. Out: ARPAbet phones in lower case, stress on vowels ("ey1"), or None.

data/english.bin holds the CMU Pronouncing Dictionary in compressed blocks; one block of 500 words is opened at a time.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data" / "english.bin"


@lru_cache(maxsize=1)
def _index() -> tuple[list[str], list[str], list[int], bytes]:
    phones, index, blocks = _DATA.read_bytes().split(b"\n", 2)
    entries = [entry.split(":") for entry in index.decode("ascii").split()]
    return phones.decode("ascii").split(), [word for word, _ in entries], [int(offset) for _, offset in entries], blocks


@lru_cache(maxsize=16)
def _block(number: int) -> dict[str, tuple[str, ...]]:
    phones, _, offsets, blocks = _index()
    end = offsets[number + 1] if number + 1 < len(offsets) else len(blocks)
    words: dict[str, tuple[str, ...]] = {}
    word = ""
    for row in zlib.decompress(blocks[offsets[number] : end]).decode("latin-1").split("\n"):
        split = next(i for i, char in enumerate(row) if char >= "\x80")
        word = word[: int(row[0])] + row[1:split]
        words[word] = tuple(phones[ord(char) - 0x80] for char in row[split:])
    return words


def look_up(word: str) -> tuple[str, ...] | None:
    """The first pronunciation of ``word``, stress 2 already folded to 0."""
    number = bisect_right(_index()[1], word) - 1
    return _block(number).get(word) if number >= 0 else None
