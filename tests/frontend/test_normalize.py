"""Normalisation: what a newsreader would say, where each character comes from, and that nothing can break it."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from sambert.frontend.normalize import PAUSE, normalize, spoken
from tests.frontend.cases import sections

SECTIONS = sections("normalize_cases.txt")
KINDS = [name.removeprefix("say-as ") for name in SECTIONS if name.startswith("say-as ")]


def cases(say_as: bool):
    chosen = [(name, line) for name, lines in SECTIONS.items() if name.startswith("say-as ") == say_as for line in lines]
    return [pytest.param(name.removeprefix("say-as "), *line.split("→"), id=f"{name}-{line}") for name, line in chosen]


@pytest.mark.parametrize(("_", "written", "said"), cases(say_as=False))
def test_plain_text(_, written, said):
    assert normalize(written) == said


@pytest.mark.parametrize(("kind", "written", "said"), cases(say_as=True))
def test_say_as(kind, written, said):
    assert spoken(written, kind).text.replace(PAUSE, " ") == said


def test_long_numbers_pause_between_their_groups():
    assert spoken("电话13800138000").text == f"电话幺三八{PAUSE}零零幺三{PAUSE}八零零零"


def test_every_character_knows_its_place():
    written = "共1,024个，電話13800138000"
    result = spoken(written)
    assert len(result.origin) == len(result.text)
    begin, end = result.origin[result.text.index("个") - 1]
    assert written[begin:end] == "1,024"
    assert written[slice(*result.origin[result.text.index("电")])] == "電"
    assert written[slice(*result.origin[result.text.index("幺")])] == "1"


def test_unreadable_characters_are_skipped_with_a_warning():
    result = spoken("今天好\U0001f600안녕，\u200b天\x00气\ud800好")
    assert result.text == "今天好，天气好"
    assert len(result.warnings) == 1
    assert "\U0001f600" in result.warnings[0]
    assert "안" in result.warnings[0]


RUNS = "9 1. 1- 1: 1/ + -1 $1 a. a1 1, 1% Ⅲ １ 年1 （1） @ a@ \U0001f600 http:// 1e 0 1年 寶"


@pytest.mark.parametrize("text", RUNS.split(" "))
def test_long_runs_take_linear_time_and_keep_their_places(text):
    long = (text * 10_000)[:10_000]
    result = spoken(long)
    assert len(result.origin) == len(result.text)


def test_anything_can_be_normalised():
    randomly = random.Random(11)
    alphabet = "0123456789.,:/-~+%$￥年月日点个元kgmABCxIV@#（）()“” \n的二两第零万亿比\u200f\u0301\ud800\U0001f468\u200d"
    for _ in range(1000):
        text = "".join(randomly.choices(alphabet, k=randomly.randint(1, 30)))
        result = spoken(text, randomly.choice([None, None, *KINDS]))
        assert len(result.origin) == len(result.text)
        assert all(0 <= begin <= end <= len(text) for begin, end in result.origin)
        assert not set("0123456789") & set(result.text)


def test_the_rules_are_not_built_before_they_are_needed():
    code = "import sys; before = set(sys.modules); import sambert.frontend.normalize; print(sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "normalize.scan" not in loaded
