"""A corpus of three seconds that looks like a teacher's: buzzes for finals, noise for initials, labels as Kokoro's are kept."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the build environment (make setup-build)")

HOP, RATE = 200, 16000
LATE = 5  # frames by which the labels lag the sound, as the real ones do


def _utterance(chance: np.random.Generator, name: str) -> tuple[dict, np.ndarray]:
    symbols, frames, sound, f0 = [], [], [np.zeros(20 * HOP)], [np.zeros(20)]
    for syllable in range(6):
        hertz = 180 + 20 * syllable
        for phone, flag, count in (("s_c", "s_begin", 6), ("a_c", "s_end", 10)):
            symbols.append([phone, "tone1", flag, "word_begin"])
            frames.append(count)
            clock = np.arange(count * HOP) / RATE
            buzz = sum(np.sin(2 * np.pi * hertz * n * clock) / n for n in range(1, 12)) * 0.1
            sound.append(buzz if phone == "a_c" else chance.normal(0, 0.05, count * HOP))
            f0.append(np.full(count, hertz if phone == "a_c" else 0.0))
    symbols.append(["#4", "tone_none", "s_none", "word_none"])
    frames.append(20 - LATE)
    sound.append(np.zeros(20 * HOP))
    f0.append(np.zeros(20))
    label = {"id": name, "text": "撒" * 6, "symbols": symbols, "frames": frames, "lead_frames": 20 + LATE,
             "f0_hz": np.concatenate(f0).tolist()}  # fmt: skip
    return label, np.concatenate(sound).astype(np.float32)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import soundfile

    folder = tmp_path_factory.mktemp("corpus")
    (folder / "audio").mkdir()
    chance = np.random.default_rng(0)
    with gzip.open(folder / "labels.jsonl.gz", "wt", encoding="utf-8") as rows:
        for number in range(4):
            label, sound = _utterance(chance, f"{number:05d}")
            rows.write(json.dumps(label) + "\n")
            soundfile.write(folder / "audio" / f"{label['id']}.flac", sound, RATE)
    return folder
