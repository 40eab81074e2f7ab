"""How a Latin word is to be read. In: a word of letters and apostrophes. Out: parts, each ARPAbet phones, a letter or pinyin.

Dictionary first; then CamelCase, acronyms by letters, Chinese names in pinyin, endings and compounds, letter-to-sound rules.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from ..sections import lists, sections
from . import dictionary, spelling

_SYLLABLES = Path(__file__).parents[1] / "data" / "syllables.txt"
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z']+|[a-z']+")
_PLURAL = re.compile(r"([A-Z]{2,5})s")  # APIs, CDs
_PREFIXED = re.compile(r"[a-z][A-Z]{2,}")  # iOS, eSIM: a letter and what stands in capitals, not the word of the dictionary
_VOWELS = frozenset("aeiouy")

_LISTS = sections("english.txt")
LETTERS = lists(_LISTS["letters"])
_SAID = frozenset(_LISTS["said"])
_SPELLED = frozenset(_LISTS["spelled"])
_SOUNDS = lists(_LISTS["sounds"])
_NAMES = lists(_LISTS["names"])
# ending → what may replace it to find the stem, and its sound (None: it depends on the stem)
_ENDINGS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "'s": (("",), None),
    "s": (("",), None),
    "es": (("", "e"), None),
    "ies": (("y",), None),
    "ed": (("", "e"), None),
    "ing": (("", "e"), "ih0 ng"),
    "er": (("", "e"), "er0"),
    "ly": (("", "le"), "l iy0"),
    "ness": (("",), "n ah0 s"),
    "less": (("",), "l ah0 s"),
    "ment": (("",), "m ah0 n t"),
    "able": (("", "e"), "ah0 b ah0 l"),
}


def read(word: str) -> list[tuple[str, tuple[str, ...]]]:
    """Parts of a word: ("phones", ARPAbet), ("letter", (its name in lower case,)), with the sound of a plural behind it where
    it has one, or ("pinyin", syllables)."""
    plain = word.replace("’", "'").strip("'")
    lower = plain.lower()
    if not lower:
        return []
    if lower in _NAMES:
        return [("pinyin", _NAMES[lower])]
    if lower in _SPELLED or len(plain) == 1 or (plain.isupper() and _spelled(plain)):
        return _letters(lower)
    if lower in _SOUNDS:
        return [("phones", _SOUNDS[lower])]
    several = _PLURAL.fullmatch(plain)
    if several and several[1] not in _SAID:
        *letters, (kind, last) = _letters(several[1].lower())
        return [*letters, (kind, (*last, *_ending_sound("s", LETTERS[last[0]][-1].rstrip("01"))))]
    known = None if _PREFIXED.fullmatch(plain) else dictionary.look_up(lower)
    if known:
        return [("phones", known)]
    apart = _pinyin_apart(lower)
    if apart:
        return [("pinyin", apart)]
    parts = _CAMEL.findall(plain)
    if len(parts) > 1 and not plain.isupper():
        return [part for piece in parts for part in _piece(piece)]
    return _unknown(lower)


def _letters(word: str) -> list[tuple[str, tuple[str, ...]]]:
    return [("letter", (letter,)) for letter in word if letter in LETTERS]


def _piece(piece: str) -> list[tuple[str, tuple[str, ...]]]:
    """A part of a word in CamelCase; short ones that can be said are said: Tik|Tok, Num|Py."""
    lower = piece.lower()
    if piece.istitle() and len(piece) <= 3 and _VOWELS & set(lower[1:]) and not dictionary.look_up(lower):
        return [("phones", spelling.sound(lower))]
    return read(piece)


def _spelled(capitals: str) -> bool:
    """Whether a word in capitals is an acronym: up to four letters, or longer, in no dictionary and hard to pronounce."""
    if capitals in _SAID:
        return False
    if len(capitals) <= 4:
        return True
    pronounceable = len(capitals) > 5 and not _VOWELS.isdisjoint(capitals.lower())
    return not pronounceable and not dictionary.look_up(capitals.lower())


def _unknown(word: str) -> list[tuple[str, tuple[str, ...]]]:
    pinyin = as_pinyin(word)
    if pinyin:
        return [("pinyin", tuple(syllable + "1" for syllable in pinyin))]
    inflected = _inflected(word)
    if inflected:
        return [("phones", inflected)]
    compound = _compound(word)
    if compound:
        return [("phones", part) for part in compound]
    if len(word) <= 3 or not _VOWELS & set(word):
        return _letters(word)
    return [("phones", spelling.sound(word))]


@lru_cache(maxsize=1)
def pinyin_syllables() -> frozenset[str]:
    """Toneless syllables of Mandarin, two letters and more, without those of one rare character."""
    return frozenset(line[:-1] for line in _SYLLABLES.read_text("utf-8").split() if len(line) > 2) - {"din", "bong"}


def as_pinyin(word: str) -> list[str] | None:
    """ "lijiang" → li jiang; None unless the whole word is at least two syllables, the longest first."""
    if not word.isalpha() or not 4 <= len(word) <= 24:
        return None
    best: dict[int, list[str]] = {0: []}
    for start in range(len(word)):
        if start in best:
            for end in range(start + 2, min(len(word), start + 6) + 1):
                better = end not in best or len(best[start]) + 1 < len(best[end])
                if better and word[start:end] in pinyin_syllables():
                    best[end] = [*best[start], word[start:end]]
    found = best.get(len(word))
    return found if found and len(found) >= 2 else None


def _pinyin_apart(word: str) -> tuple[str, ...] | None:
    """xi'an, tian'anmen: pinyin whose apostrophe parts two syllables."""
    first, apostrophe, second = word.partition("'")
    if not apostrophe or second[:1] not in ("a", "e", "o"):
        return None
    found = [[part] if part in pinyin_syllables() else as_pinyin(part) for part in (first, second)]
    return _NAMES.get(first + second) or tuple(f"{one}1" for part in found for one in part) if all(found) else None


def _inflected(word: str) -> tuple[str, ...] | None:
    """A known stem with an ending the dictionary lacks."""
    for ending, (tails, sound) in _ENDINGS.items():
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word[: -len(ending)]
            undoubled = base[:-1] if base[-1] == base[-2] else ""
            for stem in (*(base + tail for tail in tails), undoubled):
                known = stem and dictionary.look_up(stem)
                if known:
                    return known + (tuple(sound.split()) if sound else _ending_sound(ending, known[-1]))
    return None


def _ending_sound(ending: str, last: str) -> tuple[str, ...]:
    """Plural and past tense: a vowel between like sounds, else voiced after voiced."""
    if ending == "ed":
        if last in ("t", "d"):
            return ("ih0", "d")
        return ("t",) if last in ("p", "k", "f", "s", "sh", "ch", "th") else ("d",)
    if last in ("s", "z", "sh", "zh", "ch", "jh"):
        return ("ih0", "z")
    return ("s",) if last in ("p", "t", "k", "f", "th") else ("z",)


def _compound(word: str) -> list[tuple[str, ...]] | None:
    """lambdafunction → two words of the dictionary, the longer first part first."""
    for split in range(len(word) - 3, 2, -1):
        first = dictionary.look_up(word[:split])
        second = first and dictionary.look_up(word[split:])
        if first and second:
            return [first, second]
    return None
