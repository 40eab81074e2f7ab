"""Azure's silences at each sentence end, comma, semicolon or enumeration comma of what follows."""

from __future__ import annotations

import pytest

from sambert.frontend import VoiceTraits, ssml, utterances
from sambert.types import Request

CALM = VoiceTraits(frozenset(), ("neutral",), "calm")


def heard(inside: str) -> list[str | int]:
    """Texts and the ms of breaks, in order."""
    document = ssml.parse(f"<speak>{inside}</speak>")
    parts = [one for one in document.segments if isinstance(one, (ssml.Text, ssml.Break))]
    return [one.text.strip() if isinstance(one, ssml.Text) else one.silence.ms for one in parts]


def silence(kind: str, ms: int) -> str:
    return f'<mstts:silence type="{kind}" value="{ms}ms"/>'


@pytest.mark.parametrize(
    ("inside", "parts"),
    [
        (silence("Sentenceboundary", 80) + "一。二！ \n<w>三</w>四。", ["一。", 80, "二！", 80, "三", "四。"]),
        (silence("Sentenceboundary-exact", 80) + "<s>一</s><p>二</p>三", ["一", 80, "二", 80, "三"]),
        ("一。" + silence("Sentenceboundary", 0) + "<prosody>二。三</prosody>", ["一。", 0, "二。", 0, "三"]),
        (silence("Comma-exact", 80) + "他说，1,000，<sub alias='，'>A</sub>好，", ["他说，", 80, "1,000，", 80, "A", "好，"]),
        (silence("Comma", 80) + "<w>南京</w>，好，，", ["南京", "，", 80, "好，，"]),
        (silence("Comma", 80) + "，，", ["，，"]),
        (f"一。<voice name='a'>{silence('Sentenceboundary', 80)}二。</voice>三", ["一。", "二。", "三"]),
        (silence("semicolon", 80) + silence("Enumerationcomma-exact", 50) + "一、二；三。四", ["一、", 50, "二；", 80, "三。四"]),
        (silence("Comma", 80) + '一，<break time="1s"/>二，<mark name="m"/>三', ["一，", 1000, "二，", 80, "三"]),
        (f'<voice name="a">{silence("Sentenceboundary", 80)}一。</voice><voice name="b">二。三</voice>', ["一。", "二。三"]),
    ],
)
def test_azures_silences_at_marks(inside, parts):
    assert heard(inside) == parts


def test_azures_silences_take_no_time_to_place():
    assert len(heard(silence("Comma", 80) + "，" * 50_000 + "好" + "，" * 40_000)) == 3


def test_azures_silence_takes_the_place_of_the_pause_at_the_mark():
    document = f"<speak>{silence('Sentenceboundary', 80)}{silence('Comma', 70)}一，二。三。</speak>"
    pieces = list(utterances(Request(ssml=document), CALM))
    assert [[pause.ms for pause in piece.pauses] for piece in pieces] == [[70, 80], [0]]
    (long,) = ssml.parse(f"<speak>{silence('Comma', 30_000)}一，二</speak>").warnings
    assert "10 秒" in long
