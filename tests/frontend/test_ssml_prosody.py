"""Prosody: what a document asks for, and what each piece of speech gets of it."""

from __future__ import annotations

import pytest

from sambert.errors import SpeechError
from sambert.frontend import VoiceTraits, ssml, utterances
from sambert.frontend.ssml import values
from sambert.types import Controls, Request, Stretch


@pytest.mark.parametrize(
    ("value", "factor"),
    [("x-low", 0.4), ("+20%", 1.2), ("-50%", 0.5), ("60%", 0.6), ("+6st", 1.5), ("9st", 0.75), ("+70.7Hz", 1.5)],
)
def test_a_range_is_a_factor_on_the_voices_usual_one(value, factor):
    assert values.prosody_range(value, 200.0) == pytest.approx(factor, abs=0.01)


def test_ranges_multiply_and_stop_at_twice_and_need_a_voice_with_f0():
    document = '<speak><prosody range="x-high">一<prosody range="x-high">二</prosody></prosody></speak>'
    parsed = ssml.parse(document)
    assert [one.controls.range for one in parsed.segments] == [1.8, 2.0] and len(parsed.warnings) == 1
    plain = ssml.parse(document, voice=VoiceTraits(frozenset(), tells_f0=False))
    assert [one.controls.range for one in plain.segments] == [1.0, 1.0] and "基频" in plain.warnings[0]


@pytest.mark.parametrize("attribute", ['range="wide"', 'range="3"', 'duration="0s"', 'duration="-2s"', 'duration="11m"'])
def test_wrong_ranges_and_durations_are_refused(attribute):
    with pytest.raises(SpeechError) as caught:
        ssml.parse(f"<speak><prosody {attribute}>好</prosody></speak>")
    assert caught.value.code == "ssml_invalid" and caught.value.detail["line"] == 1


def test_silences_and_an_inner_duration_take_part_of_an_outer_ones_time():
    inside = '你好你好。你好<break time="1s"/>你好<prosody duration="500ms">好</prosody>'
    pieces = list(
        utterances(Request(ssml=f'<speak>好<prosody duration="5s">{inside}</prosody>好</speak>'), VoiceTraits(frozenset()))
    )
    stretches = [[(len(one.inside), one.ms) for one in piece.timed] for piece in pieces]
    silence = sum(piece.silence_ms for piece in pieces[:-1])
    assert len(pieces) == 2 and [len(one) for one in stretches] == [1, 2]
    assert stretches[1][1] == (2, 500)
    assert stretches[0][0][1] == stretches[1][0][1] == 3500 - silence


def test_a_contour_bends_the_pitch_character_by_character():
    source = '<speak>一<prosody contour="(0%,+0st) (100%,+8st)">二三<emphasis level="none">四</emphasis>五六</prosody>七</speak>'
    (piece,) = utterances(Request(ssml=source), VoiceTraits(frozenset()))
    pitches = {span.text: piece.symbols[span.first].controls.pitch for span in piece.spans if span.kind == "character"}
    assert pitches == pytest.approx({"一": 0, "二": 0, "三": 2, "四": 4, "五": 6, "六": 8, "七": 0})


def test_callers_controls_are_the_base():
    document = ssml.parse('<speak>好<prosody rate="50%">慢</prosody></speak>', Controls(emotion="sad", rate=1.5, pitch=1.0))
    assert [one.controls.rate for one in document.segments] == [1.5, 0.75]
    assert all(one.controls.emotion == "sad" and one.controls.pitch == 1.0 for one in document.segments)


def test_values_beyond_the_range_stop_there():
    document = ssml.parse('<speak><prosody rate="400%" pitch="+30st" volume="+40dB">好</prosody></speak>')
    assert document.segments[0].controls == Controls(rate=2.0, pitch=12.0, gain=10.0)
    assert len(document.warnings) == 3


def test_azures_audio_duration_is_of_the_voice_around_it():
    inside = '<voice name="a"><mstts:audioduration value="20s"/>你好。<s>再见</s></voice>好'
    spans = [one.controls.span for one in ssml.parse(f"<speak>{inside}</speak>").segments if isinstance(one, ssml.Text)]
    assert spans == [Stretch(1, 20_000), Stretch(1, 20_000), None]
