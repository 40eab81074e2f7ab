"""The vocoder at run time where its compiled arithmetic can run: KAN-TTS's HiFi-GAN generator, with or without a source.

In: mel (T, M) and its excitation. Out: samples float32, those of the pack's ONNX graph: to within rounding where the weights are
float32, some 50 dB above the difference where convolutions are in whole numbers. Signals are (time, channels).
"""

from __future__ import annotations

import json
import mmap
from dataclasses import dataclass
from itertools import accumulate
from operator import mul
from pathlib import Path
from typing import Any

import numpy as np

from sambert.errors import SpeechError
from sambert.vocoder.kernels import Convolution, Product, evaluated, rows
from sambert.vocoder.pieces import PIECE

FILE = "vocoder.safetensors"
ABOUT = "vocoder"  # the entry of its metadata that describes the network
KINDS = {"F32": np.dtype("<f4"), "I16": np.dtype("<i2")}
POST_SLOPE = 0.01  # of the leaky ReLU before the last convolution


def read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What a file in safetensors' format says of the network, and its arrays, memory-mapped. Raises ValueError, KeyError."""
    with path.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    begin = 8 + int.from_bytes(mapped[:8], "little")
    header = json.loads(mapped[8:begin])
    about = json.loads(header.pop("__metadata__")[ABOUT])
    arrays = {}
    for name, entry in header.items():
        kind, (first, last) = KINDS[entry["dtype"]], entry["data_offsets"]
        flat = np.frombuffer(mapped, kind, (last - first) // kind.itemsize, begin + first)
        arrays[name] = flat.reshape(entry["shape"])
    return about, arrays


@dataclass(frozen=True)
class _Stage:
    """``scale`` values for each one before, so ``rate`` a frame, of ``width`` channels; then resblocks: pairs of convolutions."""

    up: Convolution
    scale: int
    rate: int
    blocks: list[list[tuple[Convolution, Convolution]]]
    down: Product | None
    pads: tuple[int, int]  # of the source, where there is one

    @property
    def width(self) -> int:
        return self.up.bias.size // self.scale

    @property
    def convs(self) -> list[Convolution]:
        return [self.up, *(conv for block in self.blocks for pair in block for conv in pair)]


class _Network:
    """The layers, checked to fit each other."""

    def __init__(self, about: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        self._about, self._arrays = about, arrays
        self.contexts = [int(each) for each in about["contexts"]]
        self.source = about["source"]
        self.pre, self.post = self._conv("conv_pre", about["ends"], 1, 1.0), self._conv("conv_post", about["ends"], 1, POST_SLOPE)
        rates = list(accumulate((int(each["scale"]) for each in about["stages"]), mul))
        self.stages = [self._stage(*each) for each in zip(range(len(rates)), about["stages"], rates, strict=True)]
        self.rate = rates[-1]
        self._check()

    def _conv(self, name: str, taps: int, dilation: int, slope: float, before: int | None = None) -> Convolution:
        parts = [self._arrays.get(f"{name}.{part}") for part in ("weights", "bias", "steps", "scales")]
        weights, bias = parts[:2]
        if before is None:
            before = (taps - 1) * dilation if self._about["causal"] else (taps - 1) * dilation // 2
        return Convolution(*parts, weights.size // bias.size // evaluated(1, taps), taps, dilation, before, slope)

    def _stage(self, number: int, known: dict[str, Any], rate: int) -> _Stage:
        slope, down = self._about["slope"], None
        up = self._conv(f"up.{number}", known["taps"], 1, slope, known["before"])
        if self.source:
            weights, bias = (self._arrays[f"down.{number}.{part}"] for part in ("weights", "bias"))
            down = Product(weights, bias, weights.size // bias.size)

        def pairs(block: dict[str, Any]) -> list[tuple[Convolution, Convolution]]:
            name, taps = block["name"], block["taps"]
            return [
                (self._conv(f"{name}.convs1.{at}", taps, d, slope), self._conv(f"{name}.convs2.{at}", taps, 1, slope))
                for at, d in enumerate(block["dilations"])
            ]

        return _Stage(up, known["scale"], rate, [pairs(each) for each in known["blocks"]], down, tuple(known.get("down", (0, 0))))

    def _check(self) -> None:
        """Raises ValueError where a layer does not take what the one before gives."""
        given = self.pre.bias.size
        for stage in self.stages:
            width = stage.width
            narrow = [conv for conv in stage.convs[1:] if conv.inputs != width or conv.bias.size != width]
            if stage.up.inputs != given or stage.up.bias.size != width * stage.scale or narrow or not all(stage.blocks):
                raise ValueError(f"{given} → {width} channels")
            if stage.down and stage.down.bias.size != width:
                raise ValueError(f"source: {stage.down.bias.size} channels of {width}")
            given = width
        if self.post.inputs != given or len(self.contexts) != len(self.stages) + 2:
            raise ValueError(f"{given} channels, {len(self.contexts)} contexts")


class CompiledVocoder:
    """Thread-safe: each thread at work has buffers of its own, which are kept for the next sentence."""

    def __init__(self, path: Path) -> None:
        """Raises voice_corrupt."""
        try:
            self._network = _Network(*read(path))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise SpeechError("voice_corrupt", path=str(path.parent), reason=f"{path.name}: {error!r}") from error
        stages = self._network.stages
        convs = [self._network.pre, self._network.post, *(conv for stage in stages for conv in stage.convs)]
        self._scratch = max(conv.scratch for conv in convs)
        widest = max(stage.rate * stage.width for stage in stages)
        self._frame = max(widest, self._network.rate * self._network.post.bias.size, self._network.pre.bias.size)
        self._idle: list[_Room] = []

    def wave(self, mel: np.ndarray, harmonics: np.ndarray | None, seams: tuple[int, int] = (0, 0)) -> np.ndarray:
        try:
            room = self._idle.pop()  # not asked first whether there is one: another thread may take it meanwhile
        except IndexError:
            room = _Room(self._scratch)
        try:
            # At once all that the longest piece needs: pages are taken when first used, but buffers that grow leave gaps.
            room.grow(max(len(mel), PIECE + 2 * self._network.contexts[0]) * self._frame)
            return self._wave(np.ascontiguousarray(mel, np.float32), harmonics, _Seams(seams), room)
        finally:
            self._idle.append(room)

    def _wave(self, mel: np.ndarray, harmonics: np.ndarray | None, seams: _Seams, room: _Room) -> np.ndarray:
        network, rate = self._network, 1
        x = network.pre(mel, room.total, room.scratch)
        source = self._mixed(harmonics) if network.source else None
        for stage, context in zip(network.stages, network.contexts[1:], strict=False):
            x = seams.narrow(x, context, rate)
            bent = np.sin(x, out=rows(room.own, *x.shape))
            bent += x
            up = stage.up(bent, room.up, room.scratch).reshape(len(x) * stage.scale, stage.width)
            rate = stage.rate
            if source is not None:
                up += seams.follow(_lowered(stage, source, network.rate // rate), rate)
            x = _resonate(stage, up, room)
        y = network.post(x, room.up, room.scratch)[:, 0]
        return np.tanh(seams.narrow(y, 0, rate))

    def _mixed(self, harmonics: np.ndarray) -> np.ndarray:
        """(H, T·hop) → (T·hop,)."""
        mix, bias = self._network.source["mix"], self._network.source["bias"]
        mixed = np.full(harmonics.shape[1], bias, np.float32)
        for weight, harmonic in zip(mix, harmonics, strict=True):
            mixed += np.float32(weight) * harmonic
        return np.tanh(mixed, out=mixed)


class _Room:
    """Where one thread's signals lie."""

    def __init__(self, scratch: int) -> None:
        self.scratch = np.empty(scratch, np.uint8)
        self.up = self.own = self.middle = self.total = np.empty(0, np.float32)

    def grow(self, size: int) -> None:
        """Each signal fits into one of the buffers."""
        if self.up.size < size:
            self.up, self.own, self.middle, self.total = (np.empty(size, np.float32) for _ in range(4))


def _resonate(stage: _Stage, up: np.ndarray, room: _Room) -> np.ndarray:
    """The mean of a stage's resblocks."""
    own, middle, total = (rows(each, *up.shape) for each in (room.own, room.middle, room.total))
    for number, block in enumerate(stage.blocks):
        x = up
        for first, second in block[:-1]:
            x = second(first(x, middle, room.scratch), own, room.scratch, added=x)
        first, second = block[-1]
        second(first(x, middle, room.scratch), total, room.scratch, added=x, onto=number > 0)
    total *= np.float32(1 / len(stage.blocks))
    return total


def _lowered(stage: _Stage, source: np.ndarray, step: int) -> np.ndarray:
    """The source at the rate of a stage's output: every ``step``-th sample."""
    padded = np.pad(source, stage.pads)
    count = (len(padded) - stage.down.values) // step + 1
    return stage.down(padded, count, step, np.empty(count * stage.width, np.float32))


class _Seams:
    """How much of the frames that are only context is still there, on the way from mel to samples."""

    def __init__(self, given: tuple[int, int]) -> None:
        self._given = self._left = given

    def narrow(self, x: np.ndarray, frames: int, rate: int) -> np.ndarray:
        """x of ``rate`` values a frame; nothing from here on depends on more context than so many frames."""
        before, self._left = self._left, tuple(min(each, frames) for each in self._left)
        return self._cut(x, before, rate)

    def follow(self, x: np.ndarray, rate: int) -> np.ndarray:
        """A signal that still has all its context, cut as the others are."""
        return self._cut(x, self._given, rate)

    def _cut(self, x: np.ndarray, before: tuple[int, ...], rate: int) -> np.ndarray:
        begin, behind = ((had - has) * rate for had, has in zip(before, self._left, strict=True))
        return x[begin : len(x) - behind]
