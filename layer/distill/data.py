"""Feature files as batches. In: features.npz and lines.json. Out: padded tensors of utterances of like length."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from sambert.symbols import EMOTIONS
from sambert_distill.sound import HEADROOM, HOP


@dataclass(frozen=True)
class Batch:
    """ids (B, S, 4); emotion (B,) rows; strength (B,); symbols, lengths (B,); mel (B, T, 82), T a multiple of the fold;
    frames, pitch, energy (B, S)."""

    ids: Tensor
    emotion: Tensor
    strength: Tensor
    symbols: Tensor
    lengths: Tensor
    mel: Tensor
    frames: Tensor
    pitch: Tensor
    energy: Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


class Features:
    """All utterances of a feature folder in memory (float16: 90 MB an hour)."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / "features.npz") as stored:
            self._flat = {key: stored[key] for key in ("ids", "mel", "frames", "pitch", "energy")}
            symbols, lengths = stored["symbols"], stored["lengths"]
        self._symbol_ends, self._frame_ends = np.cumsum(symbols), np.cumsum(lengths)
        self.symbols, self.lengths = symbols, lengths
        self._sound = np.load(folder / "sound.npy", mmap_mode="r")
        self.cards = json.loads((folder / "lines.json").read_text(encoding="utf-8"))

    def __len__(self) -> int:
        return len(self.cards)

    def rows(self, *, held_out: bool) -> list[int]:
        return [row for row, card in enumerate(self.cards) if card["held_out"] == held_out]

    def phones(self, names: Sequence[str]) -> list[str]:
        """The phones that occur, in table order. names: all phones of the table, in row order."""
        return [names[row] for row in np.unique(self._flat["ids"][:, 0])]

    def part(self, key: str, row: int) -> np.ndarray:
        ends, count = (self._frame_ends, self.lengths) if key == "mel" else (self._symbol_ends, self.symbols)
        return self._flat[key][ends[row] - count[row] : ends[row]]

    def begin(self, row: int) -> int:
        """The frame at which an utterance begins when all are laid end to end."""
        return int(self._frame_ends[row] - self.lengths[row])

    def samples(self, row: int, first: int, frames: int) -> np.ndarray:
        """(frames · HOP,) float32: the sound of so many frames of an utterance, from its frame ``first`` on."""
        begin = (self.begin(row) + first) * HOP
        return self._sound[begin : begin + frames * HOP].astype(np.float32) * (HEADROOM / 32767)

    def batch(self, rows: Sequence[int], fold: int) -> Batch:
        def stack(key: str, length: int) -> Tensor:
            parts = [torch.from_numpy(self.part(key, row).astype(np.int64 if key in ("ids", "frames") else np.float32))
                     for row in rows]  # fmt: skip
            return torch.stack([F.pad(p, (0, 0) * (p.ndim - 1) + (0, length - len(p))) for p in parts])

        width, length = max(self.symbols[rows]), -(-max(self.lengths[rows]) // fold) * fold
        cards = [self.cards[row] for row in rows]
        return Batch(
            ids=stack("ids", width),
            emotion=torch.tensor([EMOTIONS.index(card["emotion"]) for card in cards]),
            strength=torch.tensor([card["strength"] for card in cards]),
            symbols=torch.from_numpy(self.symbols[rows]).long(),
            lengths=torch.from_numpy(self.lengths[rows]).long(),
            mel=stack("mel", length),
            frames=stack("frames", width),
            pitch=stack("pitch", width),
            energy=stack("energy", width),
        )

    def epochs(self, rows: Sequence[int], frames: int, seed: int) -> Iterator[list[int]]:
        """Endless batches of about ``frames`` frames, of like length, neutral utterances as often as emotional ones."""
        chance = np.random.default_rng(seed)
        neutral = [row for row in rows if self.cards[row]["emotion"] == "neutral"]
        other = [row for row in rows if self.cards[row]["emotion"] != "neutral"]
        while True:
            pool = np.concatenate([other, np.resize(chance.permutation(neutral), max(len(neutral), len(other)))]).astype(int)
            # the noise shuffles utterances of almost the same length among batches
            order = pool[np.argsort(self.lengths[pool] + chance.normal(0, 25, len(pool)))]
            cuts = np.cumsum(self.lengths[order]) // frames
            batches = np.split(order, np.flatnonzero(np.diff(cuts)) + 1)
            for index in chance.permutation(len(batches)):
                yield batches[index].tolist()
