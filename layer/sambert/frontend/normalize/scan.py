"""The way through a text. In: the original text and rules by first character. Out: pieces and what could not be read.

One pass from left to right: at each character that is not plain Chinese the rules are asked in order; what none takes is
copied, named or dropped. No rule looks further than a fixed distance, so time grows with the length only.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from . import (
    amounts,
    codes,
    dates,
    lasting,
    maths,
    named,
    net,
    phones,
    powers,
    rates,
    scores,
    signs,
    sizes,
    spans,
    symbols,
    traditional,
    ways,
)
from .pieces import Piece, Rule

# Everything the rules never begin with: hanzi and the punctuation that is kept for breaks.
_SPECIAL = re.compile(r"[^\u4e00-\u9fff\u3400-\u4dbf，。！？；、…“”‘’（）《》【】「」『』\n]")


@lru_cache(maxsize=1)
def _rules() -> dict[str, tuple[Rule, ...]]:
    """First character → rules, in order of precedence. Latin letters share one list."""
    in_order = (
        *(maths.LATIN_ROMAN, *net.RULES, *named.RULES, *signs.RULES, *phones.RULES, *codes.RULES),
        *(*spans.RULES, *lasting.RULES, *dates.RULES, *scores.RULES, spans.LIST),
        *(powers.TEN, *ways.RULES, *maths.RULES, *sizes.RULES, *powers.RULES),
        *(*amounts.RULES, *rates.RULES, maths.RANGE, *codes.LAST_RULES),
    )
    table: dict[str, list[Rule]] = {}
    for rule in in_order:
        for start in dict.fromkeys(rule.starts):
            table.setdefault(start, []).append(rule)
    return {start: tuple(rules) for start, rules in table.items()}


class _Relevant(dict[str, tuple[Rule, ...]]):
    """First character → the rules that a text of these characters can need."""

    def __init__(self, present: set[str]) -> None:
        self.present = present

    def __missing__(self, char: str) -> tuple[Rule, ...]:
        found = tuple(rule for rule in _rules().get(char, ()) if not rule.needs or not self.present.isdisjoint(rule.needs))
        self[char] = found
        return found


def fold(text: str) -> str:
    """Same length, simpler characters: full-width letters and digits to ASCII, traditional to simplified."""
    return traditional.simplify("".join(map(_fold, text)) if not text.isascii() else text)


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    code = ord(char)
    if code < 0x80 or 0x4E00 <= code <= 0x9FFF:
        return char
    if 0xFF01 <= code <= 0xFF5E:
        return char if char in "！（），：；？" else chr(code - 0xFEE0)
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if char in "⋅∙":
        return "·"
    if "₀" <= char <= "₉":
        return chr(code - 0x2080 + 0x30)
    if 0xC0 <= code <= 0x24F:  # é, ü: their accents say nothing to an English reader
        plain = unicodedata.normalize("NFD", char)[0]
        return plain if plain.isascii() else char
    if category in ("Lo", "Lu", "Ll", "Zs") and char not in "\u2009ªº":  # º is a degree sign here
        plain = unicodedata.normalize("NFKC", char)
        return plain if len(plain) == 1 and not 0x370 <= code <= 0x3FF else char
    return char


def scan(text: str) -> tuple[list[Piece], list[str]]:
    """Pieces over the folded text, and the characters that were skipped though they may carry meaning."""
    folded = fold(text)
    rules = _Relevant(set(folded))
    pieces: list[Piece] = []
    skipped: list[str] = []
    position = 0
    while found := _SPECIAL.search(folded, position):
        if found.start() > position:
            pieces.append((folded[position : found.start()], position, found.start()))
        position = found.start()
        char = folded[position]
        taken = _ask(rules[char], folded, position)
        if taken is None:
            spoken = symbols.alone(char)
            if spoken is None:
                skipped.append(char)
            taken = [(spoken or "", position, position + 1)]
        pieces += taken
        position = taken[-1][2]
    pieces.append((folded[position:], position, len(folded)))
    return pieces, skipped


def _ask(rules: tuple[Rule, ...], text: str, position: int) -> list[Piece] | None:
    for rule in rules:
        match = rule.regex.match(text, position)
        if match:
            pieces = rule.say(match)
            if pieces:
                return pieces
    return None
