"""Traditional to simplified, for reading only. In: text. Out: text of the same length."""

from __future__ import annotations


def simplify(text: str) -> str:
    return text
