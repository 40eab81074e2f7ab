"""The compiled arithmetic of ``kernels.c``. In: signals (time, channels) float32 and weights as ``sambert_build.kernels`` lays
them out. Out: signals. Every size is checked here: the compiled code trusts what it is given.

Where the library was not compiled, or the processor lacks AVX2, ``library()`` is None and ONNX Runtime speaks instead.
"""

from __future__ import annotations

import ctypes
import os
import platform
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np

VERSION = 1  # of arguments and layout, in kernels.c as well
LANES = 16  # channels come in so many
GROUP, POINTS, MOST_GROUPS = 4, 7, 16  # taps of a group, points it is evaluated in; groups of one kernel at most
MOST_INPUTS, MOST_OUTPUTS, MOST_DILATION = 1024, 1 << 14, 1 << 10
SWITCH = "SAMBERT_VOCODER"  # "onnx": never the compiled code


class _Convolution(ctypes.Structure):
    """``Convolution`` of kernels.c."""

    _fields_ = [
        *((name, ctypes.c_void_p) for name in ("signal", "steps", "bias", "added", "result", "weights", "scales", "scratch")),
        *((name, ctypes.c_int64) for name in ("time", "left")),
        *((name, ctypes.c_int32) for name in ("inputs", "outputs", "taps", "dilation", "onto")),
        ("slope", ctypes.c_float),
    ]


def path() -> Path:
    """Where the library of this processor lies, if it was compiled."""
    return Path(__file__).with_name(f"kernels-{platform.machine()}.so")


@cache
def library() -> ctypes.CDLL | None:
    """The compiled code, or None where it cannot be used or ``SAMBERT_VOCODER=onnx`` asks for the other way."""
    if os.environ.get(SWITCH) == "onnx" or not path().is_file():
        return None
    found = ctypes.CDLL(str(path()))
    if found.kernels_version() != VERSION:  # 0 where the processor cannot run it
        return None
    size, pointer = ctypes.c_int64, ctypes.c_void_p
    found.conv.argtypes, found.conv.restype = [ctypes.POINTER(_Convolution)], None
    found.conv_scratch.argtypes, found.conv_scratch.restype = [ctypes.c_int32] * 4, size
    found.product.argtypes, found.product.restype = [pointer, size, size, size, pointer, pointer, size, pointer], None
    return found


def rows(array: np.ndarray, count: int, channels: int) -> np.ndarray:
    """The beginning of a buffer as (count, channels)."""
    return array[: count * channels].reshape(count, channels)


def _check(array: np.ndarray, kind: str, size: int) -> None:
    if array.dtype != kind or array.size < size or not array.flags.c_contiguous:
        raise ValueError(f"{array.dtype} {array.shape}: {size} values of {kind} expected")


@dataclass(frozen=True)
class Product:
    """A matrix product with bias, or a convolution of any stride and few taps: weights (width / 16, values, 16), bias (width)."""

    weights: np.ndarray
    bias: np.ndarray
    values: int

    def __post_init__(self) -> None:
        if self.bias.size % LANES or self.values < 1:
            raise ValueError(f"{self.bias.size} columns of {self.values}")
        _check(self.weights, "float32", self.bias.size * self.values)
        _check(self.bias, "float32", LANES)

    def __call__(self, signal: np.ndarray, count: int, step: int, out: np.ndarray) -> np.ndarray:
        """``count`` rows of ``values`` values, ``step`` apart, of a signal → out as (count, width)."""
        width = self.bias.size
        _check(signal, "float32", (count - 1) * step + self.values)
        _check(out, "float32", count * width)
        given, made = signal.ctypes.data, out.ctypes.data
        library().product(given, count, step, self.values, self.weights.ctypes.data, self.bias.ctypes.data, width, made)
        return rows(out, count, width)


@dataclass(frozen=True)
class Convolution:
    """A leaky ReLU and a convolution of equal length: (T, inputs) → (T, outputs).

    weights: kernels evaluated in the points, float32, or int16. For whole numbers also steps (7, 8): what an evaluated signal is
    multiplied by to fill 16 bits, and scales (7, outputs): what its products are multiplied by. left: zeros before the signal.
    slope: of the leaky ReLU, up to 1, which is none.
    """

    weights: np.ndarray
    bias: np.ndarray
    steps: np.ndarray | None
    scales: np.ndarray | None
    inputs: int
    taps: int
    dilation: int
    left: int
    slope: float

    def __post_init__(self) -> None:
        outputs, groups = self.bias.size, -(-self.taps // GROUP)
        fits = (
            0 < self.inputs <= MOST_INPUTS and self.inputs % LANES == 0,
            0 < outputs <= MOST_OUTPUTS and outputs % LANES == 0,
            0 < groups <= MOST_GROUPS,
            0 < self.dilation <= MOST_DILATION,
            0 <= self.left <= self.dilation * self.taps,
            0 <= self.slope <= 1,
            (self.steps is None) == (self.scales is None),
        )
        if not all(fits):
            raise ValueError(f"convolution {self.inputs} → {outputs}, {self.taps} taps, dilation {self.dilation}")
        _check(self.bias, "float32", outputs)
        _check(self.weights, "float32" if self.scales is None else "int16", evaluated(self.inputs, self.taps) * outputs)
        if self.scales is not None:
            _check(self.steps, "float32", POINTS * 8)
            _check(self.scales, "float32", POINTS * outputs)

    @cached_property
    def scratch(self) -> int:
        """Bytes it works in."""
        return library().conv_scratch(self.inputs, self.bias.size, self.taps, self.dilation)

    @property
    def _weights(self) -> _Convolution:
        """What is the same for every signal; a copy, for each thread may fill in its own."""
        return _Convolution.from_buffer_copy(self._known)

    @cached_property
    def _known(self) -> _Convolution:
        arrays = {name: getattr(self, name) for name in ("weights", "bias", "steps", "scales")}
        pointers = {name: None if each is None else each.ctypes.data for name, each in arrays.items()}
        numbers = {name: getattr(self, name) for name in ("inputs", "taps", "dilation", "left", "slope")}
        return _Convolution(outputs=self.bias.size, **pointers, **numbers)

    def __call__(
        self, signal: np.ndarray, out: np.ndarray, scratch: np.ndarray, added: np.ndarray | None = None, onto: bool = False
    ) -> np.ndarray:
        """signal (T, inputs) → out (T, outputs), plus ``added`` of that shape, which may be ``out`` itself; the signal may not.

        onto: it is added to what lies in ``out``.
        """
        time, outputs = len(signal), self.bias.size
        if signal.shape != (time, self.inputs):
            raise ValueError(f"{signal.shape}: {self.inputs} channels expected")
        _check(signal, "float32", time * self.inputs)
        _check(out, "float32", time * outputs)
        _check(scratch, "uint8", self.scratch)
        given = self._weights
        given.signal, given.result, given.scratch = (each.ctypes.data for each in (signal, out, scratch))
        if added is not None:
            _check(added, "float32", time * outputs)
            given.added = added.ctypes.data
        given.time, given.onto = time, onto
        library().conv(ctypes.byref(given))
        return rows(out.reshape(-1), time, outputs)


def evaluated(inputs: int, taps: int) -> int:
    """Values of an evaluated kernel for each output channel. At infinity only whole groups of taps count."""
    return inputs * ((POINTS - 1) * -(-taps // GROUP) + taps // GROUP)
