"""Who says the lines. In: lines of text and a voice, a teacher, or a teacher's sound for the voice's vocoder. Out: ``Said``."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import soxr

from sambert import Request
from sambert.synthesizer import Synthesizer
from sambert.types import Mark
from sambert_distill import corpus, features, sound
from sambert_distill.emotions import fill
from sambert_distill.teachers.reading import open_teacher
from sambert_distill.teachers.record import LABELS, mend, record

RATE = sound.RATE
EDGE = 0.1  # s of silence left at either end before anything is scored: teachers leave more than a second
BETWEEN = 0.2  # s between two utterances of one line
FLOOR = 50.0  # dB below the loudest frame is silence
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Said:
    """One line as somebody said it. samples: float32 at 16 kHz. clauses: begin and end in s of what no pause belongs into.
    syllables: s a character by the model's own durations. cpu: s of processor time, 0 where it was not measured."""

    text: str
    samples: np.ndarray
    clauses: tuple[tuple[float, float], ...] = ()
    syllables: tuple[float, ...] = ()
    cpu: float = 0.0


def held_out(limit: int | None = None) -> list[str]:
    """Lines that no voice was trained on (held_out.txt), of all kinds mixed: the first few are as varied as all."""
    return (HERE / "held_out.txt").read_text(encoding="utf-8").split()[:limit]


def plain() -> list[str]:
    """Everyday lines that were watched during training."""
    return (HERE / "plain.txt").read_text(encoding="utf-8").split()


def trimmed(samples: np.ndarray) -> np.ndarray:
    """samples without silence at either end, but for EDGE."""
    frames = samples[: len(samples) // sound.HOP * sound.HOP].reshape(-1, sound.HOP)
    level = 20 * np.log10(np.sqrt((frames**2).mean(1)) + 1e-9)
    heard = np.flatnonzero(level > level.max() - FLOOR)
    begin, end = heard[0] * sound.HOP - int(EDGE * RATE), (heard[-1] + 1) * sound.HOP + int(EDGE * RATE)
    return samples[max(begin, 0) : end]


def student(voice: Synthesizer, texts: Sequence[str], **how: Any) -> Iterator[Said]:
    """The pack says each line as a user would hear it. how: further fields of ``Request``."""
    for text in texts:
        began = time.process_time()
        speech = voice.speak(Request(text=text, **how))
        spent = time.process_time() - began
        characters = [mark for mark in speech.marks if mark.kind == "character"]
        durations = tuple((mark.end_ms - mark.begin_ms) / 1000 for mark in characters)
        samples = speech.samples
        if speech.sample_rate != RATE:
            samples = soxr.resample(samples, speech.sample_rate, RATE, quality="VHQ")
        yield Said(text, samples, _clauses(text, characters), durations, spent)


def _clauses(text: str, characters: Sequence[Mark]) -> tuple[tuple[float, float], ...]:
    """Runs of characters with nothing between them in the text."""
    runs: list[list[Mark]] = []
    for mark in characters:
        if runs and not text[runs[-1][-1].end : mark.begin].strip():
            runs[-1].append(mark)
        else:
            runs.append([mark])
    return tuple((run[0].begin_ms / 1000, run[-1].end_ms / 1000) for run in runs)


class Lessons:
    """A teacher's reading of the lines, kept in a corpus folder: it is read once, later runs only fetch it."""

    def __init__(self, settings: dict[str, Any], folder: Path) -> None:
        """settings: a [teacher] table with absolute paths. folder: made when it is not there."""
        self._settings, self._folder = settings, folder

    def labels(self, texts: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """By text, the labels of its utterances in order; what has not been read is read now."""
        lines = {text: corpus.line(text, "held_out", "sambert-lambda", "Apache-2.0") for text in texts}
        known = {label["id"]: label for label in mend(self._folder / LABELS, read_only=True)}
        missing = [line for line in lines.values() if line.id not in known]
        if missing:
            record(open_teacher(self._settings, Path.cwd()), missing, self._folder)
            known = {label["id"]: label for label in mend(self._folder / LABELS, read_only=True)}
        return {text: [label for name, label in known.items() if name == line.id or name.startswith(f"{line.id}-")]
                for text, line in lines.items()}  # fmt: skip

    def samples(self, label: dict[str, Any]) -> np.ndarray:
        return soundfile.read(self._folder / "audio" / f"{label['id']}.flac", dtype="float32")[0]

    def said(self, texts: Sequence[str]) -> Iterator[Said]:
        """The teacher itself."""
        for text, labels in self.labels(texts).items():
            yield Said(text, _join([self.samples(label) for label in labels]))

    def copied(self, texts: Sequence[str], voice: Synthesizer, scales: features.Scales) -> Iterator[Said]:
        """The teacher's mels and F0 through the voice's vocoder: the best that an acoustic model could make of it.
        scales: those the voice was trained with."""
        for text, labels in self.labels(texts).items():
            yield Said(text, _join([_copy(voice, scales, self.samples(label), label["f0_hz"]) for label in labels]))


def _join(parts: Sequence[np.ndarray]) -> np.ndarray:
    gap = np.zeros(int(BETWEEN * RATE), np.float32)
    return np.concatenate([piece for part in parts for piece in (trimmed(part), gap)][:-1])


def _copy(voice: Synthesizer, scales: features.Scales, samples: np.ndarray, hertz: Sequence[float]) -> np.ndarray:
    f0 = features.voiced_only(np.array(hertz, np.float32))
    mel = (sound.mel(samples) - scales.mel[0]) / scales.mel[1]
    count = min(len(mel), len(f0))
    source = np.stack([(fill(f0) - scales.f0[0]) / scales.f0[1], f0 > 0], 1)
    return voice.wave(np.concatenate([mel[:count], source[:count]], 1))
