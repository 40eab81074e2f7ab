"""Characters with several readings, told apart by their context. In: a sentence, its words, its phrases. Out: readings.

For each such character a log-linear model over its readings (weights: layer/build/frontend/polyphones.py) hears three witnesses:
the characters and words around it (hashed n-grams), the phrase dictionary, and a small recurrent network (recurrent.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .lexicon import DATA, LONGEST, MULTIPLIER, TAGS, codes_of
from .recurrent import Scores, recurrent
from .words import LATIN, MARK, Word

_EDGE = 8  # characters looked at on each side
_BEFORE, _AFTER = 2, 3  # stand for what lies outside the sentence
TOLD = 4.0  # the dictionary's word as an input: large, so that regularisation hardly holds its weight down
_FLOOR = -8.0  # log-probabilities of the network below this are all the same
# Offsets of the n-grams, each together with the character itself.
_NGRAMS = (
    (-4,), (-3,), (-2,), (-1,), (1,), (2,), (3,), (4,), (-1, 1), (-2, -1), (1, 2), (-3, -2, -1), (1, 2, 3), (-2, -1, 1),
    (-1, 1, 2), (-2, 1), (-1, 2), (2, 3), (-3, -2), (-2, -1, 1, 2),
)  # fmt: skip
_BAG_KIND = 60
# n-grams of one length at a time: their kinds, and for each of their characters the column of the neighbourhood it is in.
_BLOCKS = [
    (
        np.array([kind for kind, offsets in enumerate(_NGRAMS, 1) if len(offsets) == size], np.uint64),
        np.array([offsets for offsets in _NGRAMS if len(offsets) == size]).T + _EDGE,
    )
    for size in range(1, 5)
]
_TAG_NUMBERS = {tag: number for number, tag in enumerate((*TAGS, LATIN, MARK), 1)}


class Hint(NamedTuple):
    """What the dictionary says of one character: its syllable in a phrase of ``length`` characters; certain: beyond doubt."""

    syllable: str
    length: int
    certain: bool = False


class _Character(NamedTuple):
    """One character's model. readings: its syllables; dense: (readings, inputs) weights of network and dictionary."""

    readings: tuple[str, ...]
    dense: np.ndarray


class Model:
    """All weights, memory-mapped. Use ``model()``."""

    def __init__(self, folder: Path = DATA) -> None:
        self._keys = np.asarray(np.load(folder / "polyphone_keys.npy", mmap_mode="r"))
        self._weights = np.asarray(np.load(folder / "polyphone_weights.npy", mmap_mode="r"))
        dense = np.load(folder / "polyphone_dense.npy")
        header, *lines = (folder / "polyphones.txt").read_text("utf-8").splitlines()
        self._step = float(header)
        self.characters: dict[str, _Character] = {}
        start = 0
        for line in lines:
            character, *readings = line.split()
            size = len(readings) * inputs(len(readings)) if len(readings) > 1 else 0
            weights = dense[start : start + size].reshape(len(readings), -1 if size else 0).astype(np.float32)
            self.characters[character] = _Character(tuple(readings), weights)
            start += size

    def read(self, text: str, words: Sequence[Word], hints: Sequence[Hint | None], places: Sequence[int]) -> list[str]:
        """The syllables of the characters at ``places``, all of which are in ``characters``."""
        spoken = {place: self.characters[text[place]].readings[0] for place in places}
        open_ = [
            place for place in places if len(self.characters[text[place]].readings) > 1 or _disputed(spoken[place], hints[place])
        ]
        if open_:
            found, network = features(text, words, open_), recurrent().scores(text, open_)
            for row, place in enumerate(open_):
                spoken[place] = self.answer(text[place], found[row], network[row], hints[place])
        return list(spoken.values())

    def answer(self, character: str, row: np.ndarray, network: Scores, hint: Hint | None) -> str:
        """The most likely reading. row: its features; network: its scores; hint: the dictionary's word.

        A reading that the model has never met is believed to the dictionary if the network likes it better.
        """
        readings, weights = self.characters[character]
        best = readings[0]
        if len(readings) > 1:
            keys = reading_keys(row, len(readings))
            at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
            sparse = (self._weights[at] * (self._keys[at] == keys)).sum(axis=0, dtype=np.float32) * self._step
            best = readings[int((sparse + weights @ dense_inputs(readings, network, hint)).argmax())]
        if hint and hint.syllable not in readings and network.get(hint.syllable, -np.inf) > network.get(best, -np.inf):
            return hint.syllable
        return best


def _disputed(reading: str, hint: Hint | None) -> bool:
    return hint is not None and hint.syllable != reading


def inputs(readings: int) -> int:
    """How many dense inputs a character of so many readings has."""
    return 3 * readings + 2


def dense_inputs(readings: Sequence[str], network: Scores, hint: Hint | None) -> np.ndarray:
    """Network's log-probability of each reading, whether the dictionary says so, in a long phrase, says nothing; a constant."""
    scores = np.array([network.get(one, -99.0) for one in readings])
    scores -= np.logaddexp.reduce(scores)
    told = [TOLD * (hint is not None and hint.syllable == one) for one in readings]
    long = [told_so * (hint is not None and hint.length > 2) for told_so in told]
    return np.array([*np.maximum(scores, _FLOOR), *told, *long, TOLD * (hint is None), 1.0], np.float32)


def features(text: str, words: Sequence[Word], places: Sequence[int]) -> np.ndarray:
    """Hashes of the context of each place, (places, features) uint64; 0 where there is none."""
    codes = codes_of("".join(map(_folded, text)))
    padded = np.concatenate([np.full(_EDGE, _BEFORE, np.uint64), codes, np.full(_EDGE, _AFTER, np.uint64)])
    at = np.asarray(places) + _EDGE
    own = padded[at]
    near = padded[at[:, None] + np.arange(-_EDGE, _EDGE + 1)]  # (places, 17)
    blocks = [_mixed(kinds, own[:, None], *(near[:, column] for column in columns)) for kinds, columns in _BLOCKS]
    bag = np.delete(near, _EDGE, axis=1)
    blocks.append(_mixed(_BAG_KIND, own[:, None], bag) * (bag > _AFTER))
    return np.concatenate([*blocks, _word_features(own, words, places)], axis=1)


def _word_features(own: np.ndarray, words: Sequence[Word], places: Sequence[int]) -> np.ndarray:
    index = [number for number, word in enumerate(words) for _ in word.text]
    offset = words[0].begin
    rows = []
    for place in places:
        number = index[place - offset]
        word = words[number]
        before = words[number - 1] if number else None
        after = words[number + 1] if number + 1 < len(words) else None
        rows.append((
            place - word.begin, len(word.text), _hashed(word.text), _hashed(before.text) if before else _BEFORE,
            _hashed(after.text) if after else _AFTER, _TAG_NUMBERS[word.tag], _TAG_NUMBERS[before.tag] if before else 0,
            _TAG_NUMBERS[after.tag] if after else 0,
        ))  # fmt: skip
    inside, length, word, before, after, tag, tag_before, tag_after = np.array(rows, np.uint64).T
    columns = [
        _mixed(40, own, inside, word), _mixed(41, own, before), _mixed(42, own, after), _mixed(43, own, inside, length),
        _mixed(44, own, tag), _mixed(45, own, length, tag_before), _mixed(46, own, length, tag_after),
        _mixed(47, own, length, tag_before, tag_after),
    ]  # fmt: skip
    return np.stack(columns, axis=1)


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    """All digits are one, all Latin letters are one."""
    return "0" if character.isdecimal() else "A" if character.isascii() and character.isalpha() else character


@lru_cache(maxsize=8192)
def _hashed(word: str) -> int:
    value = 0
    for character in word[:LONGEST]:
        value = (value * 0x9E3779B97F4A7C15 + ord(character)) & 0xFFFFFFFFFFFFFFFF
    return value


def _mixed(kind: int | np.ndarray, *parts: np.ndarray) -> np.ndarray:
    """One hash of the kind of a feature and its parts, for arrays that broadcast."""
    value = np.atleast_1d(np.asarray(kind, np.uint64))
    for part in parts:
        value = (value ^ (value >> np.uint64(29))) * MULTIPLIER + part
    return value ^ (value >> np.uint64(31))


def reading_keys(row: np.ndarray, readings: int) -> np.ndarray:
    """32-bit keys of features together with each reading, (features, readings); absent features have the key 0."""
    numbers = np.arange(1, readings + 1, dtype=np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    keys = ((row[:, None] ^ numbers) * MULTIPLIER >> np.uint64(32)).astype(np.uint32)
    return np.where(row[:, None] == 0, np.uint32(0), keys)


@lru_cache(maxsize=1)
def model() -> Model:
    return Model()
