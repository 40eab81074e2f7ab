"""Which lines are worth a teacher's time, best first. In: lines, the phones they may use. Out: the same lines in order.

Greedy: always the line that adds most that is still rare, for each second it takes to say. So every beginning of the list is a
corpus as good as its length allows, and recording may stop anywhere.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from sambert.errors import SpeechError
from sambert.frontend import VoiceTraits, utterances
from sambert.types import Request, Utterance
from sambert_distill.corpus import Line

SYLLABLE, PAIR, MANNER = 1.0, 0.4, 0.5  # what the first of a toned syllable, of a pair of phones, of a way to end is worth
FADES = 0.5  # each further one is worth so much of the one before
SECONDS, A_SYLLABLE = 1.0, 0.2  # to say nothing at all, and a syllable more
LIVELY = 3.0  # everyday speech is what a voice is for: factor on whatever is not of these kinds
UNLIVELY = {"cpp", "rare", "syllables"}


def units(spoken: Iterable[Utterance]) -> Counter[tuple[str, ...]]:
    """What utterances teach: toned syllables, neighbouring phones ("#" is a pause), and how they end at which length."""
    found: Counter[tuple[str, ...]] = Counter()
    for one in spoken:
        sounding = [symbol for symbol in one.symbols if symbol.phone[0] != "#"]
        found.update(("syllable", first.phone, last.phone, first.tone)
                     for first, last in zip(sounding[::2], sounding[1::2], strict=True))
        phones = ["#", *(symbol.phone[:1] if symbol.phone[0] == "#" else symbol.phone
                         for symbol in one.symbols if symbol.phone not in ("#1", "#2"))]  # fmt: skip
        found.update(("pair", *pair) for pair in pairwise(phones))
        found["manner", one.text.strip()[-1:], str(len(sounding) // 10)] += 1
    return found


def worth(unit: tuple[str, ...], heard: int) -> float:
    return {"syllable": SYLLABLE, "pair": PAIR, "manner": MANNER}[unit[0]] * FADES**heard


def read_units(lines: Iterable[Line], traits: VoiceTraits) -> dict[str, Counter[tuple[str, ...]]]:
    """By id; lines the front end refuses, or finds anything foreign in, are left out."""
    found = {}
    for line in lines:
        try:
            spoken = list(utterances(Request(text=line.text), traits))
        except SpeechError:
            continue
        if not any(one.warnings for one in spoken) and all(symbol.phone in traits.phones or symbol.phone[0] == "#"
                                                           for one in spoken for symbol in one.symbols):  # fmt: skip
            found[line.id] = units(spoken)
    return found


def choose(lines: Sequence[Line], traits: VoiceTraits, hours: float, known: Iterable[Line] = ()) -> list[Line]:
    """Lines for about ``hours`` of speech, best first. known: lines that have been read already."""
    taught = read_units(lines, traits)
    heard: Counter[tuple[str, ...]] = Counter()
    for one in read_units(known, traits).values():
        heard.update(one)
    by_id = {line.id: line for line in lines if line.id in taught}

    def value(name: str) -> float:
        lively = 1.0 if by_id[name].kind in UNLIVELY else LIVELY
        return lively * sum(worth(unit, heard[unit]) for unit in taught[name]) / seconds(taught[name])

    # A line's value only ever falls, so an old value is a bound: the top that keeps its place is the best.
    heap = [(-value(name), name) for name in by_id]
    heapq.heapify(heap)
    chosen: list[Line] = []
    spent = 0.0
    while heap and spent < hours * 3600:
        _, name = heapq.heappop(heap)
        now = -value(name)
        if heap and now > heap[0][0]:
            heapq.heappush(heap, (now, name))
            continue
        chosen.append(by_id[name])
        heard.update(taught[name])
        spent += seconds(taught[name])
    return chosen


def seconds(taught: Counter[tuple[str, ...]]) -> float:
    """About how long an utterance with these units sounds."""
    return SECONDS + A_SYLLABLE * sum(count for unit, count in taught.items() if unit[0] == "syllable")


def coverage(lines: Iterable[Line], traits: VoiceTraits) -> dict[str, int]:
    """How many different toned syllables, pairs of phones and erhua finals the lines hold."""
    held: Counter[tuple[str, ...]] = sum(read_units(lines, traits).values(), Counter())
    said = [unit for unit in held if unit[0] == "syllable"]
    erhua = {final for _, _, final, _ in said if final.endswith("r_c")} - {"er_c"}
    return {"syllables": len(said), "pairs": sum(unit[0] == "pair" for unit in held), "erhua": len(erhua)}
