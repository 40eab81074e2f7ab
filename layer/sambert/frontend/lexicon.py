"""The dictionary: which stretches of a text are words, and how words and characters are read.

In: text. Out: numpy tables of matches, readings as syllables with tone digits ("hang2", 5 = neutral, ü = v).
The tables (made by layer/build/frontend/tables.py) stay on disk, memory-mapped: words are found by a 64-bit hash,
so nothing is parsed or built at import and only the pages that a text needs are ever read.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

DATA = Path(__file__).parent / "data"
LONGEST = 8  # characters in the longest word looked up
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, so that multiplying loses nothing modulo 2^64
CERTAIN = 1 << 31  # flag in phrase_starts: a reading of our own, not to be doubted
TAGS = ("n", "nr", "ns", "nt", "nz", "v", "vn", "a", "ad", "d", "r", "m", "q", "p", "c", "u", "y", "e", "o", "f", "s", "t",
        "z", "i", "l", "b", "j", "k", "h", "x")  # fmt: skip


def codes_of(text: str) -> np.ndarray:
    """Code points, (len(text),) uint64; lone surrogates are kept."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)


def hash_windows(text: str) -> list[np.ndarray]:
    """Hashes of all substrings: entry k-1 holds those of length k, (len(text) - k + 1,) uint64."""
    codes = codes_of(text)
    rows, current = [], np.zeros(len(codes), np.uint64)
    for length in range(1, min(LONGEST, len(codes)) + 1):
        current = current[: len(codes) - length + 1] * MULTIPLIER + codes[length - 1 :]
        rows.append(current ^ (current >> np.uint64(29)))
    return rows


def hash_words(words: list[str]) -> np.ndarray:
    """Hash of each whole word (at most LONGEST characters), (N,) uint64."""
    return np.array([hash_windows(word)[len(word) - 1][0] for word in words], np.uint64)


def search(keys: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each value lies in the sorted ``keys`` or, where it does not, some place in them; and whether it does."""
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return at, keys[at] == wanted


class Phrase(NamedTuple):
    """syllables: one a character; certain: whether the reading is beyond doubt, whatever the context."""

    syllables: list[str]
    certain: bool


class Lexicon:
    """All tables. Use ``lexicon()``: one is enough, it never changes."""

    @cached_property
    def syllables(self) -> list[str]:
        return (DATA / "syllables.txt").read_text("utf-8").split()

    @cached_property
    def _tables(self) -> dict[str, np.ndarray]:
        return {path.stem: np.asarray(np.load(path, mmap_mode="r")) for path in DATA.glob("[cpw]*_*.npy")}

    def _find(self, table: str, hashes: np.ndarray) -> np.ndarray:
        """Row of each hash in the table, -1 where there is none."""
        at, known = search(self._tables[table], hashes)
        return np.where(known, at, -1)

    def words_in(self, windows: list[np.ndarray]) -> list[tuple[list[int], list[int]]]:
        """For each length, for each position: the cost (−12·ln p; −1: not a word) and the tag of the word that lies there."""
        found = self._find("word_hashes", np.concatenate(windows))
        costs = np.where(found >= 0, self._tables["word_costs"][found].astype(np.int64), -1).tolist()
        tags = self._tables["word_tags"][found].tolist()
        ends = list(accumulate(map(len, windows), initial=0))
        return [(costs[begin:end], tags[begin:end]) for begin, end in pairwise(ends)]

    def phrases_in(self, windows: list[np.ndarray]) -> dict[int, list[Phrase]]:
        """Position → the phrases of at least two characters that begin there, longest first."""
        starts, readings = self._tables["phrase_starts"], self._tables["phrase_readings"]
        phrases: dict[int, list[Phrase]] = {}
        if len(windows) < 2:
            return phrases
        longest_first = windows[:0:-1]
        found = self._find("phrase_hashes", np.concatenate(longest_first))
        begins = list(accumulate(map(len, longest_first), initial=0))
        for where in np.flatnonzero(found >= 0).tolist():
            block = bisect_right(begins, where) - 1
            position, length = where - begins[block], len(windows) - block
            start = int(starts[found[where]])
            first = start & ~CERTAIN
            reading = [self.syllables[index] for index in readings[first : first + length].tolist()]
            phrases.setdefault(position, []).append(Phrase(reading, start >= CERTAIN))
        return phrases

    def characters(self, text: str) -> list[str]:
        """The default syllable of each character, "" for what is not a Chinese character."""
        at, known = search(self._tables["character_codes"], codes_of(text))
        found = np.where(known, self._tables["character_readings"][at].astype(np.int64), -1).tolist()
        return [self.syllables[index] if index >= 0 else "" for index in found]

    def knows(self, word: str) -> bool:
        return bool(self.tag(word))

    def tag(self, word: str) -> str:
        """The part of speech of a word of the dictionary, "" for others."""
        found = self._find("word_hashes", hash_windows(word)[-1])[0] if 0 < len(word) <= LONGEST else -1
        return TAGS[self._tables["word_tags"][found]] if found >= 0 else ""


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return Lexicon()
