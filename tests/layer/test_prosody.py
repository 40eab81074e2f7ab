"""SSML prosody, emphasis and voice, heard: the stretch that is marked changes as asked, the rest does not."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from sambert import Request
from sambert.errors import SpeechError
from sambert.frontend.ssml import values
from sambert.voices import Shelf

BEFORE, INSIDE, AFTER = "他们那里的", "妈妈慢慢", "来到了我们家。"


def spoken(voice, mark: str = "", end: str = ""):
    return voice.speak(Request(ssml=f"<speak>{BEFORE}{mark}{INSIDE}{end}{AFTER}</speak>"))


def stretches(speech) -> list[tuple[float, float, float]]:
    """(ms, median F0 in semitones, dB) of what lies before, inside and after the element."""
    at, found = [0, len(BEFORE), len(BEFORE + INSIDE), len(BEFORE + INSIDE + AFTER)], []
    for first, last in pairwise(at):
        marks = [mark for mark in speech.marks if mark.kind == "character" and first <= mark.begin < last]
        begin, end = marks[0].begin_ms, marks[-1].end_ms
        samples = speech.samples[begin * speech.sample_rate // 1000 : end * speech.sample_rate // 1000]
        found.append((end - begin, f0(samples, speech.sample_rate), 10 * math.log10(np.mean(np.square(samples)))))
    return found


def f0(samples: np.ndarray, rate: int) -> float:
    """Median over windows of 40 ms, by the first strong peak of the autocorrelation; semitones over 100 Hz, NaN if unvoiced."""
    size, found = rate // 25, []
    for begin in range(0, len(samples) - size, size // 4):
        window = samples[begin : begin + size] * np.hanning(size)
        lags = np.correlate(window, window, "full")[size - 1 :]
        low, high = rate // 450, rate // 90
        if lags[0] > 0.05 and lags[low:high].max() > 0.5 * lags[0]:
            strong = low + np.flatnonzero(lags[low:high] > 0.85 * lags[low:high].max())[0]
            found.append(12 * math.log2(rate / (strong + int(np.argmax(lags[strong : strong + 8]))) / 100))
    return float(np.median(found)) if found else math.nan


@pytest.fixture(scope="module")
def plain(voice):
    return stretches(spoken(voice))


def change(voice, plain, element: str, attributes: str):
    """Of each stretch: factor on its length, semitones, dB."""
    changed = stretches(spoken(voice, f"<{element} {attributes}>", f"</{element}>"))
    return [(new[0] / old[0], new[1] - old[1], new[2] - old[2]) for new, old in zip(changed, plain, strict=True)]


@pytest.mark.parametrize("level", ["strong", "moderate", "reduced", "none"])
def test_emphasis_is_heard_where_it_stands_only(voice, plain, level):
    rate, pitch, gain = values.EMPHASIS[level]
    before, inside, after = change(voice, plain, "emphasis", f'level="{level}"')
    assert inside[0] == pytest.approx(1 / rate, rel=0.06)
    assert inside[1] == pytest.approx(pitch, abs=0.9)
    assert inside[2] == pytest.approx(gain, abs=2)  # a higher voice is a little softer
    for length, semitones, loudness in (before, after):
        assert length == pytest.approx(1, abs=0.04)
        assert abs(semitones) < 0.8 and abs(loudness) < 1


@pytest.mark.parametrize(
    ("attributes", "rate", "pitch", "gain"),
    [
        ('rate="slow"', 0.75, 0, 0),
        ('rate="150%"', 1.5, 0, 0),
        ('rate="+50%" volume="-50%"', 1.5, 0, -6),
        ('rate="0.6"', 0.6, 0, 0),
        ('pitch="+2st" volume="+4dB"', 1, 2, 4),
        ('pitch="-20%"', 1, -3.9, 0),
        ('pitch="high" volume="soft"', 1, 3, -6),
    ],
)
def test_prosody_does_what_it_says(voice, plain, attributes, rate, pitch, gain):
    before, inside, after = change(voice, plain, "prosody", attributes)
    assert inside[0] == pytest.approx(1 / rate, rel=0.06)
    assert inside[1] == pytest.approx(pitch, abs=0.9)
    assert inside[2] == pytest.approx(gain, abs=2)
    for stretch in (before, after):
        assert stretch[0] == pytest.approx(1, abs=0.04) and abs(stretch[1]) < 0.8 and abs(stretch[2]) < 1


def test_hertz_are_those_of_the_voice(voice):
    mean = voice.traits.f0
    assert values.prosody_pitch(f"{2 * mean:.0f}Hz", mean) == pytest.approx(12, abs=0.1)
    assert values.prosody_pitch(f"+{mean:.0f}Hz", mean) == pytest.approx(12, abs=0.1)


@pytest.fixture
def shelf(demo, tmp_path, monkeypatch):
    """Two voices, of one pack, and room for one."""
    from sambert.voices import voices_folder

    for name in (demo, "second"):
        (tmp_path / name).symlink_to(voices_folder() / demo)
    monkeypatch.setenv("SAMBERT_VOICES", str(tmp_path))
    return Shelf(1)


def test_voice_switches_to_another_of_the_deployment(shelf, demo):
    speech = shelf.open(demo).speak(Request(ssml='<speak>你好。<voice name="second">我是另一个人</voice>，再见。</speak>'))
    assert not speech.warnings
    assert "".join(mark.text for mark in speech.marks if mark.kind == "character") == "你好我是另一个人再见"
    assert speech.marks[-1].end_ms <= speech.duration_ms


def test_an_unknown_voice_is_a_warning_and_its_text_is_spoken(shelf, voice, demo):
    for who in (voice, shelf.open(demo)):
        speech = who.speak(Request(ssml='<speak><voice name="nobody">你好</voice></speak>'))
        assert any("nobody" in warning for warning in speech.warnings) and speech.duration_ms > 300


def test_the_shelf_keeps_the_last_voices_open(shelf, demo):
    first = shelf.open(demo)
    assert shelf.open(demo) is first
    shelf.open("second")
    assert shelf.open(demo) is not first
    assert shelf.traits("nobody") is None
    with pytest.raises(SpeechError) as caught:
        shelf.open("../demo")
    assert caught.value.code == "unknown_voice"


SENTENCE = "妈妈慢慢来到了我们家里和他们一起吃了一顿热闹的晚饭。"


def liveliness(voice, attributes: str) -> tuple[float, float]:
    """Mean and spread of the characters' F0, in semitones."""
    speech = voice.speak(Request(ssml=f"<speak><prosody {attributes}>{SENTENCE}</prosody></speak>"))
    found = []
    for mark in speech.marks:
        if mark.kind == "character" and mark.end_ms - mark.begin_ms > 60:
            found.append(f0(speech.samples[mark.begin_ms * 16 : mark.end_ms * 16], speech.sample_rate))
    return float(np.nanmean(found)), float(np.nanstd(found))


def test_range_scales_how_far_the_melody_strays_and_not_where_it_lies(voice):
    if voice.manifest.sample_rate != 16000 or not voice.manifest.nsf:
        pytest.skip("the voice tells no F0")
    mean, usual = liveliness(voice, "")
    heard = {value: liveliness(voice, f'range="{value}"') for value in ("0%", "low", "high", "+80%")}
    assert heard["0%"][1] < 0.4 * usual
    assert heard["low"][1] == pytest.approx(0.7 * usual, rel=0.15)
    assert heard["high"][1] == pytest.approx(1.4 * usual, rel=0.15)
    assert heard["+80%"][1] > heard["high"][1]
    assert all(abs(each[0] - mean) < 1.3 for each in heard.values())


def timed(voice, text: str, wanted: str, attribute: str = "duration") -> tuple[int, tuple[str, ...]]:
    """ms from the first to the last character of the element, and the warnings."""
    speech = voice.speak(Request(ssml=f'<speak>昨天，<prosody {attribute}="{wanted}">{text}</prosody>，走了。</speak>'))
    size = sum(mark.kind == "character" for mark in speech.marks) - 4  # 昨天, 走了
    inside = [mark for mark in speech.marks if mark.kind == "character"][2 : size + 2]
    return inside[-1].end_ms - inside[0].begin_ms, speech.warnings


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (INSIDE + "来到了我们家", 1600),
        (INSIDE + "来到了我们家", 2800),
        ('他们<break time="700ms"/>慢慢走来', 2500),
        (f"{BEFORE}人来了。{INSIDE}走到了那里", 5000),
        ('<prosody pitch="+2st">他们那里的妈妈</prosody>来了', 2400),
        ('他们那里的人都<prosody duration="500ms">慢慢</prosody>走来了', 2600),
        (f"<s>{INSIDE}来到了我们家</s><s>他们那里的人都来了</s>", 5000),
        (f'{INSIDE}来到了我们家。<break time="2s"/>他们那里的人都来了', 5500),
    ],
)
def test_a_text_lasts_as_long_as_it_should(voice, text, wanted):
    lasted, warnings = timed(voice, text, f"{wanted}ms")
    assert lasted == pytest.approx(wanted, rel=0.06) and not warnings


def test_a_duration_beyond_the_range_of_rates_stops_there(voice):
    own, _ = timed(voice, INSIDE, "900ms")
    shortest, warnings = timed(voice, INSIDE, "100ms")
    assert shortest > own / 4 and any("时长" in warning for warning in warnings)


@pytest.mark.parametrize(
    "text",
    [
        INSIDE + "来到了我们家",
        f"好。他们那里的人都{INSIDE}来到了我们家。走",
        f"<s>{INSIDE}来到</s><s>他们<break time='300ms'/>那里的人都来了</s>",
    ],
)
def test_a_text_that_must_not_last_longer_is_only_ever_spoken_faster(voice, text):
    own, _ = timed(voice, text, "60s", "amazon:max-duration")
    for wanted in (0.9 * own, 0.7 * own, 0.45 * own):
        lasted, warnings = timed(voice, text, f"{wanted:.0f}ms", "amazon:max-duration")
        assert 0.9 * wanted < lasted <= wanted + 13 and not warnings  # a frame at most
    fastest, warnings = timed(voice, text, "100ms", "amazon:max-duration")
    assert fastest < own / 2 and any("5 倍" in warning for warning in warnings)


def test_enough_time_changes_nothing(voice):
    text = "好。昨天，他们那里的人都慢慢走来了。走。"
    plain = voice.speak(Request(ssml=f"<speak>{text}</speak>"))
    document = f'<speak><prosody amazon:max-duration="{plain.duration_ms}ms">{text}</prosody></speak>'
    bounded = voice.speak(Request(ssml=document))
    np.testing.assert_array_equal(plain.samples, bounded.samples)
