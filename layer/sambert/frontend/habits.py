"""Word lists that follow habit, not rule. In: data/habits.txt. Out: sets of words or characters by section."""

from __future__ import annotations

from functools import lru_cache

from .sections import sections


@lru_cache(maxsize=16)
def words(section: str) -> frozenset[str]:
    return frozenset(sections("habits.txt")[section])


@lru_cache(maxsize=16)
def characters(section: str) -> frozenset[str]:
    return frozenset("".join(sections("habits.txt")[section]))
