"""The parts of evaluation that need no model: distances, artefacts, telling emotions apart."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from sambert import load_voice
from sambert_distill import features, sound
from sambert_distill.evaluate import artefacts, bars, distance, ears, prosody, said, syllables

RATE = 16000
EARS = pytest.mark.skipif(importlib.util.find_spec("pypinyin") is None, reason="needs the evaluation environment's pypinyin")


def _speech(seconds: float = 2.0, hertz: float = 200.0) -> np.ndarray:
    clock = np.arange(int(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * hertz * n * clock) / n for n in range(1, 15))
    return (0.15 * wave * (1 + 0.5 * np.sin(2 * np.pi * 4 * clock))).astype(np.float32)


@pytest.fixture(scope="module")
def demo():
    return load_voice("demo")


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """The demo voice as a teacher: no other is needed to try the way of the data."""
    return said.Lessons({"kind": "sambert", "voice": "demo"}, tmp_path_factory.mktemp("lessons"))


def _scales(voice, samples):
    mel, manifest = sound.mel(samples), voice.manifest
    return features.Scales(np.stack([mel.mean(0), mel.std(0) + 0.1]), np.array([manifest.f0_mean, manifest.f0_std]), np.ones(2))


def test_edit_distance():
    assert ears.distance(list("abcd"), list("abcd")) == 0
    assert ears.distance(list("abcd"), list("axcde")) == 2
    assert ears.distance(list("abc"), []) == 3
    assert ears.distance([], list("ab")) == 2


@EARS
def test_digits_count_as_what_was_said():
    assert ears.score("请到三零五号房间。", "请到305号房间").toneless == (0, 8)
    assert ears.score("原价六千元。", "原价6000元").toneless == (0, 5)


@EARS
def test_erhua_may_be_written_or_not():
    assert ears.score("花儿开了，女儿笑了。", "花开了女儿笑了").characters == (0, 7)


@EARS
def test_syllables_lost_and_repeated():
    assert syllables.lost_or_repeated("今天的天气真不错。", "今天的天气真不错") == 0
    assert syllables.lost_or_repeated("今天的天气真不错。", "今天的气真不错") == 1
    assert syllables.lost_or_repeated("今天的天气真不错。", "今天的天气真真不错") == 1
    assert syllables.lost_or_repeated("今天的天气真不错。", "今天的天气怎不错") == 0
    assert syllables.lost_or_repeated("九点四十五分开始。", "9.45分开始") == 0  # so the ASR writes what it heard right
    assert syllables.lost_or_repeated("九点四十五分开始。", "九点四五分开始") == 1


def test_bars_are_set_by_the_teacher():
    def panel(wrong: int, mos: float) -> bars.Panel:
        one = ears.Score((wrong, 100), (wrong, 100), (wrong, 100))
        return bars.Panel([one] * 20, [mos] * 20, [""] * 20)

    rows = bars.heard(panel(4, 3.0), panel(2, 3.2), None)
    assert [row.passed for row in rows] == [True, False, False, True]
    assert all(row.passed is None for row in bars.heard(panel(4, 3.0), None, None))


def test_distance_grows_with_what_differs():
    same = distance.measure(_speech(), _speech())
    assert same.mcd < 1e-6 and same.cents < 1e-6
    assert 80 < distance.measure(_speech(hertz=200.0), _speech(hertz=200.0 * 2 ** (1 / 12))).cents < 120
    muffled = np.convolve(_speech(), [0.25, 0.5, 0.25], "same").astype(np.float32)
    assert 1 < distance.measure(_speech(), muffled).mcd < 12


def test_a_lesson_copied_through_its_vocoder_stays_itself(demo, lessons):
    """The copy has the teacher's F0 and length, so any fault in it is the vocoder's."""
    text = "你好。"
    (teacher,) = lessons.said([text])
    (copy,) = lessons.copied([text], demo, _scales(demo, teacher.samples))
    assert abs(len(copy.samples) / len(teacher.samples) - 1) < 0.15
    assert distance.measure(teacher.samples, copy.samples).cents < 200


def test_clean_speech_has_no_artefacts():
    assert not artefacts.find(_speech(), RATE).names


def test_each_artefact_is_found():
    click, clipped, shifted, gap = (_speech() for _ in range(4))
    click[9000] += 0.9
    gap[8000:20000] = 0
    assert artefacts.find(click, RATE).clicks
    assert artefacts.find(np.clip(clipped * 8, -1, 1), RATE).clipped
    assert abs(artefacts.find(shifted + 0.05, RATE).offset) > 0.01
    assert artefacts.find(gap, RATE).dead_air > 0.6
    assert not artefacts.find(gap, RATE, clauses=[(0.0, 0.5), (1.25, 2.0)]).names  # a pause between clauses is none
    assert artefacts.find(gap, RATE, clauses=[(0.0, 1.25)]).dead_air > 0.6
    assert artefacts.find(_speech(), RATE, syllables=[0.2, 0.03, 0.2]).names == ("syllables",)


def test_pitch_and_rate_are_measured():
    low, high = (prosody.measure(_speech(hertz=hertz), 8) for hertz in (150.0, 300.0))
    assert abs(high.level - low.level - 12) < 0.5
    assert abs(low.rate - 4) < 0.2


def test_emotions_are_told_apart_only_where_they_differ():
    chance = np.random.default_rng(0)

    def group(shift: float) -> list[prosody.Prosody]:
        return [prosody.Prosody(*(shift + chance.normal(0, 0.2, 5))) for _ in range(20)]

    assert prosody.told_apart({"a": group(0), "b": group(3), "c": group(6)}) == 1.0
    assert prosody.told_apart({"a": group(0), "b": group(0)}) < 0.8
