"""The small change of normalisation. In: regex matches. Out: pieces (spoken, begin, end) that know where they came from."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from . import numbers, tables

Piece = tuple[str, int, int]  # spoken form, begin, end in the original
Handler = Callable[[re.Match[str]], "list[Piece] | None"]

# Regex parts. Every repetition is bounded, so that a match costs the same however long the text.
# A number is whole: 1,450 is never a 1, nor 54.6 a 54.
NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,6}(?!\d|,\d{3}(?!\d))|(?!\d{1,3},\d{3}(?!\d))\d{1,20})(?:\.\d{1,20})?(?!\.?\d)"
UNIT_AHEAD = r"(?=\s?(?P<unit>[A-Za-zμΩ]{1,4}[²³]?(?![A-Za-z\d/]))?)"
TO = r"\s?(?:~|～|〜|-|–|—|−|至|到)\s?"
RANGE_SIGNS = "~～〜-–—−至到"
SCALE = r"(?:多|余|几)?[十百千万亿兆]{0,3}(?:多|余|几)?"


@dataclass(frozen=True)
class Rule:
    """``say`` turns a match of ``pattern`` that begins with one of ``starts`` into pieces, or None to pass on.

    needs: characters of which a text must hold one for the rule to be worth compiling; "" = always.
    """

    starts: str
    pattern: str
    say: Handler
    needs: str = ""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


def whole(match: re.Match[str], spoken: str) -> list[Piece]:
    """All of the match becomes ``spoken``."""
    return [(spoken, match.start(), match.end())]


def part(match: re.Match[str], group: int | str, spoken: str) -> Piece:
    return (spoken, match.start(group), match.end(group))


def to(match: re.Match[str], group: int | str = "to") -> str:
    """The word between the ends of a range: 至 where that is written."""
    return "至" if "至" in match[group] else "到"


def goes_to(match: re.Match[str]) -> list[Piece]:
    """A sign that leads from one thing to another."""
    return whole(match, "到")


def year_by_year(match: re.Match[str]) -> list[Piece]:
    """Two years a and b digit by digit, and the word between them."""
    return [*spell(match["a"], match.start("a")), part(match, "to", to(match)), *spell(match["b"], match.start("b"))]


def unit_piece(match: re.Match[str]) -> list[Piece]:
    """The unit behind the last of several numbers, where ``UNIT_AHEAD`` found one."""
    unit = match["unit"]
    return [part(match, "unit", tables.UNITS[unit])] if unit in tables.UNITS and unit not in tables.NOT_ALONE else []


def spell(text: str, begin: int, phone: bool = False) -> list[Piece]:
    """Digits one by one, each piece at its own place; other characters are dropped."""
    return [(numbers.digits(c, phone), begin + i, begin + i + 1) for i, c in enumerate(text) if c.isdigit()]


def spelled(match: re.Match[str]) -> list[Piece]:
    """All digits of the match one by one."""
    return spell(match[0], match.start())


def each(match: re.Match[str], pattern: str, say: Callable[[str], str]) -> list[Piece]:
    """Every ``pattern`` in the match as ``say`` has it, each at its own place."""
    return [
        (say(found[0]), match.start() + found.start(), match.start() + found.end()) for found in re.finditer(pattern, match[0])
    ]


def before(match: re.Match[str], width: int = 14) -> str:
    """What stands before the match, within the same clause."""
    text = match.string[max(0, match.start() - width) : match.start()]
    return re.split(r"[，。！？；,!?;\n]", text)[-1]


def follows(match: re.Match[str], pattern: str) -> bool:
    return bool(search(pattern).match(match.string, match.end()))


@lru_cache(maxsize=256)
def search(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def cued(match: re.Match[str], cues: tuple[str, ...]) -> bool:
    """Whether one of ``cues`` ends at most eight characters before, with no other number in between."""
    text = before(match)
    near = re.split(r"\d", text)[-1]
    return any(len(near) - near.rfind(cue) - len(cue) <= 8 for cue in cues if cue in near)


def labels(match: re.Match[str]) -> bool:
    """Whether it numbers a figure, a table, an exercise or anything that goes by a code."""
    return before(match, 1) in tuple("图表式例题第") or cued(match, tables.CODE_CUES)


def counts(match: re.Match[str], end: int | None = None) -> bool:
    """Whether a measure word follows."""
    text, position = match.string, match.end() if end is None else end
    position += text[position : position + 1] == " "
    return text.startswith(tables.COUNTERS, position) and not text.startswith(tables.NOT_COUNTERS, position)


def amount(text: str, counted: bool = False) -> str:
    """A number with trailing zeros of its fraction gone: 14.60 → 十四点六, 36.00 → 三十六."""
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return numbers.quantity(text) if counted else numbers.cardinal(text)


@lru_cache(maxsize=8)
def alternatives(kind: str) -> str:
    """The symbols of a table as one regex alternative, longest first."""
    words = getattr(tables, kind)
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
