"""A teacher reads lines aloud into a corpus folder. In: a teacher, lines. Out: audio/ID.flac (16 kHz), labels.jsonl.gz,
lines.jsonl with sources and licences, card.json.

It may be killed at any moment and started again: a label is one gzip member appended in one write after its sound is in
place, so the file is whole after each; what has a label is never read again.
"""

from __future__ import annotations

import gzip
import json
import os
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import soundfile
from tqdm import tqdm

from sambert.errors import SpeechError
from sambert.frontend import utterances
from sambert.types import Request
from sambert_distill import corpus
from sambert_distill.teachers import FRAME, RATE, Lesson, Teacher

LABELS = "labels.jsonl.gz"
CHUNK = 1 << 16  # bytes read at a time
LONGEST = 30.0  # s; what is longer has gone wrong


def record(teacher: Teacher, lines: Sequence[corpus.Line], folder: Path, until: float | None = None,
           say: Callable[[str], None] = print) -> float:  # fmt: skip
    """Let ``teacher`` read ``lines`` in order. until: time.time() to stop at.

    Returns the hours of sound in the folder. A line of several sentences gives several utterances: ID, ID-1, ID-2 …
    """
    (folder / "audio").mkdir(parents=True, exist_ok=True)
    (folder / "card.json").write_text(json.dumps(teacher.card, ensure_ascii=False, indent=1), encoding="utf-8")
    told = folder / "lines.jsonl"
    # lines of an earlier choice may have been read, so they stay
    corpus.write(told, {line.id: line for line in [*lines, *(corpus.read(told) if told.exists() else ())]}.values())
    done = {label["id"]: sum(label["frames"]) + label["lead_frames"] for label in mend(folder / LABELS)}
    sounded = sum(done.values()) * FRAME / RATE
    for line in tqdm(lines, desc="teacher", unit="line", mininterval=10):
        if until is not None and time.time() >= until:
            break
        try:
            spoken = [one for one in utterances(Request(text=line.text), teacher.traits) if one.symbols]
        except SpeechError as error:
            say(f"{line.id}: {error.message}")
            continue
        for number, utterance in enumerate(spoken):
            name = f"{line.id}-{number}" if number else line.id
            if name not in done:
                lesson = teacher.teach(utterance)
                if sum(lesson.frames) * FRAME / RATE > LONGEST:
                    say(f"{name}: over {LONGEST} s, left out")
                    continue
                keep(folder, name, utterance.text.strip(), lesson)
                sounded += len(lesson.samples) / RATE
    say(f"{sounded / 3600:.3f} h of sound in {folder}")
    return sounded / 3600


def keep(folder: Path, name: str, text: str, lesson: Lesson) -> None:
    """Store one lesson: first the sound, then its label."""
    sound = folder / "audio" / f"{name}.flac"
    beside = sound.with_suffix(".tmp")
    soundfile.write(beside, lesson.samples.clip(-1, 1), RATE, format="FLAC", subtype="PCM_16")
    os.replace(beside, sound)
    symbols = [(one.phone, one.tone, one.syllable, one.word) for one in lesson.symbols]
    label = {"id": name, "text": text, **lesson.notes, "f0_hz": [round(float(one), 1) for one in lesson.f0],
             "energy": [round(float(one), 3) for one in lesson.energy], "lead_frames": lesson.lead, "symbols": symbols,
             "frames": [int(one) for one in lesson.frames]}  # fmt: skip
    with (folder / LABELS).open("ab", buffering=0) as file:
        file.write(gzip.compress(json.dumps(label, ensure_ascii=False).encode() + b"\n"))


def mend(path: Path, *, read_only: bool = False) -> list[dict[str, Any]]:
    """All labels of a file; a torn end is cut off the file, unless it must not be touched."""
    stored = memoryview(path.read_bytes() if path.exists() else b"")
    found, begin = [], 0
    while begin < len(stored):
        member, at, text = zlib.decompressobj(wbits=31), begin, b""
        try:
            while not member.eof and at < len(stored):
                text += member.decompress(stored[at : at + CHUNK])
                at += CHUNK
        except zlib.error:
            break
        if not member.eof:
            break
        found += [json.loads(row) for row in text.splitlines()]
        begin = min(at, len(stored)) - len(member.unused_data)
    if begin < len(stored) and not read_only:
        with path.open("r+b") as file:
            file.truncate(begin)
    return found
