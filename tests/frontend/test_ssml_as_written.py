"""SSML as people really write it: names and values in any case, what tools of the vendors put in."""

from __future__ import annotations

import pytest

from sambert.frontend import VoiceTraits, normalize, ssml, utterances
from sambert.types import Controls, Request

CALM = VoiceTraits(frozenset(), ("neutral",), "calm")


@pytest.mark.parametrize(
    "document",
    [
        "<SPEAK><P>甲</P>乙</SPEAK>",
        "<speak><S>甲</S>乙</speak>",
        '<speak>甲<MARK name="m"/>乙</speak>',
        '<speak>甲<Bookmark mark="m"/><Vhml src="n"/>乙</speak>',
        '<speak>甲<Sub alias="乙">Y</Sub></speak>',
        "<speak><W>甲</W><Emphasis>乙</Emphasis></speak>",
        '<ssml:speak xmlns:ssml="http://www.w3.org/2001/10/synthesis"><ssml:s>甲</ssml:s>乙</ssml:speak>',
        '<speak xmlns:ms="https://www.w3.org/2001/mstts">甲<ms:audioduration value="3s"/>乙</speak>',
    ],
)
def test_elements_in_any_case_and_with_any_prefix(document):
    pieces = list(utterances(Request(ssml=document), CALM))
    assert len([span for piece in pieces for span in piece.spans if span.kind in ("word", "mark")]) >= 2
    assert not any(piece.warnings for piece in pieces)


@pytest.mark.parametrize(
    ("attributes", "controls"),
    [
        ('rate="Slow" pitch="HIGH" volume=" Loud "', Controls(rate=0.75, pitch=3.0, gain=4.0)),
        ('rate="＋20％" pitch="+2ST" volume="+3DB"', Controls(rate=1.2, pitch=2.0, gain=3.0)),
        ('rate="0%" pitch="0%"', Controls()),  # Azure's tools: unchanged
        ('rate="0" pitch="0" volume="+0%"', Controls()),
    ],
)
def test_prosody_as_written(attributes, controls):
    document = ssml.parse(f"<speak><prosody {attributes}>好</prosody></speak>")
    assert document.segments[0].controls == controls and not document.warnings


def test_other_values_in_any_case():
    document = ssml.parse('<speak>甲<break strength="Medium"/>乙<break time="1S"/>丙<break time="50 MS"/>丁</speak>')
    assert [one.silence.ms for one in document.segments if isinstance(one, ssml.Break)] == [500, 1000, 50]
    strong, usual = (
        ssml.parse(f'<speak><emphasis level="{level}">好</emphasis></speak>').segments[0] for level in ("Strong", "")
    )
    assert strong.controls.gain == 4.0 and usual.controls.gain == 2.5
    assert ssml.parse('<speak sampleRate=" 16000 ">好</speak>').sample_rate == 16000


@pytest.mark.parametrize("attributes", ['ph="hao3，ma5"', 'alphabet="" ph="hao3、ma0"', 'alphabet="PY" ph="ＨＡＯ3 ma5"'])
def test_pinyin_as_written(attributes):
    assert ssml.parse(f"<speak><phoneme {attributes}>好吗</phoneme></speak>").segments[0].pinyin == ("hao3", "ma5")


@pytest.mark.parametrize("written", ["lue4 nue4", "lve4 nve4", "lu:e4 nüe4", "luè nüè"])
def test_lue_is_typed_for_lve(written):
    assert ssml.parse(f'<speak><phoneme ph="{written}">略虐</phoneme></speak>').segments[0].pinyin == ("lve4", "nve4")


@pytest.mark.parametrize(
    ("text", "written", "parts"),
    [
        ("A股", "gu3", [("A", ()), ("股", ("gu3",))]),  # the letter is no place for the syllable
        ("第2名", "di4 er4 ming2", [("第2名", ("di4", "er4", "ming2"))]),
        ("〇、一", "ling2 yi1", [("〇、一", ("ling2", "yi1"))]),
    ],
)
def test_syllables_belong_to_hanzi_and_digits(text, written, parts):
    document = ssml.parse(f'<speak><phoneme alphabet="py" ph="{written}">{text}</phoneme></speak>')
    assert [(one.text, one.pinyin) for one in document.segments] == parts


@pytest.mark.parametrize(
    ("kind", "written", "spoken"),
    [
        ('duration" format="hms', "01:18:30", "一小时十八分钟三十秒"),
        ('duration" format="hh:mm', "05:20", "五小时二十分钟"),
        ("duration", "5:20", "五分钟二十秒"),
        ("duration", "0:00", "零秒"),
        ('date" format="yyyymmdd', "????0922", "九月二十二日"),
    ],
)
def test_kinds_that_are_written_out(kind, written, spoken):
    document = ssml.parse(f'<speak><say-as interpret-as="{kind}">{written}</say-as></speak>')
    assert normalize(document.segments[0].alias) == spoken and not document.warnings


@pytest.mark.parametrize(("form", "kind"), [("telephone", "telephone"), ("ordinal", "ordinal"), ("digits", "digits")])
def test_a_numbers_format_is_its_kind(form, kind):
    document = ssml.parse(f'<speak><say-as interpret-as="number" format="{form}">110</say-as></speak>')
    assert document.segments[0].kind == kind and not document.warnings


def test_a_list_of_voices_gives_the_first_there_is():
    yun = VoiceTraits(frozenset(), name="yun")
    document = (
        '<speak><voice name="who yun calm">甲</voice><voice name="calm yun">乙</voice><voice name="who me">丙</voice></speak>'
    )
    parsed = ssml.parse(document, None, CALM, {"yun": yun}.get)
    assert [one.voice for one in parsed.segments] == ["yun", "", ""]
    assert len(parsed.warnings) == 1 and "who me" in parsed.warnings[0]
