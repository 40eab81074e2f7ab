"""Files people can play, and captions their players can read."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
import soundfile

from sambert.audio import SAMPLE_RATES, Encoder, encode
from sambert.audio.effects import amplify
from sambert.audio.shift import shift
from sambert.errors import SpeechError
from sambert.marks import to_json, to_srt, to_vtt
from sambert.types import Mark

RATE = 16000
TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE)).astype(np.float32)


@pytest.mark.parametrize("format", ["wav", "mp3", "flac", "ogg", "opus"])
def test_every_format_reads_back(format):
    samples, rate = soundfile.read(io.BytesIO(encode(TONE, RATE, format)))
    assert rate in (RATE, 48000)  # Opus always decodes at 48 kHz or its own rate
    assert abs(len(samples) / rate - 2) < 0.1
    assert abs(np.sqrt(np.mean(samples**2)) - 0.354) < 0.03


@pytest.mark.parametrize("rate", SAMPLE_RATES)
def test_every_rate_keeps_the_tone(rate):
    samples, found = soundfile.read(io.BytesIO(encode(TONE, RATE, "wav", rate)))
    assert found == rate and abs(len(samples) - 2 * rate) <= 2
    spectrum = np.abs(np.fft.rfft(samples))
    assert abs(np.argmax(spectrum) * rate / len(samples) - 440) < 1


def test_parts_encode_as_the_whole():
    parts = [TONE[:1000], TONE[1000:1001], TONE[1001:]]
    assert encode(parts, RATE, "wav") == encode(TONE, RATE, "wav")
    resampled = encode(parts, RATE, "wav", 24000)
    assert len(resampled) == len(encode(TONE, RATE, "wav", 24000))


def test_samples_beyond_full_scale_are_clipped_not_wrapped():
    samples, _ = soundfile.read(io.BytesIO(encode(TONE * 4, RATE, "wav")))
    assert samples.max() <= 1 and np.mean(np.abs(samples)) > 0.8


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 24000, 48000])
def test_mp3_begins_and_ends_where_the_speech_does(rate):
    """What captions go by: without LAME's tag it begins 1,105 samples late, and its length is a guess."""
    chirp = np.sin(np.cumsum(np.linspace(0.05, 0.9, 3 * rate + 77))) * 0.5
    chirp[: rate // 2] = 0
    file = encode([chirp[:rate], chirp[rate:]], rate, "mp3")
    samples, found = soundfile.read(io.BytesIO(file))
    assert (found, len(samples)) == (rate, len(chirp))
    lag = np.argmax(np.correlate(samples[: 2 * rate], chirp[rate // 2 : rate], "valid")) - rate // 2
    assert abs(lag) <= 1
    assert np.square(samples - chirp).mean() < 0.02 * np.square(chirp).mean()


def test_nothing_said_is_a_file_too():
    assert len(soundfile.read(io.BytesIO(encode(TONE[:0], RATE, "mp3")))[0]) == 0


def test_unknown_formats_and_rates_have_their_codes():
    for arguments, code in ((("aac",), "unknown_format"), (("wav", 11025), "unknown_sample_rate")):
        with pytest.raises(SpeechError) as caught:
            Encoder(RATE, *arguments)
        assert caught.value.code == code


def test_a_change_of_gain_makes_no_click():
    loud = amplify(TONE, np.array([0.0, -20.0], np.float32), np.array([RATE, RATE]), RATE)
    assert np.abs(np.diff(loud)).max() <= np.abs(np.diff(TONE)).max() * 1.05
    assert abs(np.abs(loud[-1000:]).max() - 0.05) < 0.002


@pytest.mark.parametrize("semitones", [-8, -3, 3, 8])
def test_shifted_samples_have_the_pitch_asked_for(semitones):
    """A buzz of 200 Hz with a formant at 1 kHz: its period changes, its timbre and what is unvoiced do not."""
    buzz = sum(np.sin(2 * np.pi * 200 * k * np.arange(RATE) / RATE) / (1 + ((200 * k - 1000) / 300) ** 2) for k in range(1, 30))
    samples = np.concatenate([buzz, np.zeros(RATE // 5)]).astype(np.float32) * 0.1
    f0 = np.where(np.arange(120) < 100, 200.0, 0.0)
    out = shift(samples, f0, np.full(120, float(semitones)), RATE // 100, RATE)
    assert len(out) == len(samples) and not out[RATE + 400 :].any()
    middle = out[RATE // 4 : 3 * RATE // 4] * np.hanning(RATE // 2)
    lags = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    strong = 30 + np.flatnonzero(lags[30:160] > 0.85 * lags[30:160].max())[0]
    first = strong + int(np.argmax(lags[strong : strong + 8]))
    assert 12 * np.log2(RATE / first / 200) == pytest.approx(semitones, abs=0.4)
    spectrum = np.abs(np.fft.rfft(middle))
    assert np.argmax(spectrum) * RATE / len(middle) == pytest.approx(1000, abs=260)


MARKS = [
    Mark("sentence", "你好\n世界。", 0, 6, 0, 1250),
    Mark("character", "你", 0, 1, 0, 200),
    Mark("sentence", "a --> b", 6, 13, 3_600_000, 3_601_005),
]


def test_captions():
    srt = to_srt(MARKS)
    assert "1\n00:00:00,000 --> 00:00:01,250\n你好 世界。\n" in srt
    assert "2\n01:00:00,000 --> 01:00:01,005\na → b\n" in srt
    assert to_vtt(MARKS).startswith("WEBVTT\n") and "00:00:01.250" in to_vtt(MARKS)
    assert json.loads(to_json(MARKS))[1]["end_ms"] == 200
