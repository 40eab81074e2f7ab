"""The parts of evaluation that need no model: distances, artefacts, telling emotions apart."""

from __future__ import annotations

import numpy as np

from sambert_distill.evaluate import artefacts, ears, prosody

RATE = 16000


def _speech(seconds: float = 2.0, hertz: float = 200.0) -> np.ndarray:
    clock = np.arange(int(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * hertz * n * clock) / n for n in range(1, 15))
    return (0.15 * wave * (1 + 0.5 * np.sin(2 * np.pi * 4 * clock))).astype(np.float32)


def test_edit_distance():
    assert ears.distance(list("abcd"), list("abcd")) == 0
    assert ears.distance(list("abcd"), list("axcde")) == 2
    assert ears.distance(list("abc"), []) == 3
    assert ears.distance([], list("ab")) == 2


def test_clean_speech_has_no_artefacts():
    assert not artefacts.find(_speech(), RATE).any


def test_each_artefact_is_found():
    click, clipped, shifted, gap = (_speech() for _ in range(4))
    click[9000] += 0.9
    gap[8000:20000] = 0
    assert artefacts.find(click, RATE).clicks
    assert artefacts.find(np.clip(clipped * 8, -1, 1), RATE).clipped
    assert abs(artefacts.find(shifted + 0.05, RATE).offset) > 0.01
    assert artefacts.find(gap, RATE).dead_air > 0.6


def test_pitch_and_rate_are_measured():
    low, high = (prosody.measure(_speech(hertz=hertz), RATE, 8) for hertz in (150.0, 300.0))
    assert abs(high.level - low.level - 12) < 0.5
    assert abs(low.rate - 4) < 0.2


def test_emotions_are_told_apart_only_where_they_differ():
    chance = np.random.default_rng(0)

    def group(shift: float) -> list[prosody.Prosody]:
        return [prosody.Prosody(*(shift + chance.normal(0, 0.2, 5))) for _ in range(20)]

    assert prosody.told_apart({"a": group(0), "b": group(3), "c": group(6)}) == 1.0
    assert prosody.told_apart({"a": group(0), "b": group(0)}) < 0.8
