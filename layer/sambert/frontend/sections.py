"""Word lists kept as text. In: a file of data/ with [sections]. Out: each section's words in order."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=4)
def sections(name: str) -> dict[str, list[str]]:
    """Section → words; a line that begins with "# " is a comment."""
    found: dict[str, list[str]] = {}
    words: list[str] = []  # before the first section
    for line in (_DATA / name).read_text("utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            words = found.setdefault(line[1:-1], [])
        elif not line.startswith("# "):
            words.extend(line.split())
    return found


def pairs(words: list[str]) -> dict[str, str]:
    """kg=千克 … → a dictionary; the last = divides."""
    return {key: value for key, _, value in (word.rpartition("=") for word in words)}


def lists(words: list[str]) -> dict[str, tuple[str, ...]]:
    """b=b_iy1 … → key and the parts between underscores; in keys an underscore is a space."""
    return {key.replace("_", " "): tuple(value.split("_")) for key, value in pairs(words).items()}
