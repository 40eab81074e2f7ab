"""SSML breaks, heard: the silence in the demo voice's audio is the silence asked for, within 10 ms."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sambert import Request
from sambert.audio.pauses import cut, gaps
from sambert.types import Pause

WITHIN = 10  # ms
DOCUMENTS = {
    "inside a clause": "我们一起{}去公园散步吧。",
    "after a comma": "今天天气真好，{}我们去公园吧。",
    "before a comma": "今天天气真好{}，我们去公园吧。",
    "after a full stop": "今天天气真好。{}我们去公园吧。",
    "at the end of s": "<s>今天天气真好{}</s><s>我们去公园吧</s>",
    "before a plosive": "把大门{}打开一点。",
    "where the voice does not pause": "不，{}我爸爸不同意。",
    "inside a word": "北{}京是首都。",
    "fast": '<prosody rate="fast">今天天气真好，{}我们去公园吧。</prosody>',
    "sad": '<emotion category="sad" intensity="1.5">今天天气真好，{}我们去公园吧。</emotion>',
}


def silences(samples: np.ndarray, rate: int, floor_db: float = -36.0) -> list[tuple[float, float]]:
    """(begin, end) in ms of the stretches whose peaks, in steps of 2 ms, stay below the floor under the highest peak."""
    step = rate // 500
    peaks = np.abs(samples[: len(samples) // step * step]).reshape(-1, step).max(axis=1)
    quiet = np.concatenate([[0], peaks < np.abs(samples).max() * 10 ** (floor_db / 20), [0]]).astype(int)
    return list(zip(2.0 * np.flatnonzero(np.diff(quiet) == 1), 2.0 * np.flatnonzero(np.diff(quiet) == -1), strict=True))


def around(found: list[tuple[float, float]], ms: float) -> float:
    """Length of the silence at ``ms``; 0 where there is none."""
    return max((end - begin for begin, end in found if begin - 4 <= ms <= end + 4), default=0.0)


def spoken(voice, body: str):
    speech = voice.speak(Request(ssml=f"<speak>{body}</speak>"))
    return speech, [mark for mark in speech.marks if mark.kind == "character"], silences(speech.samples, speech.sample_rate)


@pytest.mark.parametrize("body", DOCUMENTS.values(), ids=DOCUMENTS)
@pytest.mark.parametrize("ms", [60, 500, 2000])
def test_a_break_between_speech(voice, body, ms):
    _, characters, found = spoken(voice, body.format(f'<break time="{ms}ms"/>'))
    before, after = max(pairwise(characters), key=lambda pair: pair[1].begin_ms - pair[0].end_ms)
    assert abs(after.begin_ms - before.end_ms - ms) <= 1
    assert abs(around(found, (before.end_ms + after.begin_ms) / 2) - ms) <= WITHIN


@pytest.mark.parametrize("nothing", ['<break time="0"/>', '<break strength="none"/>', '<break time="0ms"/>'])
def test_no_break_at_all(voice, nothing):
    for body in ("今天天气真好，{}我们去公园吧。", "今天天气真好。{}我们去公园吧。"):
        _, characters, found = spoken(voice, body.format(nothing))
        before, after = characters[5], characters[6]
        assert after.begin_ms == before.end_ms
        assert around(found, after.begin_ms) <= WITHIN


def test_breaks_at_either_end(voice):
    for ms in (0, 300):
        speech, characters, found = spoken(voice, f'<break time="{ms}ms"/>我们去公园吧<break time="{2 * ms}ms"/>')
        assert abs(around(found, 0) - ms) <= WITHIN and abs(around(found, speech.duration_ms) - 2 * ms) <= WITHIN
        assert abs(characters[0].begin_ms - ms) <= 1 and abs(speech.duration_ms - characters[-1].end_ms - 2 * ms) <= 1


def test_several_breaks_in_a_row_add_up_and_marks_lie_where_they_stand(voice):
    breaks = '<mark name="before"/><break time="300ms"/><break strength="medium"/><mark name="after"/>'
    speech, characters, found = spoken(voice, f'我们一起{breaks}去公园。<break time="1s"/>走吧。')
    gaps_ms = [after.begin_ms - before.end_ms for before, after in pairwise(characters)]
    assert sorted(gaps_ms)[-2:] == pytest.approx([800, 1000], abs=1)
    before, after = (mark for mark in speech.marks if mark.kind == "mark")
    assert before.begin_ms == characters[3].end_ms and after.begin_ms == characters[4].begin_ms
    assert abs(around(found, before.begin_ms + 400) - 800) <= WITHIN


def test_the_sentence_goes_on_behind_a_break(voice):
    from sambert.frontend import utterances

    (piece,) = utterances(Request(ssml='<speak>我们一起<break time="2s"/>去公园。</speak>'), voice.traits)
    assert [one.phone for one in piece.symbols if one.phone in ("#3", "#4")] == ["#3", "#4"]


def test_a_gap_takes_a_breath_and_leaves_the_speech():
    """Tones stand for speech; between them silence with a breath, longer than the break token."""
    rate = 16000
    tone = 0.5 * np.sin(2 * np.pi * 220 * np.arange(rate // 2) / rate)
    breath = 0.3 * np.random.default_rng(0).standard_normal(rate // 50)
    still = np.zeros(rate // 10)
    samples = np.concatenate([tone, still, breath, still, tone]).astype(np.float32)
    edges = np.array([0, 4000, 8800, 10_720, 16_000, len(samples)])
    out, moved = cut(samples, edges, gaps(samples, edges, [Pause(2, 3, 250)], rate), rate)
    ((begin, end),) = silences(out, rate)
    assert abs(end - begin - 250) <= WITHIN and abs(begin - 500) <= 5
    assert len(out) == pytest.approx(len(tone) * 2 + 4000, abs=100)
    assert list(moved[[0, -1]]) == [0, len(out)] and moved[3] - moved[2] == 4000
