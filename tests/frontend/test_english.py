"""English words: KAN-TTS phones by syllable, spelling, and Mandarin for a voice without English."""

from __future__ import annotations

import pytest

from sambert.frontend.english import chinese_syllables, syllables
from sambert.frontend.english.words import pinyin_syllables

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
