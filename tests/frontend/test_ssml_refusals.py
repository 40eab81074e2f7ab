"""SSML that is wrong, hostile or too large: an error with its place, and nothing read."""

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
    ],
)
def test_errors_name_line_and_column(document, code, place):
    error = refused(document)
    assert (error.code, error.detail["line"], error.detail["column"]) == (code, *place)


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
