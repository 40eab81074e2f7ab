"""Durations as asked for. In: an utterance and the durations its voice would give. Out: the same at rates that keep the time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sambert.limits import FASTEST, RANGES
from sambert.pack import Manifest
from sambert.types import Utterance

ROUNDS = 3  # of measuring and speeding up, where a text must not last longer than it is given
MARGIN = 1.01  # so much faster than measured, as durations are whole frames


def timed(utterance: Utterance, durations: np.ndarray, manifest: Manifest) -> Utterance:
    """durations: (S,) in frames at the rates that the symbols have now. Rates stay within what a request may ask for, and where a
    stretch is only not to last longer, between the rate it has and FASTEST; where that is not enough, a warning says so."""
    symbols = list(utterance.symbols)
    exact = np.zeros(len(symbols), bool)
    for pause in utterance.pauses:
        exact[pause.first : pause.last] = True
    warnings = dict.fromkeys(utterance.warnings)
    for stretch in utterance.timed:
        inside = [at for at in stretch.inside if not exact[at]]
        lasting = 1000 * max(durations[inside].sum(), 1) * manifest.hop / manifest.sample_rate
        if stretch.most and lasting <= stretch.ms:
            continue
        low, high = (0, FASTEST) if stretch.most else RANGES["rate"]
        for at in inside:
            wanted = symbols[at].controls.rate * lasting / stretch.ms * (MARGIN if stretch.most else 1)
            rate = min(max(wanted, low), high)
            if rate != wanted:
                least = "" if stretch.most else f"{low:g} 到 "
                warnings[f"时长超出语速 {least}{high:g} 倍所能及，已取边界"] = None
            symbols[at] = replace(symbols[at], controls=replace(symbols[at].controls, rate=rate))
    return replace(utterance, symbols=tuple(symbols), warnings=tuple(warnings))
