"""Durations as asked for. In: utterances and how long their voices would take. Out: the same at rates that keep the time.

A stretch of several utterances is measured as a whole: what is said in it keeps its natural proportions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from sambert.limits import FASTEST, RANGES
from sambert.types import Pause, Utterance

ROUNDS = 3  # of measuring and speeding up, where a text must not last longer than it is given
MARGIN = 1.01  # so much faster than measured, as durations are whole frames
Measure = Callable[[Utterance], np.ndarray]  # the ms that each symbol of an utterance lasts, (S,)


def paced(utterances: Iterable[Utterance], measure: Measure) -> Iterator[Utterance]:
    """Utterances without wanted durations pass at once; those that share a stretch are held back until it ends."""
    group: list[Utterance] = []
    for utterance in utterances:
        if group and not _stretches(group[-1]) & _stretches(utterance):
            yield from _in_time(group, measure)
            group = []
        if utterance.timed:
            group.append(utterance)
        else:
            yield utterance
    if group:
        yield from _in_time(group, measure)


def _stretches(utterance: Utterance) -> set[int]:
    return {one.number for one in utterance.timed}


def _in_time(group: list[Utterance], measure: Measure) -> list[Utterance]:
    """What must not last longer is measured again until it does not."""
    for _ in range(ROUNDS if any(one.most for utterance in group for one in utterance.timed) else 1):
        faster = timed(group, [measure(utterance) for utterance in group])
        if faster == group:
            break
        group = faster
    return group


def timed(group: Sequence[Utterance], lasting: Sequence[np.ndarray]) -> list[Utterance]:
    """lasting: the ms that each symbol of each utterance lasts at the rates they have now. Rates stay within what a request may
    ask for, and where a stretch is only not to last longer, between the rate it has and FASTEST; where that is not enough, a
    warning says so."""
    totals: Counter[int] = Counter()
    for utterance, ms in zip(group, lasting, strict=True):
        for stretch in utterance.timed:
            totals[stretch.number] += ms[_free(stretch.inside, utterance.pauses)].sum()
    return [_at_rates(utterance, totals) for utterance in group]


def _free(inside: Sequence[int], pauses: Sequence[Pause]) -> list[int]:
    """Symbols that no exact pause takes the place of."""
    return [at for at in inside if not any(pause.first <= at < pause.last for pause in pauses)]


def _at_rates(utterance: Utterance, totals: Counter[int]) -> Utterance:
    """totals: the ms that each stretch lasts now."""
    symbols = list(utterance.symbols)
    warnings = dict.fromkeys(utterance.warnings)
    for stretch in utterance.timed:
        total = totals[stretch.number]
        if stretch.most and total <= stretch.ms:
            continue
        low, high = (0, FASTEST) if stretch.most else RANGES["rate"]
        for at in _free(stretch.inside, utterance.pauses):
            wanted = symbols[at].controls.rate * total / stretch.ms * (MARGIN if stretch.most else 1)
            rate = min(max(wanted, low), high)
            if rate != wanted:
                least = "" if stretch.most else f"{low:g} 到 "
                warnings[f"时长超出语速 {least}{high:g} 倍所能及，已取边界"] = None
            symbols[at] = replace(symbols[at], controls=replace(symbols[at].controls, rate=rate))
    return replace(utterance, symbols=tuple(symbols), warnings=tuple(warnings))
