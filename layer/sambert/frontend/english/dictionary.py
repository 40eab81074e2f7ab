"""Pronunciations of English words. In: a lower-case word. Out: ARPAbet phones in lower case, stress on vowels ("ey1"), or None.

data/english.bin holds the CMU Pronouncing Dictionary in compressed blocks, opened when a word in them is asked for.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path

_DATA = Path(__file__).parents[1] / "data" / "english.bin"


@lru_cache(maxsize=1)
def _index() -> tuple[list[str], list[str], list[int], bytes]:
    phones, index, blocks = _DATA.read_bytes().split(b"\n", 2)
    entries = [entry.split(":") for entry in index.decode("ascii").split()]
    return phones.decode("ascii").split(), [word for word, _ in entries], [int(offset) for _, offset in entries], blocks


@cache  # all of them together are 2 MB
def _block(number: int) -> bytes:
    _, _, offsets, blocks = _index()
    end = offsets[number + 1] if number + 1 < len(offsets) else len(blocks)
    return zlib.decompress(blocks[offsets[number] : end])


def look_up(word: str) -> tuple[str, ...] | None:
    """The first pronunciation of ``word``, stress 2 already folded to 0."""
    phones, first_words, _, _ = _index()
    number = bisect_right(first_words, word) - 1
    if number < 0:
        return None
    block, key = _block(number), f"\n{word}\t".encode()
    start = block.find(key)
    if start < 0:
        return None
    start += len(key)
    return tuple(phones[code - 0x80] for code in block[start : block.index(b"\n", start)])
