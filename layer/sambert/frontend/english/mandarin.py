"""English in Mandarin's mouth, for a voice that knows Chinese phones only. In: syllables of ARPAbet. Out: pinyin with tones.

The way a Chinese speaker reads an English word aloud: every consonant cluster opens up, a stressed syllable is high (1) or, at the
end, falling (4), the consonants left over are light (5). The tables are our own.
"""

from __future__ import annotations

from .words import pinyin_syllables

LETTERS = {
    letter: tuple(pinyin.split())
    for letter, pinyin in (
        entry.split("=")
        for entry in (
            "a=ei1|b=bi4|c=xi1|d=di4|e=yi4|f=ai2 fu5|g=ji4|h=ei1 chi5|i=ai4|j=zhei4|k=kei4|l=ai2 ou5|m=ai2 mu5|n=en1|o=ou1|p=pi4|q=kou4|r=a4|s=ai2 si5|"
            "t=ti4|u=you1|v=wei1|w=da2 bu5 liu5|x=ai2 ke5 si5|y=wai4|z=zei4"
        ).split("|")
    )
}
# Consonant → initials to try before a vowel, and the light syllable it becomes without one.
_INITIALS = {
    "b": "b", "ch": "ch q", "d": "d", "dh": "d z", "f": "f", "g": "g j", "hh": "h x", "jh": "zh j", "k": "k q", "l": "l", "m": "m", "n": "n", "p": "p",
    "r": "r l", "s": "s x", "sh": "sh x", "t": "t", "th": "s x", "v": "w f", "w": "w", "y": "y", "z": "z", "zh": "r", "": "",
}  # fmt: skip
_FRONT = {"ch": "q ch", "jh": "j zh", "s": "x s", "sh": "x sh", "th": "x s", "z": "z j", "k": "q k", "hh": "x h", "g": "j g", "r": "l"}
_LIGHT = {
    "b": "bu", "ch": "qi", "d": "de", "dh": "de", "f": "fu", "g": "ge", "hh": "he", "jh": "zhi", "k": "ke", "l": "ou", "m": "mu", "n": "en", "ng": "en",
    "p": "pu", "r": "er", "s": "si", "sh": "shi", "t": "te", "th": "si", "v": "fu", "w": "wu", "y": "yi", "z": "zi", "zh": "ri",
}  # fmt: skip
_LIGHT_ONSET = {"l": "le", "r": "ru", "n": "ni", "k": "ke", "g": "ge", "y": "yi", "w": "wu", "hh": "he", "py": "pi", "by": "bi", "my": "mi", "ky": "ke", "ny": "ni", "fy": "fei", "vy": "wei", "hhy": "xi"}
# Vowel (and its nasal) → finals to try, nearest first. Two words are two syllables.
_FINALS = {
    "aa": "a", "ae": "ai a", "ah1": "a e", "ah0": "e a", "ao": "ao uo o", "aw": "ao", "ay": "ai", "eh": "ei e ai", "er": "er e o", "ey": "ei ai", "ih": "i",
    "iy": "i", "ow": "ou o", "oy": "uo+yi ao+yi", "uh": "u", "uw": "u", "ah0 l": "ou o e",
    "aa n": "an", "ae n": "an", "ah1 n": "an", "ah0 n": "en", "ao n": "ong ang", "aw n": "ang", "ay n": "ai+en", "eh n": "en an", "er n": "en", "ey n": "ei+en",
    "ih n": "in", "iy n": "in", "ow n": "ong ou+en", "uh n": "un", "uw n": "un", "oy n": "uo+yin",
    "aa ng": "ang", "ae ng": "ang", "ah1 ng": "ang", "ah0 ng": "eng", "ao ng": "ong ang", "eh ng": "eng", "ih ng": "ing", "iy ng": "ing", "ow ng": "ong",
}  # fmt: skip
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
    stressed = vowel.endswith("1")
    tone = ("4" if last else "1") if stressed else ("5" if vowel[:-1] in ("ah", "er", "ih") and (initial or glide) else "4" if last else "1")
    sound = vowel if vowel[:-1] == "ah" else vowel[:-1]
    nasal = coda.pop(0) if coda and f"{sound} {coda[0]}" in _FINALS else ""
    if coda and coda[0] == "r" and sound in ("aa", "ao"):
        coda.pop(0)
    lead = [(_LIGHT_ONSET.get(consonant) or _LIGHT[consonant.removesuffix("y") or consonant]) + "5" for consonant in onset]
    core = _core(glide or initial, f"{sound} {nasal}" if nasal else sound)
    return [*lead, *(syllable + tone for syllable in core), *(_LIGHT[consonant] + "5" for consonant in coda)]


def _core(initial: str, sound: str) -> list[str]:
    """The first spelling that is a Mandarin syllable: initials in order, for each the finals in order."""
    finals = _FINALS[sound].split()
    front = sound.startswith(("ih", "iy"))
    initials = (_FRONT.get(initial) if front else None) or _INITIALS[initial]
    for final in finals:
        first, _, second = final.partition("+")
        for letter in initials.split() or [""]:
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
