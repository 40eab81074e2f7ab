"""Characters with several readings, told apart by their context. In: a sentence, its words, its phrases. Out: readings.

For each such character a log-linear model over its readings (weights: layer/build/frontend/polyphones.py) hears three witnesses:
the characters and words around it (hashed n-grams), the phrase dictionary, and a small recurrent network (recurrent.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import exp, log
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .lexicon import DATA, LONGEST, MULTIPLIER, TAGS, codes_of, search
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
_BAG = np.array([column for column in range(2 * _EDGE + 1) if column != _EDGE])
# n-grams of one length at a time: their kinds, and for each of their characters the column of the neighbourhood it is in.
_BLOCKS = [
    (
        np.array([kind for kind, offsets in enumerate(_NGRAMS, 1) if len(offsets) == size], np.uint64),
        np.array([offsets for offsets in _NGRAMS if len(offsets) == size]).T + _EDGE,
    )
    for size in range(1, 5)
]
_MULTIPLIER, _64_BITS = int(MULTIPLIER), (1 << 64) - 1
_NEAR = np.arange(-_EDGE, _EDGE + 1)
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


class Asked(NamedTuple):
    """A character in its context. row: its features; network: its scores; hint: the dictionary's word."""

    character: str
    row: np.ndarray
    network: Scores
    hint: Hint | None


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
            asked = [Asked(text[place], *each, hints[place]) for place, *each in zip(open_, found, network, strict=True)]
            spoken.update(zip(open_, self.answers(asked), strict=True))
        return list(spoken.values())

    def answers(self, asked: Sequence[Asked]) -> list[str]:
        """The most likely reading of each."""
        return [self._or_hint(one, best) for one, best in zip(asked, self._likeliest(asked), strict=True)]

    def _or_hint(self, one: Asked, best: str) -> str:
        """A reading that the model has never met is believed to the dictionary if the network likes it better."""
        if one.hint and one.hint.syllable not in self.characters[one.character].readings:
            return max(best, one.hint.syllable, key=lambda reading: one.network.get(reading, -np.inf))
        return best

    def _likeliest(self, asked: Sequence[Asked]) -> list[str]:
        """Of the readings that each character's model knows."""
        models = [self.characters[one.character] for one in asked]
        keys = [reading_keys(one.row, len(known.readings)) for one, known in zip(asked, models, strict=True)]
        sparse = self._told(np.concatenate([each.ravel() for each in keys]))
        best, end = [], 0
        for one, (readings, weights), each in zip(asked, models, keys, strict=True):
            begin, end = end, end + each.size
            if len(readings) > 1:
                scores = sparse[begin:end].reshape(each.shape).sum(axis=0) * self._step
                best.append(readings[int((scores + weights @ dense_inputs(readings, one.network, one.hint)).argmax())])
            else:
                best.append(readings[0])
        return best

    def _told(self, keys: np.ndarray) -> np.ndarray:
        """The weight of each key, in steps; 0 for those that have none."""
        at, known = search(self._keys, keys)
        return (self._weights[at] * known).astype(np.float32)


def _disputed(reading: str, hint: Hint | None) -> bool:
    return hint is not None and hint.syllable != reading


def inputs(readings: int) -> int:
    """How many dense inputs a character of so many readings has."""
    return 3 * readings + 2


def dense_inputs(readings: Sequence[str], network: Scores, hint: Hint | None) -> np.ndarray:
    """Network's log-probability of each reading, whether the dictionary says so, in a long phrase, says nothing; a constant."""
    scores = [network.get(one, -99.0) for one in readings]
    highest = max(scores)
    total = highest + log(sum(exp(one - highest) for one in scores))
    told = [TOLD * (hint is not None and hint.syllable == one) for one in readings]
    long = [told_so * (hint is not None and hint.length > 2) for told_so in told]
    return np.array([*(max(one - total, _FLOOR) for one in scores), *told, *long, TOLD * (hint is None), 1.0], np.float32)


def features(text: str, words: Sequence[Word], places: Sequence[int]) -> np.ndarray:
    """Hashes of the context of each place, (places, features) uint64; 0 where there is none."""
    codes = codes_of("".join(map(_folded, text)))
    padded = np.concatenate([np.full(_EDGE, _BEFORE, np.uint64), codes, np.full(_EDGE, _AFTER, np.uint64)])
    at = np.asarray(places) + _EDGE
    own = padded[at]
    near = padded[at[:, None] + _NEAR]  # (places, 17)
    blocks = [_mixed(kinds, own[:, None], *(near[:, column] for column in columns)) for kinds, columns in _BLOCKS]
    bag = near[:, _BAG]
    blocks.append(_mixed(_BAG_KIND, own[:, None], bag) * (bag > _AFTER))
    return np.concatenate([*blocks, np.array(_word_features(own.tolist(), words, places), np.uint64)], axis=1)


def _word_features(own: list[int], words: Sequence[Word], places: Sequence[int]) -> list[list[int]]:
    """In Python's own integers: for a handful of places that is quicker than arrays."""
    index = [number for number, word in enumerate(words) for _ in word.text]
    offset = words[0].begin
    rows = []
    for code, place in zip(own, places, strict=True):
        number = index[place - offset]
        word = words[number]
        before = words[number - 1] if number else None
        after = words[number + 1] if number + 1 < len(words) else None
        inside, length, tag = place - word.begin, len(word.text), _TAG_NUMBERS[word.tag]
        tag_before, tag_after = _TAG_NUMBERS[before.tag] if before else 0, _TAG_NUMBERS[after.tag] if after else 0
        rows.append([
            _mix(40, code, inside, _hashed(word.text)), _mix(41, code, _hashed(before.text) if before else _BEFORE),
            _mix(42, code, _hashed(after.text) if after else _AFTER), _mix(43, code, inside, length), _mix(44, code, tag),
            _mix(45, code, length, tag_before), _mix(46, code, length, tag_after), _mix(47, code, length, tag_before, tag_after),
        ])  # fmt: skip
    return rows


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    """All digits are one, all Latin letters are one."""
    return "0" if character.isdecimal() else "A" if character.isascii() and character.isalpha() else character


@lru_cache(maxsize=8192)
def _hashed(word: str) -> int:
    value = 0
    for character in word[:LONGEST]:
        value = (value * _MULTIPLIER + ord(character)) & _64_BITS
    return value


def _mix(kind: int, *parts: int) -> int:
    """``_mixed`` of one."""
    value = kind
    for part in parts:
        value = ((value ^ (value >> 29)) * _MULTIPLIER + part) & _64_BITS
    return value ^ (value >> 31)


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
