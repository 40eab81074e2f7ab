"""What a vocoder trains on. In: feature folders, perhaps the student's own mels of some of their lines. Out: random pieces."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sambert.torch.acoustic import Sambert
from sambert.torch.source import filters
from sambert.vocoder.excitation import excite
from sambert.vocoder.pieces import F0_FLOOR
from sambert_distill import student
from sambert_distill.data import Features
from sambert_distill.features import Scales
from sambert_distill.sound import HOP, RATE


def predict_mels(model: Sambert, features: Features, path: Path, rows: list[int]) -> Path:
    """Write the student's own mels of these rows, with the teacher's prosody, in the layout of the features' mels."""
    whole = np.zeros((int(features.lengths.sum()), 80), np.float16)
    ends = np.cumsum(features.lengths)
    for row in rows:
        mel = student.follow(model, features.batch([row], model.fold))[0, : features.lengths[row], :80]
        whole[ends[row] - features.lengths[row] : ends[row]] = mel.numpy()
    path.with_suffix(".json").write_text(json.dumps(rows), encoding="utf-8")
    np.save(path, whole)
    return path


def harmonics_of(params: dict[str, Any]) -> int | None:
    """What ``excite`` asks of a vocoder of these parameters."""
    return None if filters(params) else params["nsf_params"]["nb_harmonics"]


@dataclass(frozen=True)
class Lesson:
    """Utterances of one speaker. f0: mean and std in Hz. predicted: (T, 80) the student's mels, or None for the teacher's."""

    features: Features
    neutral: list[int]
    other: list[int]
    f0: np.ndarray
    predicted: np.ndarray | None = None

    @classmethod
    def read(cls, folder: Path, predicted: Path | None = None) -> Lesson:
        """All lines of a feature folder that are not held out; or only those that ``predict_mels`` wrote to ``predicted``."""
        features = Features(folder)
        rows = features.rows(held_out=False) if predicted is None else json.loads(predicted.with_suffix(".json").read_text())
        neutral = [row for row in rows if features.cards[row]["emotion"] == "neutral"]
        other = [row for row in rows if features.cards[row]["emotion"] != "neutral"]
        mels = None if predicted is None else np.load(predicted, mmap_mode="r")
        return cls(features, neutral, other, Scales.load(folder / "scales.npz").f0, mels)

    def piece(self, chance: np.random.Generator, count: int, neutral: float, harmonics: int | None) -> tuple[np.ndarray, ...]:
        """told (80 or 82, count), excitation (rows, count · HOP), wave (count · HOP,). neutral: how often those are drawn."""
        pool = self.neutral if not self.other or chance.random() < neutral else self.other
        row = int(chance.choice(pool))
        first = int(chance.integers(0, max(1, self.features.lengths[row] - count)))
        mel = self.features.part("mel", row)[first : first + count].astype(np.float32)
        bands = mel[:, :80]
        if self.predicted is not None:
            begin = self.features.begin(row) + first
            bands = self.predicted[begin : begin + count].astype(np.float32)
        voiced = mel[:, 81]
        hertz = np.maximum(mel[:, 80] * self.f0[1] + self.f0[0], F0_FLOOR)
        told, excited = excite(bands, hertz, voiced, HOP, RATE, harmonics, int(chance.integers(2**31)))
        return told.T, excited, self.features.samples(row, first, count)


class Pieces:
    """Random pieces, of each lesson as many: told (B, 80 or 82, T), excitation (B, rows, N), wave (B, N)."""

    def __init__(self, lessons: Sequence[Lesson], harmonics: int | None, pieces: int, frames: int, neutral: float,
                 seed: int) -> None:
        self.lessons, self.pieces = lessons, pieces
        self.settings = (frames, neutral, harmonics)
        self.chance = np.random.default_rng(seed)

    def draw(self, device: torch.device) -> tuple[Tensor, ...]:
        drawn = [self.lessons[n % len(self.lessons)].piece(self.chance, *self.settings) for n in range(self.pieces)]
        return tuple(torch.from_numpy(np.stack(part)).to(device) for part in zip(*drawn, strict=True))
