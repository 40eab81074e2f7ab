"""A recurrent network that scores polyphones by the whole sentence. In: text. Out: a score for each reading of each place.

One bidirectional LSTM of 32 units over characters and two dense layers: the architecture and weights of g2pM (Apache-2.0, see
NOTICE), the character embedding quantised to 8 bits by layer/build/frontend/polyphones.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import prod

import numpy as np

from .lexicon import DATA, codes_of, search

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
    """Weights; in the file gates are in the order input, forget, cell, output. Use ``recurrent()``."""

    def __init__(self) -> None:
        self._codes = np.load(DATA / "recurrent_codes.npy")
        self._rows = np.load(DATA / "recurrent_rows.npy")
        self._embedding = np.asarray(np.load(DATA / "recurrent_embedding.npy", mmap_mode="r"))
        self._classes = (DATA / "recurrent.txt").read_text("utf-8").split()
        weights = dict(unpacked(np.load(DATA / "recurrent_weights.npy").astype(np.float32), len(self._classes)))
        self._scale = weights["scale"]
        self._into, self._bias = _halved(weights["into"]), _halved(weights["bias"])  # (2, 64, 128), (2, 1, 128)
        self._over = _side_by_side(weights["over"])  # (2, 64, 128)
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
        at, known = search(self._codes, codes_of(text))
        rows = np.where(known, self._rows[at], _UNKNOWN)
        rows = np.concatenate([[_BEGIN], rows, [_END]])
        inputs = self._embedding[rows] * self._scale
        gates = np.stack([inputs, inputs[::-1]]) @ self._into + self._bias  # (2, n, 128)
        outputs = self._run(_interleaved(gates))
        return np.concatenate([outputs[:, :_UNITS], outputs[::-1, _UNITS:]], axis=1)

    def _run(self, gates: np.ndarray) -> np.ndarray:
        """States after each step, (steps, 64). gates: what the inputs add to them, (steps, 256).

        Both directions take a step together, and arrays are written in place: numpy's overhead is what this costs. One product of
        (64, 256) would be quicker than two, but OpenBLAS would wake a second thread for it.
        sigmoid(x) = (tanh(x / 2) + 1) / 2, so that one tanh serves all gates. States are kept twice as large, cells are halved.
        """
        outputs = np.empty((len(gates), 2 * _UNITS), np.float32)
        active, fresh = np.empty(8 * _UNITS, np.float32), np.empty(2 * _UNITS, np.float32)
        (first, second), opened = active.reshape(2, -1), active[: 6 * _UNITS]
        enter, keep, leave, value = active.reshape(4, -1)
        state, cell = np.zeros((2, 2 * _UNITS), np.float32)
        one, half = np.float32(1), np.float32(0.5)
        for step, output in zip(gates, outputs, strict=True):
            np.dot(state, self._over[0], out=first)
            np.dot(state, self._over[1], out=second)
            np.add(active, step, out=active)
            np.tanh(active, out=active)
            np.add(opened, one, out=opened)
            np.multiply(cell, keep, out=cell)
            np.multiply(value, enter, out=fresh)
            np.add(cell, fresh, out=cell)
            np.multiply(cell, half, out=cell)
            np.tanh(cell, out=fresh)
            np.multiply(fresh, leave, out=output)
            state = output
        return outputs * half


def _interleaved(weights: np.ndarray) -> np.ndarray:
    """(2, n, 128) → (n, 256): by gate (input, forget, output, cell), then by direction, then by unit."""
    gates = weights.reshape(2, -1, 4, _UNITS).transpose(1, 2, 0, 3)[:, (0, 1, 3, 2)]
    return gates.reshape(-1, 8 * _UNITS)


def _halved(weights: np.ndarray) -> np.ndarray:
    """With the weights of gates that have a sigmoid halved: the file has only those of ``over`` so."""
    return weights * np.repeat(np.array([0.5, 0.5, 1.0, 0.5], np.float32), _UNITS)


def _side_by_side(over: np.ndarray) -> np.ndarray:
    """(2, 32, 128) → (2, 64, 128): from both directions' states to one half each of both directions' gates."""
    both = np.zeros((2, 2, *over.shape[1:]), np.float32)  # from, to
    both[(0, 1), (0, 1)] = over * 0.5  # the states are twice as large
    made = _interleaved(both.transpose(1, 0, 2, 3).reshape(2, 2 * _UNITS, -1))
    return np.ascontiguousarray(made.reshape(2 * _UNITS, 2, -1).swapaxes(0, 1))


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
