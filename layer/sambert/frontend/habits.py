"""Word lists that follow habit, not rule. In: data/habits.txt. Out: sets of words or characters by section."""

from __future__ import annotations

from functools import lru_cache

from .lexicon import DATA


@lru_cache(maxsize=1)
def _sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (DATA / "habits.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            current += line.split()
    return sections


@lru_cache(maxsize=16)
def words(section: str) -> frozenset[str]:
    return frozenset(_sections()[section])


@lru_cache(maxsize=16)
def characters(section: str) -> frozenset[str]:
    return frozenset("".join(_sections()[section]))
