"""A trained voice as a ModelScope directory. In: weights and configurations. Out: the folder that build-voice reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from torch import Tensor

from sambert_distill.emotions import RECIPES
from sambert_distill.features import Scales
from sambert_distill.sound import RATE


def write(out: Path, name: str, am_config: Mapping[str, Any], voc_config: Mapping[str, Any], am: Mapping[str, Tensor],
          voc: Mapping[str, Tensor], scales: Scales, steps: tuple[int, int], phones: Sequence[str]) -> Path:  # fmt: skip
    """Write a ModelScope directory of one voice. steps: of the acoustic model and the vocoder. phones: those that occurred in
    training; beside the emotions and the scales they go to trained.json, which build-voice reads."""
    folder = out / "voices" / name
    for room, config, state, count in (("am", am_config, {"model": dict(am)}, steps[0]),
                                       ("voc", voc_config, {"model": {"generator": dict(voc)}}, steps[1])):  # fmt: skip
        (folder / room / "ckpt").mkdir(parents=True, exist_ok=True)
        (folder / room / "config.yaml").write_text(yaml.safe_dump(dict(config)), encoding="utf-8")
        torch.save({**state, "steps": count}, folder / room / "ckpt" / f"checkpoint_{count}.pth")
    np.save(folder / "am" / "mvn.npy", np.asarray(scales.f0, np.float32).reshape(2, 1))
    # Labels without #2 have #1 after each word; a front end that merged words would say what was never learned.
    prosody = "full" if "#2" in phones else "words"
    trained = {"emotions": ["neutral", *RECIPES], "phones": list(phones), "prosody": prosody,
               "scales": {"mel": scales.mel.tolist(), "energy": scales.energy.tolist()}}  # fmt: skip
    (folder / "trained.json").write_text(json.dumps(trained), encoding="utf-8")
    (folder / "audio_config.yaml").write_text(yaml.safe_dump({"audio_config": am_config["audio_config"]}), encoding="utf-8")
    card = {"framework": "pytorch", "task": "text-to-speech", "pipeline": {"type": "sambert-hifigan-tts"},
            "model": {"type": "sambert-hifigan", "sample_rate": RATE, "am": {"linguistic_unit": {"has_mask": True}}}}  # fmt: skip
    (out / "configuration.json").write_text(json.dumps(card, indent=1), encoding="utf-8")
    (out / "voices" / "voices.json").write_text(json.dumps({"voices": [name]}), encoding="utf-8")
    return out
