"""The door of the layer, with the demo voice: what a caller hears and what they are told."""

from __future__ import annotations

import numpy as np
import pytest

from sambert import Request
from sambert.errors import SpeechError

TEXT = "今天天气真好，我们一起去公园散步吧。"


def test_speaks_with_marks_in_the_callers_text(voice):
    speech = voice.speak(Request(text=TEXT))
    assert speech.sample_rate == voice.manifest.sample_rate and speech.samples.dtype == np.float32
    assert 2000 < speech.duration_ms < 8000 and np.abs(speech.samples).max() > 0.05
    characters = [mark for mark in speech.marks if mark.kind == "character"]
    assert "".join(mark.text for mark in characters) == TEXT.replace("，", "").replace("。", "")
    assert all(TEXT[mark.begin : mark.end] == mark.text for mark in characters)
    times = [edge for mark in characters for edge in (mark.begin_ms, mark.end_ms)]
    assert times == sorted(times) and times[-1] <= speech.duration_ms


def test_the_same_request_gives_the_same_samples(voice):
    first, second = (voice.speak(Request(text="你好。")).samples for _ in range(2))
    assert np.array_equal(first, second)


def test_stream_is_speak_in_parts(voice):
    request = Request(text="第一句话说完了。第二句话也说完了！第三句呢？")
    parts, whole = list(voice.stream(request)), voice.speak(request)
    assert len(parts) >= 3
    assert np.array_equal(np.concatenate([part.samples for part in parts]), whole.samples)
    assert [mark for part in parts for mark in part.marks] == list(whole.marks)


def test_strength_moves_the_voice_steadily_from_neutral(voice):
    emotions = [each for each in voice.manifest.emotions if each != "neutral"]
    if not emotions:
        pytest.skip("this demo voice has one emotion only")
    neutral = voice.speak(Request(text=TEXT)).samples
    for emotion in emotions:
        assert np.array_equal(voice.speak(Request(text=TEXT, emotion=emotion, intensity=0)).samples, neutral)
        spoken = voice.speak(Request(text=TEXT, emotion=emotion)).samples
        assert len(spoken) != len(neutral) or not np.allclose(spoken, neutral)


def test_rate_pitch_and_volume_act(voice):
    usual = voice.speak(Request(text=TEXT))
    fast, slow = (voice.speak(Request(text=TEXT, rate=rate)).duration_ms for rate in (1.6, 0.6))
    assert fast < 0.8 * usual.duration_ms < usual.duration_ms < 0.8 * slow
    quiet = voice.speak(Request(text=TEXT, volume=25)).samples
    np.testing.assert_allclose(np.abs(quiet).max(), np.abs(usual.samples).max() / 2, rtol=0.01)
    assert np.abs(voice.speak(Request(text=TEXT, volume=0)).samples).max() < 2**-15  # silent in 16 bits
    high, low = (_middle_f0(voice, pitch) for pitch in (4, -4))
    assert high > 1.25 * low


def _middle_f0(voice, pitch: float) -> float:
    """Median F0 in Hz by the strongest autocorrelation of voiced pieces."""
    speech = voice.speak(Request(text=TEXT, pitch=pitch))
    rate, found = speech.sample_rate, []
    for begin in range(0, len(speech.samples) - 1024, 512):
        piece = speech.samples[begin : begin + 1024]
        if np.sqrt(np.mean(piece**2)) < 0.03:
            continue
        lags = np.correlate(piece, piece, "full")[1023:]
        low, high = rate // 500, rate // 70
        lag = low + int(np.argmax(lags[low:high]))
        if lags[lag] > 0.5 * lags[0]:
            found.append(rate / lag)
    return float(np.median(found))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"text": ""}, "empty_text"),
        ({"text": " \n\t　"}, "empty_text"),
        ({"text": None}, "empty_text"),
        ({"text": "。，！……"}, "nothing_to_say"),
        ({"text": "好", "ssml": "<speak>好</speak>"}, "text_and_ssml"),
        ({"emotion": "bored"}, "unknown_emotion"),
        ({"intensity": 2.5}, "bad_range"),
        ({"intensity": float("nan")}, "bad_range"),
        ({"rate": 0.1}, "bad_range"),
        ({"pitch": 13}, "bad_range"),
        ({"volume": -1}, "bad_range"),
        ({"text": "字" * 100_001}, "text_too_long"),
    ],
)
def test_bad_requests_have_their_codes(voice, change, code):
    with pytest.raises(SpeechError) as caught:
        voice.speak(Request(**({"text": "你好"} | change)))
    assert caught.value.code == code


def test_an_unknown_emotion_names_those_there_are(voice):
    with pytest.raises(SpeechError) as caught:
        voice.speak(Request(text="好", emotion="jealousy"))
    assert "普通" in caught.value.message and "neutral" in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "我很开心😀！",
        "他說:「長安街上，車水馬龍。」",
        "请打开 Wi-Fi，然后访问 https://example.com/a?b=1 。",
        "一\x00二\x07三\u200b四\ufeff五\u202e六",
        "lone \ud800 surrogate 在中间",
        "䶮𠮷㐂",
        "3.14% ± 2℃ ≈ ①②③ Ⅷ ½",
    ],
)
def test_no_text_crashes_it(voice, text):
    try:
        assert voice.speak(Request(text=text)).samples.size
    except SpeechError as error:
        assert error.code == "nothing_to_say"


def test_unreadable_characters_are_reported(voice):
    assert any("𐎀" in warning for warning in voice.speak(Request(text="你好𐎀世界")).warnings)


def test_ten_thousand_characters_come_piece_by_piece(voice):
    """First audio after one piece, no piece long; the whole would take minutes, so only its beginning is spoken."""
    parts = voice.stream(Request(text="春天来了，花儿都开了，小鸟在树上唱歌。" * 530))
    for _, part in zip(range(5), parts, strict=False):
        assert 500 < part.duration_ms < 20_000


def test_idle_cores_change_nothing_but_the_time(voice, monkeypatch):
    """A sentence alone is spoken in pieces side by side; as many sentences as cores get one each."""
    from sambert.runtime import at_work, share

    request = Request(text="火车穿过长长的隧道，窗外忽然变得明亮起来了。")
    alone = voice.speak(request).samples
    monkeypatch.setenv("SAMBERT_THREADS", "2")
    np.testing.assert_allclose(voice.speak(request).samples, alone, atol=1e-5)
    with at_work():
        assert share() == 2
        with at_work():
            assert share() == 1
        assert share() == 2
