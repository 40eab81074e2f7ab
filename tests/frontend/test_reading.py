"""The front end end to end: symbols, spans into the caller's text, pieces, warnings, errors."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from sambert import frontend
from sambert.errors import SpeechError
from sambert.types import Request

INITIALS = ["b", "c", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "q", "r", "s", "sh", "t", "w", "y", "xx", "z", "zh"]
FINALS = [
    "a",
    "ai",
    "an",
    "ang",
    "ao",
    "e",
    "ei",
    "en",
    "eng",
    "er",
    "i",
    "ia",
    "ian",
    "iang",
    "iao",
    "ie",
    "ih",
    "ii",
    "in",
    "ing",
    "iong",
    "iou",
    "o",
    "ong",
    "ou",
    "u",
    "ua",
    "uai",
    "uan",
    "uang",
    "uei",
    "uen",
    "uo",
    "v",
    "van",
    "ve",
    "vn",
    "uar",
    "air",
    "aor",
    "anr",
    "engr",
]
VOICE = frontend.VoiceTraits(frozenset([f"{x}_c" for x in INITIALS + FINALS] + ["ga", "ge", "go"]), ("neutral", "happy"), "demo")


def read(text: str, **more) -> list:
    return list(frontend.utterances(Request(text=text, **more), VOICE))


def test_flags_follow_the_labels_voices_are_trained_with():
    (piece,) = read("天气真不错。")
    tokens = [(s.phone, s.tone, s.syllable, s.word) for s in piece.symbols]
    assert tokens[:5] == [
        ("t_c", "tone1", "s_begin", "word_begin"),
        ("ian_c", "tone1", "s_end", "word_begin"),
        ("q_c", "tone4", "s_begin", "word_end"),
        ("i_c", "tone4", "s_end", "word_end"),
        ("#1", "tone_none", "s_none", "word_none"),
    ]
    assert tokens[-1] == ("#4", "tone_none", "s_none", "word_none")


def test_spans_point_into_the_original_text():
    text = "　增长了15%，花儿開了！"
    for piece in read(text):
        for span in piece.spans:
            assert text[span.begin : span.end] == span.text
            assert 0 <= span.first < span.last <= len(piece.symbols)
    spans = {(s.kind, s.text) for piece in read(text) for s in piece.spans}
    assert {("character", "%"), ("character", "儿"), ("character", "開"), ("word", "15%")} <= spans


def test_an_erhua_without_a_phone_becomes_two_syllables():
    phones = [s.phone for s in read("圆圈儿")[0].symbols]
    assert phones[2:6] == ["q_c", "van_c", "ge", "er_c"]


def test_emotion_and_controls_reach_every_symbol():
    (piece,) = read("你好", emotion="开心", intensity=0.8, rate=1.2)
    assert {(s.controls.emotion, s.controls.intensity, s.controls.rate) for s in piece.symbols} == {("happy", 0.8, 1.2)}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Request(text=" \n\u3000"), "empty_text"),
        (Request(text="😀🎉"), "nothing_to_say"),
        (Request(text="啊" * 200_001), "text_too_long"),
        (Request(text="好", emotion="angry"), "unknown_emotion"),
        (Request(text="好", lexicon={"单于": "chan2"}), "bad_lexicon"),
        (Request(text="好", lexicon={"单于": "chan2 xyz4"}), "bad_lexicon"),
    ],
)
def test_errors(request_, code):
    with pytest.raises(SpeechError) as caught:
        list(frontend.utterances(request_, VOICE))
    assert caught.value.code == code


def test_unreadable_characters_are_skipped_and_reported():
    pieces = read("你好。😀")
    assert [s.phone for s in pieces[0].symbols][:2] == ["n_c", "i_c"]
    assert any("😀" in warning for piece in pieces for warning in piece.warnings)


def test_the_callers_lexicon_wins():
    (piece,) = read("单于很好", lexicon={"单于": "dan1 yv2"})
    assert [s.phone + s.tone[-1] for s in piece.symbols[:4]] == ["d_c1", "an_c1", "y_c2", "v_c2"]


def test_long_text_comes_in_pieces_of_at_most_fifty_characters_and_loses_nothing():
    text = "他们在公园里散步，看见了很多漂亮的花" * 40
    pieces = read(text)
    assert all(len(piece.text) <= 55 for piece in pieces)
    sounding = {s.begin for piece in pieces for s in piece.spans if s.kind == "character"}
    assert sounding == {at for at, character in enumerate(text) if character != "，"}


def test_pieces_are_made_one_by_one():
    stream = frontend.utterances(Request(text="第一句话。" * 20_000), VOICE)
    assert next(stream).text == "第一句话。"


def test_nothing_random_crashes_it():
    chance = random.Random(4)
    alphabets = [
        (0, 0x7F),
        (0x3000, 0x30FF),
        (0x4E00, 0x9FFF),
        (0x1F300, 0x1FAFF),
        (0, 0xFFFF),
        (0xD800, 0xDFFF),
        (0x20000, 0x323AF),
    ]
    for _ in range(300):
        low, high = chance.choice(alphabets)
        text = "".join(chr(chance.randint(low, high)) for _ in range(chance.randint(1, 40)))
        assert len(frontend.pinyin(text)) == len(text)
        assert frontend.breaks(text).replace("#1", "").replace("#2", "").replace("#3", "").replace("#4", "") is not None
        try:
            read(text)
        except SpeechError as error:
            assert error.code in ("empty_text", "nothing_to_say")


def test_importing_it_reads_nothing_but_numpy():
    script = (
        "import sys; from sambert import frontend; frontend.surface('今天天气真好'); "
        "print(sorted({'jieba', 'torch', 'onnxruntime', 'scipy', 'pypinyin', 'xml.sax'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_ssml_breaks_are_exact_and_replace_other_pauses_and_marks_are_placed():
    document = '<speak><s>你好。</s><break time="730ms"/><mark name="here"/>世界<break time="50ms"/></speak>'
    pieces = list(frontend.utterances(Request(ssml=document), VOICE))
    assert [(piece.text, [one.ms for one in piece.pauses]) for piece in pieces] == [("你好。", [730]), ("世界", [0, 50])]
    (mark,) = [span for span in pieces[1].spans if span.kind == "mark"]
    assert (mark.text, mark.first, mark.last) == ("here", 0, 0)


def test_prescribed_pinyin_and_one_word_in_ssml():
    document = '<speak><phoneme alphabet="py" ph="dian3 dang4 hang2">典当行</phoneme>开门</speak>'
    (piece,) = frontend.utterances(Request(ssml=document), VOICE)
    assert [s.phone + s.tone[-1] for s in piece.symbols if s.syllable == "s_end"][:3] == ["ian_c3", "ang_c4", "ang_c2"]


def test_english_is_never_silent_even_without_english_phones():
    (piece,) = read("我爱hello")
    assert {span.text for span in piece.spans if span.kind == "word"} >= {"hello"}
    assert piece.symbols[-2].phone in VOICE.phones
    assert any("hello" in warning for warning in piece.warnings)


def test_leading_blank_lines_make_no_silence():
    assert [piece.text for piece in read("\n\n\n好。")] == ["好。"]
