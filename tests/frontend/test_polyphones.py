"""Characters with several readings, in sentences of every day (polyphone_cases.txt)."""

from __future__ import annotations

from pathlib import Path

import pytest

from sambert.frontend import pinyin

CASES = [line.rsplit(" ", 1) for line in Path(__file__).with_name("polyphone_cases.txt").read_text("utf-8").splitlines()
         if line[0] != "#"]  # fmt: skip


@pytest.mark.parametrize(("marked", "reading"), CASES)
def test_reading_of_the_marked_character(marked: str, reading: str) -> None:
    at = marked.index("[")
    assert pinyin(marked.replace("[", "").replace("]", ""))[at] == reading
