"""A recurrent network that scores polyphones by the whole sentence. In: text. Out: a score for each reading of each place.

One bidirectional LSTM of 32 units over characters and two dense layers: the architecture and weights of g2pM (Apache-2.0, see
NOTICE), the character embedding quantised to 8 bits by layer/build/frontend/polyphones.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import prod

import numpy as np

from .lexicon import DATA, codes_of

_UNKNOWN, _BEGIN, _END = 1, 2, 3  # rows of the embedding
_UNITS = 32


def shapes(classes: int) -> dict[str, tuple[int, ...]]:
    """The arrays of the network in the order they are kept in. One flat file: an .npz costs the import of zipfile."""
    gates = 4 * _UNITS
    return {
        "scale": (64,), "into": (2, 64, gates), "bias": (2, 1, gates), "over": (2, _UNITS, gates), "hidden": (64, _UNITS),
        "hidden_bias": (_UNITS,), "out": (_UNITS, classes), "out_bias": (classes,),
    }  # fmt: skip


def unpacked(flat: np.ndarray, classes: int) -> Iterator[tuple[str, np.ndarray]]:
    begin = 0
    for name, shape in shapes(classes).items():
        end = begin + prod(shape)
        yield name, flat[begin:end].reshape(shape)
        begin = end


class Recurrent:
    """Weights, gates in the order input, forget, cell, output. Use ``recurrent()``."""

    def __init__(self) -> None:
        self._codes = np.load(DATA / "recurrent_codes.npy")
        self._rows = np.load(DATA / "recurrent_rows.npy")
        self._embedding = np.asarray(np.load(DATA / "recurrent_embedding.npy", mmap_mode="r"))
        self._classes = (DATA / "recurrent.txt").read_text("utf-8").split()
        weights = dict(unpacked(np.load(DATA / "recurrent_weights.npy").astype(np.float32), len(self._classes)))
        self._scale = weights["scale"]
        self._into, self._bias = weights["into"], weights["bias"]  # (2, 64, 128), (2, 1, 128)
        self._over = weights["over"]  # (2, 32, 128)
        self._hidden, self._hidden_bias = weights["hidden"], weights["hidden_bias"]  # (64, 32)
        self._out, self._out_bias = weights["out"], weights["out_bias"]  # (32, classes)
        self._number = {name: index for index, name in enumerate(self._classes)}

    def scores(self, text: str, places: Sequence[int]) -> list[Scores]:
        """Unnormalised log-scores of every reading the network knows, for each place."""
        states = self._states(text)[np.asarray(places) + 1]
        hidden = np.maximum(states @ self._hidden + self._hidden_bias, 0)
        return [Scores(self._number, row) for row in hidden @ self._out + self._out_bias]

    def _states(self, text: str) -> np.ndarray:
        """(len(text) + 2, 64): both directions' outputs, with the begin and end tokens."""
        codes = codes_of(text)
        at = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        rows = np.where(self._codes[at] == codes, self._rows[at], _UNKNOWN)
        rows = np.concatenate([[_BEGIN], rows, [_END]])
        inputs = self._embedding[rows] * self._scale
        gates = np.stack([inputs, inputs[::-1]]) @ self._into + self._bias  # (2, n, 128)
        gates[:, :, : 2 * _UNITS] *= 0.5  # sigmoid(x) = (tanh(x / 2) + 1) / 2: one tanh serves all gates
        gates[:, :, 3 * _UNITS :] *= 0.5
        steps = np.ascontiguousarray(gates.swapaxes(0, 1))
        state, cell = np.zeros((2, 1, _UNITS), np.float32), np.zeros((2, _UNITS), np.float32)
        outputs = np.empty((len(rows), 2, _UNITS), np.float32)
        for step in range(len(rows)):
            active = np.tanh(steps[step] + np.matmul(state, self._over)[:, 0])
            opened = active * 0.5 + 0.5
            cell = opened[:, _UNITS : 2 * _UNITS] * cell + opened[:, :_UNITS] * active[:, 2 * _UNITS : 3 * _UNITS]
            outputs[step] = opened[:, 3 * _UNITS :] * np.tanh(cell)
            state = outputs[step][:, None]
        return np.concatenate([outputs[:, 0], outputs[::-1, 1]], axis=1)


class Scores:
    """Scores by name of the reading."""

    def __init__(self, number: dict[str, int], scores: np.ndarray) -> None:
        self._number, self._scores = number, scores

    def get(self, reading: str, missing: float) -> float:
        index = self._number.get(reading)
        return missing if index is None else float(self._scores[index])


@lru_cache(maxsize=1)
def recurrent() -> Recurrent:
    return Recurrent()
