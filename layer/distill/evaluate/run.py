"""``sambert evaluate PACK``: prints what a voice pack is worth, beside its teacher where there is one.

In: a pack and, if given, a teacher's corpus. Out: tables of error rates, quality and emotions. Runs in the evaluation
environment (make setup-eval), without torch.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import librosa
import numpy as np
import soundfile

from sambert import Request, load_voice
from sambert.synthesizer import Synthesizer
from sambert_distill.evaluate import artefacts, ears, prosody, quality

STRENGTHS = (0.0, 0.5, 1.0, 1.5, 2.0)
HEARD_AT = 16000


def sentences(limit: int) -> list[str]:
    lines = (Path(__file__).parent / "plain.txt").read_text(encoding="utf-8").split()
    return lines[:limit]


def at_16k(samples: np.ndarray, rate: int) -> np.ndarray:
    return samples if rate == HEARD_AT else librosa.resample(samples, orig_sr=rate, target_sr=HEARD_AT)


def taught(corpus: Path, every: int, limit: int) -> Iterator[tuple[str, np.ndarray]]:
    """Held-out sentences of a teacher's corpus with the teacher's own audio."""
    with gzip.open(corpus / "labels.jsonl.gz", "rt", encoding="utf-8") as rows:
        labels = [json.loads(row) for row in rows][every // 2 :: every][:limit]
    for label in labels:
        yield label["text"], soundfile.read(corpus / "audio" / f"{label['id']}.flac", dtype="float32")[0]


def intelligibility(title: str, spoken: Iterable[tuple[str, np.ndarray]], *, show: bool) -> None:
    """One row of the table: error rates, DNSMOS, artefacts."""
    scores, moses, faults = [], [], 0
    for text, samples in spoken:
        heard = ears.transcribe(samples)
        scores.append(ears.score(text, heard))
        moses.append(quality.dnsmos(samples))
        faults += artefacts.find(samples, HEARD_AT).any
        if show and scores[-1].toneless[0]:
            print(f"    {text} → {heard}")
    found = ears.rates(scores)
    print(f"| {title} | {len(scores)} | {found['characters']:.1f} | {found['toneless']:.1f} | {found['toned']:.1f} "
          f"| {np.mean(moses):.2f} | {faults} |", flush=True)  # fmt: skip


def emotions(voice: Synthesizer, texts: list[str]) -> None:
    """Whether emotions differ, and whether more strength is always more."""
    def said(text: str, emotion: str, strength: float) -> prosody.Prosody:
        speech = voice.speak(Request(text=text, emotion=emotion, intensity=strength))
        return prosody.measure(speech.samples, speech.sample_rate, len(ears.canonical(text)))

    names = voice.manifest.emotions
    spoken = {name: [said(text, name, 1.0) for text in texts] for name in names}
    print("\n| emotion | F0 mean (st over 100 Hz) | F0 std (st) | syllables/s | dB | dB/decade |\n|---|---|---|---|---|---|")
    for name, all_ in spoken.items():
        means = [np.mean([getattr(one, field) for one in all_]) for field in ("level", "span", "rate", "loudness", "tilt")]
        print("| " + " | ".join([name, *(f"{mean:.2f}" for mean in means)]) + " |", flush=True)
    print(f"\nemotions told apart: {100 * prosody.told_apart(spoken):.0f} % of {len(names)} × {len(texts)} "
          f"(chance {100 / len(names):.0f} %)")  # fmt: skip
    few = texts[:5]
    for name in names:
        if name == "neutral":
            continue
        moved = [[said(text, name, strength) for text in few] for strength in STRENGTHS]
        fields = {field: [float(np.mean([getattr(one, field) for one in group])) for group in moved]
                  for field in ("level", "rate", "loudness")}  # fmt: skip
        print(name, {field: ("steady " if prosody.steady(values) else "NOT steady ") + " ".join(f"{v:.1f}" for v in values)
                     for field, values in fields.items()}, flush=True)  # fmt: skip


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sambert evaluate", description="给一个音色包打分")
    parser.add_argument("pack", nargs="?", default="demo", help="音色包目录，或 layer/voices 里的名字")
    parser.add_argument("--sentences", type=int, default=30)
    parser.add_argument("--teacher", type=Path, help="教师语料目录（audio/ 与 labels.jsonl.gz），用来并排比较")
    parser.add_argument("--show", action="store_true", help="列出听错的句子")
    parser.add_argument("--no-emotions", action="store_true")
    given = parser.parse_args(argv)
    voice, texts = load_voice(given.pack), sentences(given.sentences)

    def speak(text: str) -> tuple[str, np.ndarray]:
        speech = voice.speak(Request(text=text))
        return text, at_16k(speech.samples, speech.sample_rate)

    print("| what | sentences | CER % | toneless % | toned % | DNSMOS | with artefacts |\n|---|---|---|---|---|---|---|")
    if given.teacher:
        lessons = list(taught(given.teacher, 43, 40))
        intelligibility("teacher, held-out lines", lessons, show=given.show)
        intelligibility("student, held-out lines", (speak(text) for text, _ in lessons), show=given.show)
    intelligibility("student, plain sentences", (speak(text) for text in texts), show=given.show)
    if not given.no_emotions:
        emotions(voice, texts[:20])
    return 0

