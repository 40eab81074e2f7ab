"""Scores the front end on a corpus that is labelled with breaks and spoken pinyin. Nothing is trained on it or written.

In: a file in the form of DataBaker's CSMSC (ProsodyLabeling/000001-010000.txt): an id, a tab and a text with #1 to #4 on one
line, its syllables as spoken on the next. The corpus itself may not be shipped (non-commercial); it is only measured with.
Out: the share of syllables that are right (tone, sandhi, neutral tone and erhua included), and precision, recall and
F1 of breaks.

    python -m sambert_build.frontend.measure CORPUS [--errors] [--every N]

With --errors the most frequent kinds of confusion follow; --every N reads only each Nth sentence.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from sambert import frontend

LEVELS = {1: "prosodic word", 2: "prosodic phrase", 3: "intonation phrase"}
_BREAK = re.compile(r"#([1-4])")
_SOUNDING = re.compile(r"[\w%]")
_LATIN = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]")


@dataclass(frozen=True)
class Sentence:
    """marked: the text with its breaks; syllables: as spoken ("hao3", "huar1")."""

    marked: str
    syllables: list[str]

    @property
    def text(self) -> str:
        return _BREAK.sub("", self.marked)


def sentences(path: Path, every: int = 1) -> Iterator[Sentence]:
    """Those without Latin letters: the corpus spells English in its own way."""
    lines = [line.strip() for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    for number in range(0, len(lines) - 1, 2 * every):
        marked = lines[number].split(maxsplit=1)[1]
        if not _LATIN.search(marked):
            yield Sentence(marked, lines[number + 1].lower().replace("u:", "v").split())


def levels(marked: str) -> dict[int, int]:
    """How many sounding characters stand before a break → its level."""
    found: dict[int, int] = {}
    sounding = 0
    for part in re.finditer(r"#([1-4])|.", marked):
        if part[1]:
            found[sounding] = max(int(part[1]), found.get(sounding, 0))
        else:
            sounding += bool(_SOUNDING.match(part[0]))
    return {place: level for place, level in found.items() if place < sounding}


def aligned(wanted: list[str], got: list[str]) -> Iterator[tuple[list[str], list[str], int]]:
    """Stretches that differ: what should be, what is, and where it begins in ``wanted``."""
    matcher = SequenceMatcher(None, wanted, got, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind != "equal":
            yield wanted[first:last], got[begin:end], first


def score_surface(corpus: list[Sentence]) -> Counter:
    """Prints the accuracy; returns the confusions."""
    total = wrong = whole = 0
    confusions: Counter = Counter()
    for one in corpus:
        differing = list(aligned(one.syllables, frontend.surface(one.text)))
        total += len(one.syllables)
        wrong += sum(max(len(wanted), len(got)) for wanted, got, _ in differing)
        whole += not differing
        confusions.update((" ".join(wanted), " ".join(got)) for wanted, got, _ in differing)
    print(f"syllables {100 * (1 - wrong / total):.2f} % of {total}, whole sentences {100 * whole / len(corpus):.1f} %")
    return confusions


def score_breaks(corpus: list[Sentence]) -> None:
    pairs = [(levels(one.marked), levels(frontend.breaks(one.text))) for one in corpus]
    for least, name in LEVELS.items():
        hit = wanted = got = 0
        for gold, made in pairs:
            of_gold, of_made = ({place for place, level in side.items() if level >= least} for side in (gold, made))
            hit, wanted, got = hit + len(of_gold & of_made), wanted + len(of_gold), got + len(of_made)
        inner = (hit / max(got, 1), hit / max(wanted, 1), 2 * hit / max(got + wanted, 1))
        hit, wanted, got = (count + len(pairs) for count in (hit, wanted, got))
        print(f"{name:18} precision {inner[0]:.3f} recall {inner[1]:.3f} F1 {inner[2]:.3f}"
              f"   (sentence ends counted: {2 * hit / (got + wanted):.3f})")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    corpus = list(sentences(options.corpus, options.every))
    print(f"{len(corpus)} sentences")
    confusions = score_surface(corpus)
    score_breaks(corpus)
    if options.errors:
        for (wanted, got), count in confusions.most_common(150):
            print(f"{count:5} {wanted} ← {got}")


if __name__ == "__main__":
    main()
