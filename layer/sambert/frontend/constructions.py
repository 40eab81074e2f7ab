"""Characters whose neighbours settle how they are read: 炸丸子, 量体温, 剥橘子. In: a text. Out: readings, set in place.

The labelled sentences that the polyphone model learned from are an encyclopedia's; what people say every day is hardly in them.
"""

from __future__ import annotations

import re
from functools import cache

from .lexicon import DATA

_NEAR = 12  # characters that a pattern sees to either side
_OPEN = ("[^", "(?!", "(?<!", ".")  # what lets a side of a pattern begin with a character that it does not name


@cache
def _lines() -> dict[str, list[tuple[str, str, str]]]:
    """Character → (reading, what must end before it, what must begin behind it), patterns that are not compiled yet."""
    table: dict[str, list[tuple[str, str, str]]] = {}
    for line in (DATA / "constructions.txt").read_text("utf-8").splitlines():
        if line and line[0] != "#":
            character, reading, *patterns = line.split(" ")
            table.setdefault(character, []).extend((reading, *pattern.split("_")) for pattern in patterns)
    return table


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def settle(text: str, readings: list[str]) -> None:
    table = _lines()
    for at, character in enumerate(text):
        if character in table:
            before, after = text[max(0, at - _NEAR) : at], text[at + 1 : at + 1 + _NEAR]
            fitting = (reading for reading, *sides in table[character] if _fits(*sides, before, after))
            readings[at] = next(fitting, readings[at])


def _fits(ahead: str, behind: str, before: str, after: str) -> bool:
    """Asks the neighbours first: that costs nothing and rules out most patterns, which need no compiling then (0.1 ms each)."""
    if not (_may(ahead, before[-1:]) and _may(behind, after[:1])):
        return False
    return bool(_compiled(behind).match(after) and _compiled(f"(?:{ahead})$").search(before))


def _may(side: str, neighbour: str) -> bool:
    """Whether one side of a pattern could begin with this character, as far as a look at its letters can tell."""
    return not side or not neighbour or neighbour in side or any(sign in side for sign in _OPEN)
