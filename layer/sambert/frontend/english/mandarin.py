"""English in Mandarin's mouth, for a voice that knows Chinese phones only. In: syllables of ARPAbet. Out: pinyin with tones.

The way a Chinese speaker reads an English word aloud: every consonant cluster opens up, a stressed syllable is high (1) or,
at the end, falling (4), the consonants left over are light (5). The tables are our own.
"""

from __future__ import annotations

from ..sections import lists, pairs, sections
from .words import pinyin_syllables

_LISTS = sections("english.txt")
LETTERS = lists(_LISTS["letters in mandarin"])
_INITIALS = lists(_LISTS["initials"])
_BEFORE_I = lists(_LISTS["initials before i"])
_LIGHT = pairs(_LISTS["light"])
_LIGHT_ONSET = pairs(_LISTS["light in onset"])
_FINALS = lists(_LISTS["finals"])
_WHOLE = {"i": "yi", "in": "yin", "ing": "ying", "u": "wu", "un": "wen", "uo": "wo", "ong": "weng"}


def nearest(syllables: list[tuple[str, ...]]) -> list[str]:
    """Pinyin for a word's syllables; every syllable gives at least one."""
    spoken: list[str] = []
    for index, syllable in enumerate(syllables):
        spoken += _syllable(syllable, last=index == len(syllables) - 1)
    return spoken


def _syllable(phones: tuple[str, ...], last: bool) -> list[str]:
    at = next((index for index, phone in enumerate(phones) if phone[-1].isdigit()), None)
    if at is None:
        return [_LIGHT.get(phone, "e") + "5" for phone in phones]
    onset, vowel, coda = list(phones[:at]), phones[at], list(phones[at + 1 :])
    glide = onset.pop() if len(onset) > 1 and onset[-1] in ("w", "y") else ""
    initial = "" if glide else (onset.pop() if onset else "")
    if glide == "y":
        onset[-1] += "y"
    reduced = vowel[:-1] in ("ah", "er", "ih") and not vowel.endswith("1") and bool(initial or glide)
    tone = "5" if reduced else "4" if last else "1"
    sound = vowel if vowel[:-1] == "ah" else vowel[:-1]
    nasal = coda.pop(0) if coda and f"{sound} {coda[0]}" in _FINALS else ""
    if coda and coda[0] == "r" and sound in ("aa", "ao"):
        coda.pop(0)
    lead = [(_LIGHT_ONSET.get(consonant) or _LIGHT[consonant.removesuffix("y") or consonant]) + "5" for consonant in onset]
    core = _core(glide or initial, f"{sound} {nasal}" if nasal else sound)
    return [*lead, *(syllable + tone for syllable in core), *(_LIGHT[consonant] + "5" for consonant in coda)]


def _core(initial: str, sound: str) -> list[str]:
    """The first spelling that is a Mandarin syllable: initials in order, for each the finals in order."""
    finals = _FINALS[sound]
    before_i = sound.startswith(("ih", "iy"))
    initials = (_BEFORE_I.get(initial) if before_i else None) or _INITIALS.get(initial, ("",))
    for final in finals:
        first, _, second = final.partition("+")
        for letter in initials:
            syllable = _spell(letter, first)
            if syllable in pinyin_syllables() or syllable in ("a", "e", "o", "er"):
                return [syllable, second] if second else [syllable]
    light = [_LIGHT_ONSET.get(initial, _LIGHT[initial])] if initial else []
    return [*light, _spell("", finals[0].partition("+")[0])]


def _spell(initial: str, final: str) -> str:
    if not initial:
        return _WHOLE.get(final, final)
    if initial == "y" and final == "u":
        return "you"
    if initial in ("w", "y"):
        bare = _WHOLE.get(final, "")
        return bare if bare.startswith(initial) else initial + final
    return initial + final
