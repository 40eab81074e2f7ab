"""English words: KAN-TTS phones by syllable, spelling, and Mandarin for a voice without English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sambert.frontend.english import chinese_syllables, syllables
from sambert.frontend.english.words import pinyin_syllables
from sambert.frontend.normalize import spoken

_CASES = (Path(__file__).parent / "english_cases.txt").read_text("utf-8").splitlines()
IN_SENTENCES = [line.split("\t") for line in _CASES if not line.startswith("#")]

ARPABET = {
    *("aa", "ae", "ah", "ao", "aw", "ay", "eh", "er", "ey", "ih", "iy", "ow", "oy", "uh", "uw"),
    *(
        "b",
        "ch",
        "d",
        "dh",
        "f",
        "g",
        "hh",
        "jh",
        "k",
        "l",
        "m",
        "n",
        "ng",
        "p",
        "r",
        "s",
        "sh",
        "t",
        "th",
        "v",
        "w",
        "y",
        "z",
        "zh",
    ),
}


def shown(word: str) -> str:
    return " . ".join(one.pinyin or f"{' '.join(one.phones)} {one.tone}" for one in syllables(word))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("hello", "hh ah 0 . l ow 1"),
        ("strength", "s t r eh ng k th 1"),
        ("computer", "k ah m 0 . p y uw 1 . t er 0"),
        ("iPhone", "ay 1 . f ow n 0"),
        ("ChatGPT", "ch ae t 1 . jh iy 1 . p iy 1 . t iy 1"),
        ("GDP", "jh iy 1 . d iy 1 . p iy 1"),
        ("NASA", "n ae 1 . s ah 0"),
        ("IKEA", "ay 0 . k iy 1 . ah 0"),
        ("LOGO", "l ow 1 . g ow 0"),
        ("SALE", "s ey l 1"),
        ("JSON", "jh ey 1 . s ah n 0"),
        ("nginx", "eh n 1 . jh ih 0 . n eh k s 1"),
        ("PyTorch", "p ay 1 . t ao r ch 0"),
        ("id", "ay 1 . d iy 1"),
        ("yyds", "w ay 1 . w ay 1 . d iy 1 . eh s 1"),
        ("APIs", "ey 1 . p iy 1 . ay z 1"),
        ("CDs", "s iy 1 . d iy z 1"),
        ("don't", "d ow n t 1"),
        ("blogging's", "b l ao 1 . g ih ng z 0"),
        ("huawei", "hua2 . wei2"),
        ("lijiang", "li1 . jiang1"),
    ],
)
def test_syllables(word, said):
    assert shown(word) == said


@pytest.mark.parametrize("word", ["xylophonist", "blorptastic", "qwzx", "x", "A" * 200, "zzz", "rhythm's", "'", "TTS"])
def test_any_word_is_spoken_in_known_phones(word):
    for one in syllables(word):
        assert set(one.phones) <= ARPABET
        assert bool(one.phones) != bool(one.pinyin)
    if any(letter.isalpha() for letter in word):
        assert syllables(word)
        assert chinese_syllables(word)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("GDP", "ji4 di4 pi4"),
        ("W", "da2 bu5 liu5"),
        ("OK", "ou1 kei4"),
        ("Python", "pai1 san4"),
        ("you", "you4"),
        ("beijing", "bei3 jing1"),
    ],
)
def test_nearest_mandarin(word, said):
    assert " ".join(chinese_syllables(word)) == said


def test_nearest_mandarin_is_mandarin():
    known = pinyin_syllables() | {"a", "e", "o"}
    for word in (
        "quick",
        "jumps",
        "through",
        "thirtieth",
        "beautiful",
        "youthful",
        "judges",
        "measuring",
        "vision",
        "world",
        "twelfths",
    ):
        assert {syllable[:-1] for syllable in chinese_syllables(word)} <= known


def sounds(latin: str) -> str:
    """Phones, without the bounds of syllables and words."""
    return "".join(one.pinyin or "".join(one.phones) for one in syllables(latin))


def wanted(said: str) -> str:
    """What a case like "L:t W:shirt Z:三" sounds like."""
    parts = (part.split(":", 1) for part in said.split())
    return "".join(
        what if kind == "Z" else "z" if what == "'s" else sounds(what.upper() if kind == "L" else what) for kind, what in parts
    )


@pytest.mark.parametrize(("sentence", "token", "said"), IN_SENTENCES, ids=[case[0] for case in IN_SENTENCES])
def test_in_a_chinese_sentence(sentence, token, said):
    begin = sentence.index(token)
    result = spoken(sentence)
    there = (b < begin + len(token) and e > begin for b, e in result.origin)
    heard = "".join(character for character, inside in zip(result.text, there, strict=True) if inside)
    runs = re.findall(r"[A-Za-z][A-Za-z'’]*|[\u4e00-\u9fff]", heard)
    assert "".join(sounds(run) if run.isascii() or "’" in run else run for run in runs) in map(wanted, said.split(" | "))
