"""Whether a voice's emotions differ, and whether more strength is always more. In: a voice, lines. Out: tables, bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sambert.emotions import NEUTRAL
from sambert.synthesizer import Synthesizer
from sambert_distill.evaluate import ears, prosody, said
from sambert_distill.evaluate.bars import APART, Bar

STRENGTHS = (0.0, 0.5, 1.0, 1.5, 2.0)
FIELDS = {"level": "F0 mean, st", "span": "F0 std, st", "rate": "syllables/s", "loudness": "dB"}


def spoken(voice: Synthesizer, texts: Sequence[str], emotion: str, strength: float) -> list[prosody.Prosody]:
    return [prosody.measure(one.samples, len(ears.canonical(one.text)))
            for one in said.student(voice, texts, emotion=emotion, intensity=strength)]  # fmt: skip


def _means(group: Sequence[prosody.Prosody], fields: Sequence[str]) -> list[float]:
    return [float(np.mean([getattr(one, field) for one in group])) for field in fields]


def differ(voice: Synthesizer, texts: Sequence[str]) -> Bar:
    """Prints how each emotion sounds at strength 1; returns the bar of the classifier."""
    names = voice.manifest.emotions
    all_ = {name: spoken(voice, texts, name, 1.0) for name in names}
    fields = (*FIELDS, "tilt")
    print(f"\n| emotion | {' | '.join(FIELDS.values())} | dB a decade |\n|---|---|---|---|---|---|")
    for name, group in all_.items():
        print(f"| {name} | {' | '.join(f'{mean:.2f}' for mean in _means(group, fields))} |", flush=True)
    right = 100 * prosody.told_apart(all_)
    return Bar(f"{len(names)} emotions told apart % ({len(texts)} lines each)", f"{right:.0f}", f"≥ {APART:.0f}", right >= APART)


def ladders(voice: Synthesizer, texts: Sequence[str]) -> dict[str, Mapping[str, list[float]]]:
    """By emotion and field, the means at each of STRENGTHS."""
    still = spoken(voice, texts, NEUTRAL, 1.0)  # at strength 0 every emotion is neutral
    found = {}
    for name in voice.manifest.emotions:
        if name != NEUTRAL:
            groups = [still, *(spoken(voice, texts, name, strength) for strength in STRENGTHS[1:])]
            found[name] = dict(zip(FIELDS, zip(*(_means(group, tuple(FIELDS)) for group in groups), strict=True), strict=True))
    return found


def steady(voice: Synthesizer, texts: Sequence[str]) -> Bar:
    """Prints each field at each strength; returns the bar of their monotony."""
    found = ladders(voice, texts)
    print(f"\n| at strength {', '.join(map(str, STRENGTHS))} | {' | '.join(FIELDS.values())} |\n|---|---|---|---|---|")
    unsteady = 0
    for name, fields in found.items():
        cells = []
        for values in fields.values():
            fine = prosody.steady(values)
            unsteady += not fine
            cells.append(" ".join(f"{value:.1f}" for value in values) + ("" if fine else " **not steady**"))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    count = len(found) * len(FIELDS)
    return Bar("steady over strength (emotions × F0 mean, F0 range, rate, loudness)", f"{count - unsteady} of {count}", "all",
               not unsteady)  # fmt: skip
