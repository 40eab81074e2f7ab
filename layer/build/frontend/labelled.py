"""Sentences in which one character's reading is known. In: SOURCES with g2pL (train and dev) and CPP (dev); everyday.txt here.
Out: ``Labelled``.

Test splits are never read: they are how the result is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MARK = "▁"  # on both sides of the character, in all files
EVERYDAY = Path(__file__).parent / "everyday.txt"  # reading, tab, sentence
SPLITS = (("g2pl", "train"), ("g2pl", "dev"), ("cpp", "dev"))


class Labelled(NamedTuple):
    """text[place] is read ``reading``; source: g2pl, cpp or everyday."""

    source: str
    text: str
    place: int
    reading: str


def labelled(sources: Path) -> Iterator[Labelled]:
    for source, split in SPLITS:
        sentences = (sources / source / f"{split}.sent").read_text("utf-8").splitlines()
        readings = (sources / source / f"{split}.lb").read_text("utf-8").splitlines()
        for sentence, reading in zip(sentences, readings, strict=True):
            yield _one(source, sentence, reading)
    for line in EVERYDAY.read_text("utf-8").splitlines():
        reading, sentence = line.split("\t")
        yield _one("everyday", sentence, reading)


def unified(label: str) -> str:
    """ü as v; g2pM and both corpora write u:."""
    return label.replace("u:", "v")


def _one(source: str, sentence: str, reading: str) -> Labelled:
    left, character, right = sentence.split(MARK)
    return Labelled(source, left + character + right, len(left), unified(reading.strip()))
