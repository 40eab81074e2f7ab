"""Teacher and student side by side, to look at. In: a voice, its teacher's reading. Out: a PNG a line: spectrogram and F0."""

from __future__ import annotations

from pathlib import Path

import librosa
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sambert.synthesizer import Synthesizer
from sambert_distill.evaluate import said
from sambert_distill.evaluate.distance import PERIOD, f0_of

LINES = 4
WINDOW, HOP = 400, 80  # 25 ms and 5 ms: harmonics of a low voice just part
RANGE = 80.0  # dB
F0_SHOWN = 5  # times F0 is drawn against the same axis, or it would lie on the ground


def draw(voice: Synthesizer, lessons: said.Lessons | None, folder: Path, count: int = LINES) -> None:
    """Write folder/1.png …; below the teacher's picture the student's of the same line."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = [text for text in said.held_out() if 10 <= len(text) <= 24][:count]
    speakers = {"teacher": [] if lessons is None else list(lessons.said(texts)), "student": list(said.student(voice, texts))}
    for number, text in enumerate(texts, 1):
        rows = {name: lines[number - 1].samples for name, lines in speakers.items() if lines}
        figure = Figure(figsize=(14, 4.5 * len(rows)), layout="constrained")
        axes = figure.subplots(len(rows), 1, squeeze=False)
        for axis, (name, samples) in zip(axes[:, 0], rows.items(), strict=True):
            _panel(axis, name, said.trimmed(samples))
        figure.savefig(folder / f"{number}.png", dpi=90)
        print(f"{folder / f'{number}.png'}: {text}")


def _panel(axis: Axes, name: str, samples: np.ndarray) -> None:
    level = librosa.amplitude_to_db(np.abs(librosa.stft(samples, n_fft=1024, hop_length=HOP, win_length=WINDOW)), ref=np.max)
    axis.imshow(level, origin="lower", aspect="auto", vmin=-RANGE, vmax=0, cmap="magma",
                extent=(0, len(samples) / said.RATE, 0, said.RATE / 2000))  # fmt: skip
    f0 = f0_of(samples)
    times = np.arange(len(f0)) * PERIOD / 1000
    axis.plot(times, np.where(f0 > 0, f0 * F0_SHOWN / 1000, np.nan), color="cyan", linewidth=1)
    axis.set(title=name, xlabel="s", ylabel=f"kHz (line: {F0_SHOWN} × F0)")
