"""What the front end alone costs. In: what to measure, start or speed. Out, as JSON: seconds, MB, characters a second.

``start`` runs in a fresh process: numpy first, then the front end and a first sentence, so that each stands beside the other.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

ROUNDS = 5
EVERY = 40  # of the sentences in everyday.txt


def peak_mb() -> float:
    """Of this program alone: what getrusage tells begins with the parent's size. Linux only."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def start(text: str) -> dict[str, float]:
    begun = time.perf_counter()
    import numpy  # noqa: F401

    beside, before_mb = time.perf_counter(), peak_mb()
    from sambert.frontend import VoiceTraits, utterances
    from sambert.types import Request

    traits = VoiceTraits(phones=frozenset())
    spoken = sum(len(piece.symbols) for piece in utterances(Request(text=text), traits))
    ready = time.perf_counter()
    return {"numpy": beside - begun, "first": ready - beside, "mb": peak_mb() - before_mb, "symbols": spoken}


def speed(texts: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """Characters a second of CPU time, best and worst of some rounds after one that is not counted; and MB at the end."""
    from sambert.frontend import VoiceTraits, utterances
    from sambert.types import Request

    traits = VoiceTraits(phones=frozenset())
    found = {}
    for name, lines in texts.items():
        characters, rates = sum(map(len, lines)), []
        for _ in range(ROUNDS + 1):
            begun = time.process_time()
            for line in lines:
                for _ in utterances(Request(text=line), traits):
                    pass
            rates.append(characters / (time.process_time() - begun))
        found[name] = {"best": max(rates[1:]), "worst": min(rates[1:]), "first": rates[0], "characters": characters}
    return found


def everyday() -> list[str]:
    """Three hundred sentences of everyday prose."""
    from sambert_build.frontend.labelled import EVERYDAY

    return [line.split("\t")[1] for line in EVERYDAY.read_text("utf-8").splitlines()[::EVERY]]


def main() -> None:
    if sys.argv[1] == "start":
        print(json.dumps(start(sys.argv[2])))
    else:
        import numpy  # noqa: F401

        from sambert_build.bench.texts import FIGURES

        before_mb = peak_mb()
        found = speed({"prose": everyday(), "figures": FIGURES})
        print(json.dumps({**found, "mb": peak_mb() - before_mb}))


if __name__ == "__main__":
    main()
