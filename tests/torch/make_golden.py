"""Renews golden/: what KAN-TTS's own classes give for the tiny voices.

    .venv-build/bin/python tests/torch/make_golden.py PATH_TO_A_KAN-TTS_CHECKOUT

In: a checkout of github.com/alibaba-damo-academy/KAN-TTS (MIT). Out: golden/FLAVOUR.npz with each sentence's post-net
output and the wave of the first under torch.manual_seed(7). Not run by the tests: they only compare with what it wrote.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tiny import F0, FLAVOURS, SYMBOLS, am_config, make, voc_config

from sambert_build.bench.reference import import_reference

SEED = 7
WAVE = 2000  # samples kept
THIN = 5  # of the mels every fifth frame is kept


def _acoustic(reference: Any, flavour: str, voice: Path) -> Any:
    config = am_config(flavour)
    params = config["Model"]["KanTtsSAMBERT"]["params"]
    unit = reference.KanTtsLinguisticUnit(config)
    sizes = unit.get_unit_size()
    params.update(sizes if FLAVOURS[flavour][2] else {name: size - 1 for name, size in sizes.items()})
    model = reference.KanTtsSAMBERT(params).eval()
    model.load_state_dict(torch.load(voice / "am/ckpt/checkpoint_7.pth", weights_only=True)["model"], strict=True)
    if params.get("FP"):
        fillers = reference.get_fpdict(config)
        model.fp_dict = {kind: torch.from_numpy(ids).long().unsqueeze(0) for kind, ids in fillers.items()}
    vector = np.load(voice / "am/se.npy") if params.get("SE") else None
    return lambda symbols: reference.am_synthesis(symbols, model, unit, "cpu", se=vector)[1]


def _wave(reference: Any, flavour: str, voice: Path, mel: np.ndarray) -> np.ndarray:
    params = voc_config(flavour)["Model"]["Generator"]["params"]
    model = reference.Generator(**params).eval()
    model.load_state_dict(torch.load(voice / "voc/ckpt/checkpoint_7.pth", weights_only=True)["model"]["generator"])
    if "nsf_params" in params:
        norm = FLAVOURS[flavour][0].get("nsf_norm_type", "mean_std")
        mel = reference.denorm_f0(mel.copy(), norm_type=norm, f0_feature=F0 if norm == "mean_std" else [730.0, 30.0])
    torch.manual_seed(SEED)
    return model(torch.from_numpy(mel).T[None])[0, 0].numpy()[:WAVE]


@torch.no_grad()
def main(checkout: Path) -> None:
    reference = import_reference(checkout)
    for flavour in FLAVOURS:
        with tempfile.TemporaryDirectory() as folder:
            voice = make(flavour, Path(folder)) / "voices" / "tiny"
            speak = _acoustic(reference, flavour, voice)
            mels = {name: speak(symbols) for name, symbols in SYMBOLS.items()}
            wave = _wave(reference, flavour, voice, mels["short"])
        kept = {name: mel[::THIN] for name, mel in mels.items()}
        np.savez_compressed(Path(__file__).parent / "golden" / f"{flavour}.npz", wave=wave, mel_of_wave=mels["short"], **kept)
        print(flavour, {name: mel.shape for name, mel in mels.items()}, float(np.abs(wave).max()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
