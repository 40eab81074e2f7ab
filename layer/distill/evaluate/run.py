"""``sambert evaluate PACK``: prints what a voice pack is worth, beside its teacher where one is named.

In: a pack; a teacher, or a folder where it has read the lines. Out: tables, and all figures as JSON. Runs in the evaluation
environment (make setup-eval), without torch.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from tqdm import tqdm

from sambert import load_voice
from sambert.synthesizer import Synthesizer
from sambert_distill import features
from sambert_distill.evaluate import artefacts, bars, distance, ears, feelings, said, syllables
from sambert_distill.evaluate.memory import Memory
from sambert_distill.evaluate.said import Said

FEW = 10  # lines an emotion and strength
MORE = 20  # lines an emotion, for the classifier


def listen(title: str, lines: Iterable[Said], count: int, memory: Memory) -> tuple[bars.Panel, list[Said]]:
    """Let the ears hear every line. Returns what they heard, and the lines."""
    scores, moses, kept, texts = [], [], [], []
    for one in tqdm(lines, total=count, desc=title, unit="line", mininterval=5):
        heard = memory.hear(said.trimmed(one.samples))
        scores.append(ears.score(one.text, heard.text))
        moses.append(heard.mos)
        kept.append(one)
        texts.append(heard.text)
    return bars.Panel(scores, moses, texts), kept


def compare(teacher: Sequence[Said], student: Sequence[Said]) -> list[bars.Bar]:
    """F0 error and mel-cepstral distortion: reported, to fall from version to version."""
    pairs = list(zip(teacher, student, strict=True))
    found = [distance.measure(said.trimmed(a.samples), said.trimmed(b.samples))
             for a, b in tqdm(pairs, desc="distance", unit="line", mininterval=5)]  # fmt: skip
    frames, voiced = (np.array([getattr(one, key) for one in found], float) for key in ("frames", "voiced"))

    def pooled(key: str) -> float:
        return float(np.sqrt(np.nansum(np.array([getattr(one, key) for one in found]) ** 2 * voiced) / voiced.sum()))

    mcd, voicing = (float((np.array([getattr(one, key) for one in found]) * frames).sum() / frames.sum())
                    for key in ("mcd", "voicing"))  # fmt: skip
    return [bars.Bar("mel-cepstral distortion to the teacher, dB", f"{mcd:.2f}", "falling", None),
            bars.Bar("F0 RMSE to the teacher, cents (Hz)", f"{pooled('cents'):.0f} ({pooled('hertz'):.1f})", "falling", None),
            bars.Bar("frames voiced in one only, %", f"{100 * voicing:.1f}", "falling", None)]  # fmt: skip


def faultless(lines: Sequence[Said]) -> bars.Bar:
    """No line may have an artefact; those that do are printed."""
    faulty = 0
    for one in lines:
        wrong = artefacts.find(one.samples, said.RATE, one.clauses, one.syllables)
        if wrong.names:
            faulty += 1
            print(f"    {one.text}: {', '.join(wrong.names)} {wrong}")
    return bars.Bar(f"lines with clicks, clipping, DC, dead air, odd syllables, of {len(lines)}", str(faulty), "0", not faulty)


def speed(lines: Sequence[Said]) -> bars.Bar:
    """Processor time of everything from text to samples, front end included, over the seconds of sound."""
    factor = sum(one.cpu for one in lines) / sum(len(one.samples) / said.RATE for one in lines)
    return bars.Bar("real-time factor, one thread (processor time)", f"{factor:.3f}", f"≤ {bars.RTF}", factor <= bars.RTF)


def intelligible(voice: Synthesizer, given: argparse.Namespace, texts: list[str], memory: Memory) -> list[bars.Bar]:
    """All that the ears and the teacher are needed for."""
    lessons = teacher_of(given)
    panel, student = listen("student", said.student(voice, texts), len(texts), memory)
    if lessons is None:
        show(given, texts, panel)
        return bars.heard(panel, None, None)
    theirs, teacher = listen("teacher", lessons.said(texts), len(texts), memory)
    copied = None
    if given.scales and voice.manifest.nsf:
        scales = features.Scales.load(given.scales)
        copied, _ = listen("copy-synthesis", lessons.copied(texts, voice, scales), len(texts), memory)
    show(given, texts, panel)
    return [*bars.heard(panel, theirs, copied), complete(texts, panel, theirs), *compare(teacher, student)]


def show(given: argparse.Namespace, texts: list[str], panel: bars.Panel) -> None:
    """Lines that were misheard."""
    for text, heard, score in zip(texts, panel.texts, panel.scores, strict=True):
        if given.show and score.toneless[0]:
            print(f"    {score.toneless[0]} {text} → {heard}")


def complete(texts: list[str], student: bars.Panel, teacher: bars.Panel) -> bars.Bar:
    """Lines in which the ears miss, or hear twice, more syllables than in the teacher's; these are printed."""
    counts = [[syllables.lost_or_repeated(text, heard) for text, heard in zip(texts, panel.texts, strict=True)]
              for panel in (student, teacher)]  # fmt: skip
    suspect = [n for n, (mine, theirs) in enumerate(zip(*counts, strict=True)) if mine > theirs]
    for n in suspect:
        print(f"    syllables lost or repeated? {texts[n]} → {student.texts[n]}")
    return bars.Bar("lines with more syllables lost or repeated by the ASR than the teacher's", str(len(suspect)), "0",
                    not suspect, str(sum(map(bool, counts[1]))))  # fmt: skip


def teacher_of(given: argparse.Namespace) -> said.Lessons | None:
    if given.teacher is None:
        return None
    settings = {"kind": given.teacher_kind, "voice": given.teacher, "cache": str(given.teacher_files.resolve())}
    return said.Lessons(settings, given.cache / "readings" / given.teacher)


def main(argv: list[str] | None = None) -> int:
    given = _arguments(argv)
    voice, texts, memory = load_voice(given.pack), said.held_out(given.sentences), Memory(given.cache / "heard.jsonl")
    if given.spectrograms:
        from sambert_distill.evaluate import spectrograms

        spectrograms.draw(voice, teacher_of(given), given.spectrograms)
    rows = []
    if "heard" in given.parts:
        rows += intelligible(voice, given, texts, memory)
    if "artefacts" in given.parts:
        lines = list(said.student(voice, said.held_out() + said.plain()))
        rows += [faultless(lines), speed(lines)]
    if "emotions" in given.parts:
        rows += [feelings.differ(voice, said.plain()[:MORE]), feelings.steady(voice, said.plain()[:FEW])]
    if rows:
        print(f"\n{given.pack}, {len(texts)} held-out lines\n\n{bars.HEADER}")
    for row in rows:
        print(row)
    if given.json:
        told = {"pack": given.pack, "digest": voice.manifest.digest, "sentences": len(texts), "teacher": given.teacher,
                "rows": [asdict(row) for row in rows]}  # fmt: skip
        given.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parts = ("heard", "artefacts", "emotions")
    parser = argparse.ArgumentParser(prog="sambert evaluate", description="给一个音色包打分")
    parser.add_argument("pack", nargs="?", default="demo", help="音色包目录，或 layer/voices 里的名字")
    parser.add_argument("--teacher", help="老师：Kokoro 的音色名（如 zf_xiaoxiao），或音色包")
    parser.add_argument("--teacher-kind", choices=("kokoro", "sambert"), default="kokoro")
    parser.add_argument("--teacher-files", type=Path, default=Path(".local/teacher"), help="make setup-teacher 放文件的目录")
    parser.add_argument("--cache", type=Path, default=Path(".local/evaluate"), help="老师的朗读和听写结果存在这里")
    parser.add_argument("--sentences", type=int, default=110, help="用多少句没有训练过的句子")
    parser.add_argument("--scales", type=Path, help="训练特征的 scales.npz；给出时加一列“老师的频谱经声码器”")
    parser.add_argument("--parts", nargs="*", choices=parts, default=parts, help="只做其中几项")
    parser.add_argument("--spectrograms", type=Path, metavar="DIR", help="画出老师与学生的语谱图")
    parser.add_argument("--show", action="store_true", help="列出听错的句子")
    parser.add_argument("--json", type=Path, help="把数字写进这个文件")
    return parser.parse_args(argv)
