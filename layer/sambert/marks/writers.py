"""Marks as files. In: marks. Out: JSON of every kind of mark; SRT and WebVTT captions of the sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from sambert.types import Mark


def to_json(marks: Iterable[Mark]) -> str:
    """A list of {kind, text, begin, end, begin_ms, end_ms}."""
    return json.dumps([asdict(mark) for mark in marks], ensure_ascii=False, separators=(",", ":"))


def _clock(ms: int, comma: str) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{comma}{ms:03d}"


def _cues(marks: Iterable[Mark], comma: str) -> Iterable[str]:
    sentences = (mark for mark in marks if mark.kind == "sentence")
    for number, mark in enumerate(sentences, 1):
        text = " ".join(mark.text.split()).replace("-->", "→")
        yield f"{number}\n{_clock(mark.begin_ms, comma)} --> {_clock(mark.end_ms, comma)}\n{text}\n"


def to_srt(marks: Iterable[Mark]) -> str:
    return "\n".join(_cues(marks, ","))


def to_vtt(marks: Iterable[Mark]) -> str:
    return "\n".join(["WEBVTT\n", *_cues(marks, ".")])
