"""How SSML's words are read: names, and words that a break or the end of a line cuts in two."""

from __future__ import annotations

import pytest

from sambert.frontend import VoiceTraits, ssml, utterances
from sambert.types import Request

CALM = VoiceTraits(frozenset(), ("neutral",), "calm")


def read(document: str, lexicon: dict[str, str] | None = None) -> list[str]:
    """Phones and tone of every syllable."""
    request = Request(ssml=f"<speak>{document}</speak>", lexicon=lexicon or {})
    found: list[str] = []
    for symbol in (symbol for piece in utterances(request, CALM) for symbol in piece.symbols):
        if symbol.syllable == "s_begin":
            found.append("")
        if not symbol.phone.startswith("#"):
            found[-1] += symbol.phone.removesuffix("_c")
        if symbol.syllable == "s_end":
            found[-1] += symbol.tone[-1]
    return found


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("曾小凡", "zeng1 xxiao3 fan2"), ("任盈盈", "ren2 ying2 ying2"), ("曾", "zeng1"), ("乐嘉", "yve4 jia1"),
        ("尉迟恭", "yv4 chih2 gong1"), ("单于", "chan2 yv2"), ("单雄信", "shan4 xxiong2 xxin4"), ("应采儿", "ying1 cai3 geer2"),
    ],
)  # fmt: skip
def test_names(name, said):
    assert read(f'<say-as interpret-as="name">{name}</say-as>') == said.split()


def test_the_lexicon_wins_over_a_surname():
    assert read('<say-as interpret-as="name">曾小凡</say-as>', {"曾小凡": "ceng2 xiao3 fan2"})[0] == "ceng2"


@pytest.mark.parametrize(
    "cut",
    ['银<break time="200ms"/>行', '<w>银<break time="200ms"/>行</w>', "银\n    行", '银<break strength="none"/>行'],
)
def test_a_word_that_is_cut_in_two_is_read_as_the_word(cut):
    assert read(f"我去{cut}取钱。") == read("我去银行取钱。")


def test_the_lexicon_reaches_across_a_break():
    assert read('长<break time="100ms"/>虫', {"长虫": "chang2 chong5"}) == ["chang2", "chong5"]


def test_a_comma_beside_the_break_keeps_the_words_apart():
    assert read('他去银<break time="200ms"/>，行程很赶。') == read("他去银，行程很赶。")


@pytest.mark.parametrize(
    ("language", "warned"), [("zh-HK", True), ("ja-JP", True), ("zh-CN", False), ("en-US", False), ("zh", False)]
)
def test_languages_that_no_voice_speaks_are_a_warning(language, warned):
    document = ssml.parse(f'<speak>甲<lang xml:lang="{language}">好</lang></speak>')
    assert bool(document.warnings) == warned and len(document.segments) == 2
