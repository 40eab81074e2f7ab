"""English words. In: one word of Latin letters (CamelCase, acronyms, pinyin-like names included).

Out: syllables of KAN-TTS's English phones (``syllables``), or the nearest Mandarin syllables for a voice that has none
(``chinese_syllables``).
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Syllable", "chinese_syllables", "syllables"]

MAX_WORD = 64  # letters; what is longer is cut into words of this length


class Syllable(NamedTuple):
    """phones: ARPAbet in lower case without stress, e.g. ("p", "iy"); empty when ``pinyin`` says it.

    tone: 1 stressed, 0 not (KAN-TTS "tone1" / "tone0"). pinyin: "hua2" when the syllable is Chinese (huawei), else "".
    """

    phones: tuple[str, ...]
    tone: int
    pinyin: str = ""


def syllables(word: str) -> list[Syllable]:
    """How ``word`` sounds in English; Chinese names keep their pinyin. Empty only when there is no Latin letter in it."""
    from . import syllabify, words

    found: list[Syllable] = []
    for kind, sounds in _parts(word):
        if kind == "pinyin":
            found += [Syllable((), 0, syllable) for syllable in sounds]
        else:
            spoken = (*words.LETTERS[sounds[0]], *sounds[1:]) if kind == "letter" else sounds
            for phones in syllabify.split(spoken):
                stress = "".join(char for phone in phones for char in phone if char.isdigit())
                found.append(Syllable(tuple(phone.rstrip("01") for phone in phones), int(stress == "1")))
    return found


def chinese_syllables(word: str) -> list[str]:
    """The nearest Mandarin: "happy" → ha1 pi5; letters by their usual names (A → ei1, W → da2 bu5 liu5)."""
    from . import mandarin, syllabify

    found: list[str] = []
    for kind, sounds in _parts(word):
        if kind == "pinyin":
            found += sounds
        elif kind == "letter":
            found += mandarin.LETTERS[sounds[0]]
        else:
            found += mandarin.nearest(syllabify.split(sounds))
    return found


def _parts(word: str) -> list[tuple[str, tuple[str, ...]]]:
    from . import words

    return [part for start in range(0, len(word), MAX_WORD) for part in words.read(word[start : start + MAX_WORD])]
