"""KAN-TTS symbols in Kokoro's phonemes, and Kokoro's durations back on the symbols.

In: symbols and the mark that ends the sentence. Out: tokens, each with the symbol it belongs to; frames a symbol.
The phonemes are those of Kokoro v1.0's Mandarin (misaki 0.9.4, zh, after pinyin-to-ipa): tone arrows after the nucleus, none
for the neutral tone, a space between words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sambert.types import Symbol

ARROWS = {"tone1": "→", "tone2": "↗", "tone3": "↓", "tone4": "↘", "tone5": ""}
INITIALS = {
    "b_c": "p", "p_c": "pʰ", "m_c": "m", "f_c": "f", "d_c": "t", "t_c": "tʰ", "n_c": "n", "l_c": "l", "g_c": "k", "k_c": "kʰ",
    "h_c": "x", "j_c": "ʨ", "q_c": "ʨʰ", "xx_c": "ɕ", "zh_c": "ꭧ", "ch_c": "ꭧʰ", "sh_c": "ʂ", "r_c": "ɻ", "z_c": "ʦ",
    "c_c": "ʦʰ", "s_c": "s", "y_c": "", "w_c": "", "ga": "", "ge": "", "go": "",
}  # fmt: skip
# 0 is where the tone goes.
FINALS = {
    "a": "a0", "ai": "ai0", "an": "a0n", "ang": "a0ŋ", "ao": "au0", "e": "ɤ0", "ei": "ei0", "en": "ə0n", "eng": "ə0ŋ", "er": "ɚ0",
    "i": "i0", "ia": "ja0", "ian": "jɛ0n", "iang": "ja0ŋ", "iao": "jau0", "ie": "je0", "in": "i0n", "ing": "i0ŋ", "io": "jɔ0",
    "iai": "jai0",
    "iong": "jʊ0ŋ", "iou": "jou0", "o": "wo0", "ong": "ʊ0ŋ", "ou": "ou0", "u": "u0", "ua": "wa0", "uai": "wai0", "uan": "wa0n",
    "uang": "wa0ŋ", "uei": "wei0", "uen": "wə0n", "ueng": "wə0ŋ", "uo": "wo0", "v": "y0", "van": "ɥɛ0n", "ve": "ɥe0",
    "vn": "y0n", "ih": "ɨ0", "ii": "ɨ0",
}  # fmt: skip
# Erhua: Kokoro was taught none, but ɚ before the tone lowers the third formant within the syllable (measured: from 2600 to
# 1950 Hz for zm_yunjian). Codas -i and -n give way to it, close vowels keep their place, the apical ones become it.
ERHUA = {
    "a": "aɚ0", "ai": "aɚ0", "an": "aɚ0", "ang": "aŋɚ0", "ao": "auɚ0", "e": "ɤɚ0", "ei": "ɚ0", "en": "ɚ0", "eng": "əŋɚ0",
    "i": "iɚ0", "ia": "jaɚ0", "ian": "jaɚ0", "iang": "jaŋɚ0", "iao": "jauɚ0", "ie": "jeɚ0", "in": "iɚ0", "ing": "iŋɚ0",
    "iong": "jʊŋɚ0", "iou": "jouɚ0", "o": "woɚ0", "ong": "ʊŋɚ0", "ou": "ouɚ0", "u": "uɚ0", "ua": "waɚ0", "uai": "waɚ0",
    "uan": "waɚ0", "uang": "waŋɚ0", "uei": "wɚ0", "uen": "wɚ0",
    "ueng": "wəŋɚ0", "uo": "woɚ0", "v": "yɚ0", "van": "ɥaɚ0", "ve": "ɥeɚ0",
    "vn": "yɚ0", "ih": "ɚ0", "ii": "ɚ0",
}  # fmt: skip
# KAN-TTS writes these finals after y and w without the glide they are said with.
GLIDED = {"y_c": ("i", {"a", "ai", "an", "ang", "ao", "e", "o", "ong", "ou"}),
          "w_c": ("u", {"a", "ai", "an", "ang", "ei", "en", "eng", "o"})}  # fmt: skip
ONSET = 0.2  # of a syllable without a consonant: what y, w and the glottal onsets get
PHONES = frozenset(INITIALS) | {f"{final}_c" for final in FINALS} | {f"{final}r_c" for final in ERHUA}
MARKS = {"？": "?", "?": "?", "！": "!", "!": "!"}


@dataclass(frozen=True)
class Tokens:
    """phonemes: (N,) single characters; owner: (N,) index of the symbol each belongs to, −1 for the silence before."""

    phonemes: tuple[str, ...]
    owner: tuple[int, ...]


def tokens(symbols: Sequence[Symbol], mark: str = ".") -> Tokens:
    """Kokoro's tokens with its begin and end marks. mark: ".", "?" or "!". Raises KeyError for phones that are not PHONES."""
    said: list[tuple[str, int]] = [("^", -1)]
    at = 0
    while at < len(symbols):
        phone = symbols[at].phone
        if phone[0] == "#":
            last = at == len(symbols) - 1
            said += [(one, at) for one in (mark if last else ", " if phone in ("#3", "#4") else " ")]
            at += 1
            continue
        first, rest = _syllable(phone, symbols[at + 1].phone, ARROWS[symbols[at].tone])
        said += [(one, at) for one in first] + [(one, at + 1) for one in rest]
        at += 2
    said.append(("$", len(symbols) - 1))
    return Tokens(*(tuple(column) for column in zip(*said, strict=True)))


def _syllable(initial: str, final: str, arrow: str) -> tuple[str, str]:
    """Phonemes of the two phones of a syllable; the first are empty where no consonant begins it."""
    base = final.removesuffix("_c")
    table = FINALS if base in FINALS else ERHUA
    base = base if base in FINALS else base.removesuffix("r")
    glide, finals = GLIDED.get(initial, ("", ()))
    return INITIALS[initial], table[glide + base if base in finals else base].replace("0", arrow)


def symbol_frames(symbols: Sequence[Symbol], said: Tokens, frames: np.ndarray) -> tuple[int, np.ndarray]:
    """frames: (N,) of any length a token. Returns those before the first symbol and (S,) those of each symbol."""
    owned = np.bincount(np.array(said.owner) + 1, weights=frames, minlength=len(symbols) + 1).astype(int)
    found = owned[1:]
    voiced = set(said.owner)
    for at, symbol in enumerate(symbols):
        if symbol.phone[0] != "#" and at not in voiced:  # an empty initial: it borrows from its final
            found[at] = max(1, round(ONSET * found[at + 1]))
            found[at + 1] -= found[at]
    return int(owned[0]), found
