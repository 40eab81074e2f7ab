"""Durations as asked for. In: an utterance and the durations its voice would give. Out: the same at rates that keep the time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sambert.limits import RANGES
from sambert.pack import Manifest
from sambert.types import Utterance


def timed(utterance: Utterance, durations: np.ndarray, manifest: Manifest) -> Utterance:
    """durations: (S,) in frames at the rates that the symbols have now. Rates stay within what a request may ask for; where
    that is not enough, a warning says so."""
    symbols = list(utterance.symbols)
    exact = np.zeros(len(symbols), bool)
    for pause in utterance.pauses:
        exact[pause.first : pause.last] = True
    low, high = RANGES["rate"]
    warnings: tuple[str, ...] = ()
    for stretch in utterance.timed:
        inside = [at for at in range(stretch.first, stretch.last) if not exact[at]]
        lasting = 1000 * max(durations[inside].sum(), 1) * manifest.hop / manifest.sample_rate
        for at in inside:
            wanted = symbols[at].controls.rate * lasting / stretch.ms
            rate = min(max(wanted, low), high)
            if rate != wanted:
                warnings = (f"时长超出语速 {low:g} 到 {high:g} 倍所能及，已取边界",)
            symbols[at] = replace(symbols[at], controls=replace(symbols[at].controls, rate=rate))
    return replace(utterance, symbols=tuple(symbols), warnings=utterance.warnings + warnings)
