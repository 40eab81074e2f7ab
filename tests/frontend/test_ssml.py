"""SSML: every vendor's documents become the right segments; wrong ones give a place, hostile ones nothing."""

from __future__ import annotations

import json
import random
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sambert.errors import SpeechError
from sambert.frontend import VoiceTraits, normalize, ssml, utterances
from sambert.frontend.ssml import elements
from sambert.frontend.ssml.handlers import Handlers
from sambert.types import Controls, Request, Stretch

FIXTURES = sorted((Path(__file__).parent / "ssml").glob("*/*.xml"))


def load(name: str) -> ssml.Document:
    return ssml.parse((Path(__file__).parent / "ssml" / f"{name}.xml").read_text("utf-8"))


def texts(document: ssml.Document) -> dict[str, ssml.Text]:
    return {one.text.strip(): one for one in document.segments if isinstance(one, ssml.Text)}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_offsets_are_places_in_the_text_content(path):
    source = path.read_text("utf-8")
    document = ssml.parse(source)
    if "amazon:" not in source:  # Polly's prefix is never declared, so only we can read those
        assert document.text == "".join(ElementTree.fromstring(source).itertext())
    spoken = [one for one in document.segments if isinstance(one, ssml.Text)]
    assert spoken
    for one in spoken:
        assert document.text[one.begin : one.begin + len(one.text)].split() == one.text.split()
    assert [one.begin for one in document.segments] == sorted(one.begin for one in document.segments)


def test_alibaba_root_and_break():
    document = load("alibaba/navigation")
    assert (document.voice, document.format, document.sample_rate) == ("xiaoyun", "mp3", 16000)
    said = texts(document)
    assert said["500"].kind == "cardinal"
    assert said["南京市"].word > 0
    controls = said["500"].controls
    assert controls.rate == pytest.approx(1.25)
    assert controls.pitch == pytest.approx(-2.4)
    assert controls.gain == pytest.approx(4.082, abs=1e-3)
    assert [one.silence.ms for one in document.segments if isinstance(one, ssml.Break)] == [500]
    assert any("soundEvent" in warning for warning in document.warnings)
    assert any("effect" in warning for warning in document.warnings)


@pytest.mark.parametrize(
    ("rate", "speed"), [("-500", 0.5), ("-125", 0.8), ("0", 1), ("166", 1.2), ("500", 2), ("1.5", 1.5), ("80%", 0.8)]
)
def test_alibaba_rate_scale(rate, speed):
    document = ssml.parse(f'<speak rate="{rate}">好</speak>')
    assert document.segments[0].controls.rate == pytest.approx(speed, abs=2e-3)


def test_alibaba_emotions():
    said = texts(load("alibaba/emotion"))
    assert [(one.controls.emotion, one.controls.intensity) for one in said.values()] == [("happy", 1.0), ("sad", 0.5)]


def test_alibaba_readings():
    document = load("alibaba/reading")
    said = texts(document)
    assert said["典当行"].pinyin == ("dian3", "dang4", "hang2")
    assert said["W3C"].alias == "网络协议标准"
    assert {said["0571-88888888-109"].kind, said["12.50RMB"].kind, said["1971/12/30"].kind} == {"telephone", "currency", "date"}
    assert [one.name for one in document.segments if isinstance(one, ssml.Mark)] == ["blink"]
    assert sum(isinstance(one, ssml.Boundary) for one in document.segments) == 3  # before the first s, after each


def test_azure_styles():
    document = load("azure/styles")
    said = texts(document)
    cheerful, sad = said["“您来的挺快的，怎么过来的？”"], said["父亲放下手提包，说："]
    assert (cheerful.controls.emotion, cheerful.controls.intensity, cheerful.voice) == ("happy", 1.5, "zh-CN-XiaomoNeural")
    assert (sad.controls.emotion, sad.controls.intensity) == ("sad", 1.0)
    assert [one.silence.ms for one in document.segments if isinstance(one, ssml.Break)] == [200]
    assert any("role" in warning for warning in document.warnings)


def test_azure_prosody():
    document = load("azure/prosody")
    said = texts(document)
    assert said["快一点。"].controls.rate == pytest.approx(1.3)
    assert said["大声点。"].controls.gain == pytest.approx(1.584, abs=1e-3)
    assert said["高一点。"].controls.pitch == 3
    assert said["北京"].pinyin == ("bei3", "jing1")
    assert said["ABC"].kind == "characters"
    curve = said["先低后高。"].bend
    assert (curve[0], curve[-1]) == pytest.approx((-15.86, 10.18), abs=0.01)


def test_w3c_structure():
    document = load("w3c/structure")
    said = texts(document)
    assert "不朗读" not in said
    assert "一段音乐" not in said
    assert "欢迎" in said  # the fallback of an audio that is not played
    assert said["不要"].controls.rate < 1 < said["不要"].controls.gain
    assert said["走开"].word
    assert said["慢慢说"].controls.rate == pytest.approx(0.75 * 0.75)
    assert said["慢慢说"].controls.pitch == -2
    assert [one.kind for one in document.segments if isinstance(one, ssml.Boundary)] == ["sentence", "paragraph", "paragraph"]


def test_polly_news():
    document = load("polly/news")
    said = texts(document)
    assert said["薄"].pinyin == ("bo2",)
    assert said["音量变大"].controls == Controls(rate=0.9, gain=6.0, span=Stretch(1, 2000, most=True))
    assert "悄悄话" in said
    assert said["3/4"].kind == "fraction"
    assert [one.silence.ms for one in document.segments if isinstance(one, ssml.Break)] == [1500]
    assert any("amazon:effect" in warning for warning in document.warnings)


def test_alibaba_say_as():
    document = load("alibaba/say_as")
    said = texts(document)
    kinds = {said[text].kind for text in ("abc_123", "7:30 AM", "123456", "30-9", "10~15 kg", "…", "A-1.β", "单雄信", "￥12,000")}
    assert kinds == {"id", "time", "digits", "address", "measure", "punctuation", "characters", "name", "currency"}
    assert [one.silence.ms for one in document.segments if isinstance(one, ssml.Break)] == [0, 1050]
    assert not document.warnings


def test_dashscope_writes_factors():
    document = load("alibaba/dashscope")
    controls = texts(document)["的客人，"].controls
    assert (controls.rate, controls.pitch, controls.gain) == pytest.approx((1.2, -1.824, 2.923), abs=1e-3)
    assert {name for name in ("effect", "bgm") for warning in document.warnings if name in warning} == {"effect", "bgm"}


def test_azure_structure():
    document = load("azure/structure")
    said = texts(document)
    assert said["重点"].controls.rate < 1 < said["重点"].controls.pitch
    assert (said["今天是"].controls.emotion, said["今天是"].controls.intensity) == ("newscast", 0.01)
    assert (said["04/03/2024"].kind, said["2:30pm"].kind, said["42"].kind) == ("date:dmy", "time", "cardinal")
    assert said["另一个人说。"].voice == "zh-CN-XiaoxiaoNeural"
    assert said["另一个人说。"].controls.gain == pytest.approx(-6.02, abs=0.01)
    assert "听不到时读这里。" in said
    assert [one.silence.ms for one in document.segments if isinstance(one, ssml.Break)] == [750, 300]  # Tailing
    assert any("backgroundaudio" in warning for warning in document.warnings)


def test_w3c_prosody():
    document = load("w3c/prosody")
    said = texts(document)
    assert said["四十五元"].controls.rate == 0.9
    assert (said["很便宜"].controls.pitch, said["很便宜"].controls.gain) == (0.0, 8.0)  # 200 Hz is the usual voice's own
    assert said["现在"].controls.gain > 0 and said["不要"].controls == Controls()
    assert said["早上好"].bend[0] == pytest.approx(1.65, abs=0.01)
    assert (said["早上好"].controls.range, said["早上好"].controls.span) == (1.8, Stretch(1, 2000))
    assert any("ipa" in warning for warning in document.warnings) and not any("range" in one for one in document.warnings)


def test_polly_tags():
    document = load("polly/tags")
    said = texts(document)
    assert said["20240304"].kind == "date:ymd"
    assert said["小声"].controls.gain < 0 < said["大声"].controls.gain
    assert said["无声"].controls.gain == -96 and said["无声"].controls.rate == 1.75
    assert (said["5kg"].kind, said["坏话"].kind, said["掠夺"].pinyin) == ("measure", None, ("lve4", "duo2"))


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_fixture_is_read_to_its_end(path):
    """By a voice with the emotions they ask for; nothing of what should sound is lost."""
    emotions = ("neutral", "happy", "sad", "newscast")
    pieces = list(utterances(Request(ssml=path.read_text("utf-8")), VoiceTraits(frozenset(), emotions, "demo")))
    document = load(f"{path.parent.name}/{path.stem}")
    heard = {at for piece in pieces for span in piece.spans if span.kind == "character" for at in range(span.begin, span.end)}
    for one in document.segments:
        if isinstance(one, ssml.Text):
            hanzi = [one.begin + at for at, character in enumerate(one.text) if "\u4e00" <= character <= "\u9fff"]
            assert heard.issuperset(hanzi), one.text


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ('<speak>好\n<emotion category="angry">不好</emotion></speak>', (2, 1)),
        ('<speak><mstts:express-as style="envious">好</mstts:express-as></speak>'.replace("mstts:", ""), (1, 8)),
        ('<speak><emotion category="happy"><voice name="calm">好</voice></emotion></speak>', (1, 34)),
    ],
)
def test_an_emotion_the_voice_lacks_names_the_place_and_those_it_has(document, place):
    calm = VoiceTraits(frozenset(), ("neutral",), "calm")
    voice = VoiceTraits(frozenset(), ("neutral", "happy"), "demo")
    with pytest.raises(SpeechError) as caught:
        list(utterances(Request(ssml=document), voice, {"calm": calm}.get))
    assert caught.value.code == "unknown_emotion"
    assert (caught.value.detail["line"], caught.value.detail["column"]) == place
    assert f"第 {place[0]} 行" in caught.value.message and "neutral" in caught.value.message


def test_voices_by_name():
    voice, other = (VoiceTraits(frozenset(), name=name) for name in ("demo", "yun"))
    source = '<speak voice="demo">甲<voice name="yun">乙<voice name="demo">丙</voice></voice><voice name="who">丁</voice></speak>'
    document = ssml.parse(source, None, voice, {"yun": other}.get)
    assert [(one.text, one.voice) for one in document.segments] == [("甲", ""), ("乙", "yun"), ("丙", ""), ("丁", "")]
    assert [warning for warning in document.warnings if "who" in warning]


@pytest.mark.parametrize(
    ("written", "order", "spoken"),
    [
        ("31/12/2024", "dmy", "二零二四年十二月三十一日"),
        ("12/31/2024", "mdy", "二零二四年十二月三十一日"),
        ("04/03/2024", "dmy", "二零二四年三月四日"),
        ("04/03/2024", "mdy", "二零二四年四月三日"),
        ("20240501", "yyyymmdd", "二零二四年五月一日"),
        ("05/24", "my", "二四年五月"),
        ("3-4", "dm", "四月三日"),
    ],
)
def test_the_order_of_a_date_is_the_authors(written, order, spoken):
    document = ssml.parse(f'<speak><say-as interpret-as="date" format="{order}">{written}</say-as></speak>')
    assert normalize(written, document.segments[0].kind) == spoken


@pytest.mark.parametrize(("written", "spoken"), [("3in", "三英寸"), ("2.5A", "二点五安"), ("10~15A", "十至十五安")])
def test_a_measures_unit_may_be_a_word_elsewhere(written, spoken):
    assert normalize(written, "measure") == spoken


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ("<w>Hello</w> <w>world</w>", ["Hello", "world"]),
        ("<w>Hello</w><w>world</w>", ["Hello", "world"]),
        ('<lang xml:lang="en">Hello</lang>\n<mark name="m"/> <emphasis>world</emphasis>', ["Hello", "world"]),
        ('<say-as interpret-as="characters">AB</say-as>cd', ["A", "B", "cd"]),
        ("<emphasis>un</emphasis>usual", ["unusual"]),
        ("<w>南京</w> <w>市长</w>", ["南京", "市长"]),
    ],
)
def test_english_words_end_with_their_elements_and_at_blanks(inside, words):
    (piece,) = utterances(Request(ssml=f"<speak>{inside}</speak>"), VoiceTraits(frozenset()))
    assert [span.text for span in piece.spans if span.kind == "word"] == words


def test_breaks_add_up_to_ten_seconds():
    document = ssml.parse('<speak>a<break time="8s"/><break/><break time="5s"/>b<break time="1.5s"/></speak>')
    assert [one.silence.ms for one in document.segments if isinstance(one, ssml.Break)] == [10_000, 1500]
    assert document.warnings


@pytest.mark.parametrize("mark", ["，", "”", "（", "》", "—", "[", "😊", " "])
def test_breaks_on_both_sides_of_a_silent_mark_add_up_to_ten_seconds_too(mark):
    document = f'<speak>你好<break time="1s"/>{mark}<break time="10s"/><break time="1s"/>世界</speak>'
    (made,) = utterances(Request(ssml=document), VoiceTraits(frozenset(), ("neutral",), "calm"))
    assert [pause.ms for pause in made.pauses if pause.ms] == [10_000]


@pytest.mark.parametrize("said", ["%", "℃", "3", "A"])
def test_what_is_spoken_parts_breaks(said):
    document = f'<speak>你好<break time="8s"/>{said}<break time="8s"/>世界</speak>'
    (made,) = utterances(Request(ssml=document), VoiceTraits(frozenset(), ("neutral",), "calm"))
    assert [pause.ms for pause in made.pauses if pause.ms] == [8000, 8000]


def test_a_sentence_of_digits_may_have_its_readings_given():
    document = '<speak><phoneme alphabet="py" ph="yao1 yao1 ling2">110</phoneme></speak>'
    (made,) = utterances(Request(ssml=document), VoiceTraits(frozenset(), ("neutral",), "calm"))
    assert [one.phone for one in made.symbols if one.phone[0] != "#"][:2] == ["y_c", "ao_c"]


def test_five_entities_cdata_and_comments_are_read():
    document = ssml.parse("<speak>&lt;&amp;&gt;<!-- 不读 --><![CDATA[<s>好]]>&#22909;\ud800</speak>")
    assert "".join(one.text for one in document.segments) == "<&><s>好好\ufffd"


def test_supported_is_json_and_says_what_the_parser_knows():
    table = json.loads(json.dumps(ssml.supported(), ensure_ascii=False))
    names = {element["name"] for element in table["elements"]}
    assert {"cardinal", "telephone", "measure", "ordinal", "fraction"} <= {one["name"] for one in table["say_as"]}
    handled = {name.removeprefix("on_") for name in dir(Handlers) if name.startswith("on_")} | elements.LEAVES
    assert handled <= {name.rpartition(":")[2].replace("-", "_").lower() for name in names} | elements.LEAVES
    for name in names - {"speak"}:
        plain = name.rpartition(":")[2]
        required = " ".join(f'{key}="{SAMPLES.get(key, "happy")}"' for key in REQUIRED.get(plain, ()))
        document = ssml.parse(f"<speak><{plain} {required}>好</{plain}></speak>")
        assert not [warning for warning in document.warnings if "不支持的标签" in warning], name


REQUIRED = {
    "audioduration": ["value"],
    **{"emotion": ["category"], "express-as": ["style"], "sub": ["alias"], "phoneme": ["ph"], "say-as": ["interpret-as"]},
    **{"mark": ["name"], "bookmark": ["mark"], "vhml": ["src"], "silence": ["value"]},
}
SAMPLES = {"ph": "hao3", "interpret-as": "name", "value": "1s"}


def test_mutated_documents_give_segments_or_a_speech_error():
    randomly = random.Random(7)
    sources = [path.read_text("utf-8") for path in FIXTURES]
    for _ in range(800):
        source = list(randomly.choice(sources))
        for _ in range(randomly.randint(1, 6)):
            at = randomly.randrange(len(source))
            source[at] = randomly.choice(
                ["", "<", ">", '"', "&", "/", "]]>", "\0", "9", "好", "\ud800", source[at] * 3, "<s>", "-"]
            )
        try:
            ssml.parse("".join(source))
        except SpeechError as error:
            assert error.code.startswith("ssml_")
