"""Times of the caller's own text, by the demo voice: whatever stands in the document, every mark has its place and order."""

from __future__ import annotations

import random
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from sambert import Request

PARTS = [
    "今天天气真好，",
    "我们去公园吧。",
    "买了12.5%的股份，",
    "“你好！”他说。",
    "花儿开了",
    '<sub alias="阿里巴巴集团">阿里</sub>',
    '<say-as interpret-as="telephone">110</say-as>',
    '<say-as interpret-as="date" format="dmy">31/12/2024</say-as>',
    '<phoneme alphabet="py" ph="chong2 qing4">重庆</phoneme>',
    "<w>南京市</w>长江大桥",
    '<break time="300ms"/>',
    '<break strength="none"/>',
    '<mark name="m"/>',
    "<s>一句话</s>",
    '<prosody rate="fast" pitch="+2st">快一点，</prosody>',
    '<emphasis level="strong">不要</emphasis>',
    '<emotion category="happy">真高兴</emotion>',
]


def document(seed: int) -> str:
    chance = random.Random(seed)
    return f"<speak>好{''.join(chance.choice(PARTS) for _ in range(chance.randint(3, 7)))}</speak>"


@pytest.mark.parametrize("seed", range(8))
def test_marks_are_ordered_complete_and_inside_the_audio(voice, seed):
    source = document(seed)
    text = "".join(ElementTree.fromstring(source).itertext())
    speech = voice.speak(Request(ssml=source))
    by_kind = {kind: [mark for mark in speech.marks if mark.kind == kind] for kind in ("character", "word", "sentence")}
    for kind, marks in by_kind.items():
        for mark in marks:
            assert text[mark.begin : mark.end] == mark.text and mark.begin < mark.end, (kind, mark)
            assert 0 <= mark.begin_ms < mark.end_ms <= speech.duration_ms, (kind, mark)
        for before, after in pairwise(marks):
            assert before.begin <= after.begin and before.begin_ms <= after.begin_ms and before.end_ms <= after.end_ms
            # only characters that are one sound (12.5%, a sub) may share a time
            assert before.end_ms <= after.begin_ms or before.begin_ms == after.begin_ms or kind == "character", (before, after)
    sounding = {at for at, character in enumerate(text) if character.isalnum()}
    for kind, marks in by_kind.items():
        assert {at for mark in marks for at in range(mark.begin, mark.end)} >= sounding, kind
    for word in by_kind["word"]:
        assert any(one.begin <= word.begin and word.end_ms <= one.end_ms for one in by_kind["sentence"])
    places = [mark.begin_ms for mark in speech.marks if mark.kind == "mark"]
    assert places == sorted(places) and all(0 <= ms <= speech.duration_ms for ms in places)
    assert len(places) == source.count("<mark")
