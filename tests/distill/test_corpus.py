"""What a teacher is asked to read: coverage, order, sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from sambert.frontend import VoiceTraits
from sambert_distill import corpus
from sambert_distill.corpus.choose import choose, coverage, read_units
from sambert_distill.teachers.kokoro_tokens import PHONES

TRAITS = VoiceTraits(phones=PHONES, prosody="words")


@pytest.fixture(scope="module")
def own() -> list[corpus.Line]:
    return corpus.own()


def test_own_lines_are_of_many_kinds_and_cover_the_language(own: list[corpus.Line]) -> None:
    assert {"dialogue", "questions", "exclamations", "lists", "digits", "dates", "money", "news", "stories", "erhua", "short",
            "long"} <= {line.kind for line in own}  # fmt: skip
    assert len({line.id for line in own}) == len(own)
    held = coverage(own, TRAITS)
    assert held["syllables"] > 1300 and held["erhua"] >= 25


def test_the_best_come_first(own: list[corpus.Line]) -> None:
    some = own[::5]
    chosen = choose(some, TRAITS, hours=0.03)
    assert len(chosen) < len(some)
    mean = sum(coverage([line], TRAITS)["syllables"] for line in some) / len(some)
    assert coverage(chosen[:10], TRAITS)["syllables"] > 1.2 * mean * 10
    assert choose(some, TRAITS, hours=0.01) == chosen[: len(choose(some, TRAITS, hours=0.01))]


def test_what_is_known_is_not_chosen_first(own: list[corpus.Line]) -> None:
    first, *rest = choose(own[::12], TRAITS, hours=0.05)
    again = corpus.line(first.text, "copy", "here", "CC0-1.0")
    assert again not in choose([*rest, again], TRAITS, hours=0.01, known=[first])


def test_lines_with_foreign_words_are_left_out(own: list[corpus.Line]) -> None:
    latin = corpus.line("请打开 WiFi。", "test", "here", "CC0-1.0")
    assert latin.id not in read_units([latin], TRAITS)


def test_cpp_sentences_keep_only_plain_ones(tmp_path: Path) -> None:
    path = tmp_path / "dev.sent"
    path.write_text("斯考尔搭乘飞船回到▁了▁星球。\n1990年9月，发现▁了▁此天体。\n太短▁了▁。\n", encoding="utf-8")
    found = corpus.cpp(path)
    assert [line.text for line in found] == ["斯考尔搭乘飞船回到了星球。"]
    assert "SA" in found[0].licence and "g2pM" in found[0].source


def test_lines_survive_a_file(tmp_path: Path, own: list[corpus.Line]) -> None:
    corpus.write(tmp_path / "lines.jsonl", own[:5])
    assert corpus.read(tmp_path / "lines.jsonl") == own[:5]
