"""Dates whose order the author says (say-as format="dmy"). In: the order, "dmy". Out: a pattern and what a match is read as."""

from __future__ import annotations

import re
from collections.abc import Callable

from . import numbers
from .pieces import Piece, part, spell, whole

_FIELDS = {
    "y": r"(?P<y>\d{4}|\d{2})",
    "m": r"(?P<m>1[0-2]|0?[1-9])",
    "d": r"(?P<d>3[01]|[12]\d|0?[1-9])",
}
_BETWEEN = r"(?:\s?[-/.,年月\s]\s?|(?<=\d\d)(?=\d\d))"


def rule(order: str) -> tuple[str, Callable[[re.Match[str]], list[Piece]]]:
    """order: of the letters y, m, d, each at most once. Dates are said year first, whatever the order they are written in."""
    pattern = _BETWEEN.join(_FIELDS[field] for field in order)
    to = r"(?P<to>(?<=\d)\s?[~～—]\s?(?=\d)|(?<=\d)\s-\s(?=\d))"
    return rf"{to}|(?<!\d){pattern}日?(?!\d)", lambda match: _said(match, order)


def _said(match: re.Match[str], order: str) -> list[Piece]:
    if match["to"]:
        return [part(match, "to", "至")]
    said: list[Piece] = []
    for field, unit in (("y", "年"), ("m", "月"), ("d", "日")):
        if field not in order:
            continue
        if field == "y":
            digits = spell(match["y"], match.start("y"))
            said += [*digits[:-1], (digits[-1][0] + unit, *digits[-1][1:])]
        else:
            said.append(part(match, field, numbers.integer(match[field]) + unit))
    if [piece[1] for piece in said] != sorted(piece[1] for piece in said):
        return whole(match, "".join(piece[0] for piece in said))
    return said
