"""Characters whose neighbours settle how they are read: 炸丸子, 量体温, 剥橘子. In: a text. Out: readings, set in place.

The labelled sentences that the polyphone model learned from are an encyclopedia's; what people say every day is hardly in them.
"""

from __future__ import annotations

import re
from functools import cache

from .lexicon import DATA

_NEAR = 12  # characters that a pattern sees to either side


@cache
def _lines() -> dict[str, list[tuple[str, str]]]:
    """Character → (reading, its patterns), not compiled yet: most texts need few."""
    table: dict[str, list[tuple[str, str]]] = {}
    for line in (DATA / "constructions.txt").read_text("utf-8").splitlines():
        if line and line[0] != "#":
            character, reading, patterns = line.split(" ", 2)
            table.setdefault(character, []).append((reading, patterns))
    return table


@cache
def _compiled(patterns: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """For each pattern what must end before the character and what must begin behind it."""
    sides = (pattern.split("_") for pattern in patterns.split(" "))
    return tuple((re.compile(f"(?:{before})$"), re.compile(after)) for before, after in sides)


def settle(text: str, readings: list[str]) -> None:
    table = _lines()
    for at, character in enumerate(text):
        if character in table:
            before, after = text[max(0, at - _NEAR) : at], text[at + 1 : at + 1 + _NEAR]
            fitting = (reading for reading, patterns in table[character] if _fits(patterns, before, after))
            readings[at] = next(fitting, readings[at])


def _fits(patterns: str, before: str, after: str) -> bool:
    return any(behind.match(after) and ahead.search(before) for ahead, behind in _compiled(patterns))
