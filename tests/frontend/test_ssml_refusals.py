"""SSML that is wrong, hostile or too large: an error with its place, and nothing read. What is ignored: a warning."""

from __future__ import annotations

import pytest

from sambert.errors import SpeechError
from sambert.frontend import ssml


def refused(document: str) -> SpeechError:
    with pytest.raises(SpeechError) as caught:
        ssml.parse(document)
    return caught.value


@pytest.mark.parametrize(
    ("document", "code", "place"),
    [
        ("<speak>你好", "ssml_malformed", (1, 10)),
        ("<speak>\n你<b></speak>", "ssml_malformed", (2, 7)),
        ("你好", "ssml_malformed", (1, 1)),
        ("\n 你好<break/>", "ssml_malformed", (2, 2)),
        ("<p>你好</p>", "ssml_invalid", (1, 1)),
        ('\n\n <speak>\n  <emotion intensity="1">好</emotion></speak>', "ssml_invalid", (4, 3)),
        ('<speak><emotion category="happy" intensity="3">好</emotion></speak>', "ssml_invalid", (1, 8)),
        ('<speak><prosody rate="很快">好</prosody></speak>', "ssml_invalid", (1, 8)),
        ('<speak rate="600">好</speak>', "ssml_invalid", (1, 1)),
        ('<speak><prosody contour="0%,2st">好</prosody></speak>', "ssml_invalid", (1, 8)),
        ('<speak><break time="5"/></speak>', "ssml_invalid", (1, 8)),
        ('<speak><phoneme alphabet="py" ph="hao3">你好</phoneme></speak>', "ssml_invalid", (1, 8)),
        ('<speak><phoneme alphabet="py" ph="hao9">好</phoneme></speak>', "ssml_invalid", (1, 8)),
        ('<speak><phoneme alphabet="py" ph="dianx3">典</phoneme></speak>', "ssml_invalid", (1, 8)),
        ("<speak><sub>好</sub></speak>", "ssml_invalid", (1, 8)),
        ("<speak><mark/></speak>", "ssml_invalid", (1, 8)),
        ("<speak>&nbsp;</speak>", "ssml_forbidden", (1, 8)),
        (
            '<!-- <!DOCTYPE a> -->\n <!DOCTYPE speak PUBLIC "-//W3C//DTD SYNTHESIS 1.0//EN"\n "a.dtd"><speak/>',
            "ssml_forbidden",
            (2, 2),
        ),
        ("\ufeff  <!DOCTYPE speak [\n<!ELEMENT a ANY>\n]><speak/>", "ssml_forbidden", (1, 4)),
    ],
)
def test_errors_name_line_and_column(document, code, place):
    error = refused(document)
    assert (error.code, error.detail["line"], error.detail["column"]) == (code, *place)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("<speak>\n<p>一\n <s>二</p></speak>", "<s>（第 3 行第 2 列）"),  # met at </p>
        ("<speak>\n <p>一", "<p>（第 2 行第 2 列）"),
        ("你好<break/>", "<speak> 开头"),
        ("<speak>AT&T</speak>", "&amp;"),
        ("<speak><break time=”1s”/></speak>", "英文引号"),
        ('<speak><break time="5 秒"/></speak>', "500ms"),
        ('<speak><emotion category="sad" intensity="high">好</emotion></speak>', "0.01 到 2"),
    ],
)
def test_errors_say_what_would_be_right(document, said):
    assert said in refused(document).message


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE speak [<!ENTITY x SYSTEM "file:///etc/passwd">]><speak>&x;</speak>',
        '<!DOCTYPE speak SYSTEM "http://127.0.0.1/evil.dtd"><speak>a</speak>',
        '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><speak>&b;</speak>',
    ],
)
def test_no_dtd_no_entities(document):
    assert refused(document).code == "ssml_forbidden"


@pytest.mark.parametrize(
    "document",
    [
        "<speak>" + "<s>" * 20 + "</s>" * 20 + "</speak>",
        "<speak>" + "<w>a</w>" * 5000 + "</speak>",
        "<speak>" + "好" * 100_000 + "</speak>",
        f'<speak><sub alias="{"好" * 2001}">a</sub></speak>',
    ],
    ids=["depth", "elements", "characters", "attribute"],
)
def test_limits(document):
    error = refused(document)
    assert error.code == "ssml_too_large" and ("line" in error.detail) == (len(document) < 100_000)


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ('<break tiem="1s"/>好', "tiem"),
        ('<emotion category="happy" Intensity="2">好</emotion>', "Intensity"),
        ('<prosody rate="slow" ratee="fast">好</prosody>', "ratee"),
        ('<voice name="x" gender="female">好</voice>', "gender"),
        ('<audio src="a" soundLevel="+6dB">好</audio>', "soundLevel"),
        ('<say-as interpret-as="cardinal" detail="strict">好</say-as>', "detail"),
        ('<lexicon uri="a.pls"/>好', "lexicon"),
        ('<amazon:effect name="whispered">好</amazon:effect>', "amazon:effect"),
        ('<amazon:emotion name="excited" intensity="low">好</amazon:emotion>', "amazon:emotion"),  # not Alibaba's
        ('<mstts:express-as role="Girl">好</mstts:express-as>', "style"),
        ('<say-as interpret-as="name" format="x">好</say-as>', "format"),
        ('<speak rate="500">好</speak>', "<speak>"),
        ('<sub alias="阿里云"/>好', "sub"),
        ('<phoneme alphabet="py" ph="ni3"/>好', "phoneme"),
    ],
)
def test_what_is_ignored_is_named(inside, named):
    document = ssml.parse(f"<speak>{inside}</speak>")
    assert any(named in warning for warning in document.warnings)
    assert [one.text for one in document.segments if isinstance(one, ssml.Text)] == ["好"]


def test_a_factor_of_two_without_its_point_is_asked_about():
    assert ["2.0" in one for one in ssml.parse('<speak rate="2" pitch="2">好</speak>').warnings] == [True, True]
    assert not ssml.parse('<speak rate="2.0" pitch="20">好</speak>').warnings


def test_what_any_element_may_have_is_not():
    document = ssml.parse(
        '<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="https://www.w3.org/2001/mstts" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" xml:lang="zh-CN" xml:base="https://a/">'
        '<p xml:lang="zh-CN" xml:id="p1"><w role="amazon:VB">好</w></p><metadata foo="1">不读</metadata>'
        '<lookup ref="pls">的</lookup></speak>'
    )
    assert not document.warnings
    assert [one.text for one in document.segments if isinstance(one, ssml.Text)] == ["好", "的"]


def test_azures_silences_stand_before_and_behind_all_that_a_voice_says():
    document = ssml.parse(
        '<speak><voice name="a"><mstts:silence type="Tailing" value="300ms"/><mstts:silence type="Leading-exact" value="200ms"/>'
        '甲。</voice><voice name="b"><p>乙<mstts:silence type="Comma_exact" value="50ms"/></p></voice></speak>'
    )
    segments = [one for one in document.segments if not isinstance(one, ssml.Boundary)]
    heard = [one.text if isinstance(one, ssml.Text) else one.silence.ms for one in segments]
    assert heard == [200, "甲。", 300, "乙", 50]
    assert any("comma_exact" in warning for warning in document.warnings)
