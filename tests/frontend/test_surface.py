"""How Chinese is read: polyphones, sandhi, neutral tones, erhua, breaks. Cases are everyday words a listener would notice."""

from __future__ import annotations

import numpy as np
import pytest

from sambert import frontend
from sambert.frontend import syllables
from sambert.frontend.lexicon import hash_windows, hash_words
from sambert.frontend.words import segment
from tests.frontend.cases import sections

CASES = sections("surface_cases.txt")


def cases(kind: str) -> list:
    return [pytest.param(row.split()[0], row.split()[1:], id=row.split()[0]) for row in CASES[kind]]


@pytest.mark.parametrize(("text", "expected"), cases("pinyin"))
def test_polyphones(text, expected):
    assert frontend.pinyin(text) == expected


@pytest.mark.parametrize(("text", "expected"), cases("surface"))
def test_surface(text, expected):
    assert frontend.surface(text) == expected


def test_pinyin_has_one_entry_a_character_of_the_original():
    text = "重庆A1。重\n要"
    assert frontend.pinyin(text) == ["chong2", "qing4", "A", "1", "。", "zhong4", "\n", "yao4"]


def test_traditional_characters_are_read_as_simplified():
    assert frontend.pinyin("銀行長大") == frontend.pinyin("银行长大")
    assert frontend.pinyin("閤門")[0] == "ge2"  # but not where the simplified character is read otherwise


@pytest.mark.parametrize(
    ("text", "place", "reading"),
    [("他捋起袖子大喊。", 1, "luo1"), ("嘴咧到了耳朵根。", 1, "lie3"), ("西瓜皮和香烟盒。", 5, "yan1")],
)
def test_characters_with_few_labelled_sentences(text, place, reading):
    assert frontend.pinyin(text)[place] == reading


def test_breaks_keep_the_text_and_end_each_sentence():
    text = "昨天晚上我和妈妈一起看了一部非常感人的电影，很开心。真的吗？"
    marked = frontend.breaks(text)
    assert marked.translate(str.maketrans("", "", "#1234")) == text
    assert marked.endswith("#4？") and "#4。" in marked and "#3，" in marked and "#2" in marked


def test_items_of_a_list_are_set_apart_unless_they_are_single_syllables():
    assert "#3、" in frontend.breaks("桌上有苹果、香蕉和西瓜。")
    assert "#2、" in frontend.breaks("老、中、青三代人。")


def test_words_of_one_syllable_lean_where_the_grammar_has_them():
    assert "与#1撒切尔" in frontend.breaks("邓小平与撒切尔会晤。")
    assert frontend.breaks("他替你捂着嘴。").count("#1") <= 1
    assert "替你" in frontend.breaks("我替你去。") and "之意" in frontend.breaks("受福之意。")


def test_an_idiom_is_said_in_two_halves():
    assert "炯炯#1有神" in frontend.breaks("双目炯炯有神。")


def test_a_voice_trained_on_words_gets_a_break_after_each():
    from sambert.frontend import prosody

    words = segment("我把钥匙忘在办公室了，真的。")
    assert [level for level in prosody.levels(words, full=False) if level] == [1, 1, 1, 1, 1, 1, 3, 4]


def test_words_cover_the_text_and_names_and_compounds_are_found():
    text = "李雷在北京大学看哥伦比亚的书，ok？"
    words = segment(text)
    assert "".join(word.text for word in words) == text
    assert {"李雷", "北京", "大学", "哥伦比亚", "ok"} <= {word.text for word in words}


@pytest.mark.parametrize(
    ("syllable", "phones"),
    [("ni", "n_c i_c"), ("an", "ga an_c"), ("xia", "xx_c ia_c"), ("zhi", "zh_c ih_c"), ("si", "s_c ii_c"),
     ("yuan", "y_c van_c"),
     ("ju", "j_c v_c"), ("lve", "l_c ve_c"),
     ("gui", "g_c uei_c"), ("you", "y_c ou_c"), ("liur", "l_c iour_c"), ("er", "ge er_c")],
)  # fmt: skip
def test_syllables_become_phones(syllable, phones):
    assert " ".join(syllables.phones(syllable)) == phones


def test_every_syllable_of_the_dictionary_can_be_said():
    from sambert.frontend.lexicon import lexicon

    assert [one for one in lexicon().syllables if not syllables.is_syllable(one)] == []


def test_an_erhua_with_nothing_to_colour_is_a_syllable():
    assert frontend.surface("AI儿皿") == ["AI", "er2", "min3"]


def test_words_are_found_by_the_same_hash_in_a_text_as_alone():
    windows = hash_windows("今天天气")
    assert np.array_equal(hash_words(["天气"]), windows[1][2:])
