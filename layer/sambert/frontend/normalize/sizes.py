"""What is multiplied: 1920×1080, 4,865×1,900×1,450mm, 5mm*10mm, 苹果x3. In: matches. Out: pieces, 乘 for the sign."""

from __future__ import annotations

import re

from . import numbers
from .pieces import NUMBER, UNIT_AHEAD, Piece, Rule, before, counts, each, follows, part, search, unit_piece, whole

_D = "0123456789"
_SIGNS = "×xX✕*"
_THING = r"[\u4e00-\u9fff）)]\s?$"
_UNKNOWN = r"(?:[得设若令当则求由取使和与或]|已知|其中|因为|所以|方程|变量|参数|函数|坐标|解[为是]|[两实的]根)\s?$"


def _by(match: re.Match[str]) -> list[Piece] | None:
    """5mm*10mm: 乘 after a measure; 苹果*3: and between a thing and how many of it."""
    measured = search(r"\d\s?[A-Za-z]{0,3}$|[米寸]$").search(before(match, 5))
    many = search(_THING).search(before(match, 2)) and follows(match, r"\d{1,3}(?![\w.])")
    return whole(match, "乘") if measured or many else None


def _so_many(match: re.Match[str]) -> list[Piece] | None:
    """苹果x3; but 得x1=2 and 设x1 are unknowns."""
    if search(_UNKNOWN).search(before(match)) or not search(_THING).search(before(match, 2)):
        return None
    alone = not follows(match, r"\s?[\w.=<>≤≥≠≈∈+*/^-]") or counts(match)
    return [part(match, "to", "乘"), part(match, "n", numbers.cardinal(match["n"]))] if alone else None


def _times(match: re.Match[str]) -> list[Piece]:
    """1920×1080, 3*4, 1,200x800x600 mm."""
    said = each(match, rf"{NUMBER}|[{_SIGNS}]", lambda token: "乘" if token in _SIGNS else numbers.cardinal(token))
    return [*said, *unit_piece(match)]


# Asked after arithmetic.
RULES = (
    Rule("*✕", r"[*✕]\s?(?=\d)", _by),
    Rule("x", r"(?P<to>(?<![A-Za-z\d])x)\s?(?P<n>\d{1,4})(?!\d)", _so_many),  # X is a model's: 宝马X5
    Rule(_D, rf"{NUMBER}(?:\s?[{_SIGNS}]\s?{NUMBER}){{1,5}}{UNIT_AHEAD}", _times, _SIGNS),
)
