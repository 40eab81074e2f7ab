"""KAN-TTS's own code with a pack's weights, timed like ours. In: a pack and a checkout. Out, as JSON: what ``speed`` tells.

The checkout (github.com/alibaba-damo-academy/KAN-TTS, MIT) is the user's: nothing of it is part of this repository. It needs
modules that current releases no longer have and that speaking does not use; they are stood in for. Symbols to samples, without
a front end, as modelscope runs it (torch, eager).
"""

from __future__ import annotations

import argparse
import json
import sys
import types
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml

from sambert import load_voice
from sambert.pack import ORIGIN
from sambert.torch.source import newest_checkpoint
from sambert_build.bench.speed import timed
from sambert_build.bench.texts import LONG, SENTENCES, symbols_of


def _stand_in(name: str, **values: Any) -> None:
    module = types.ModuleType(name)
    module.__dict__.update(values)
    sys.modules[name] = module


def import_reference(checkout: Path) -> types.SimpleNamespace:
    """The classes and functions that speak."""
    sys.path.insert(0, str(checkout))

    class Version(str):
        def __ge__(self, other: object) -> bool:
            return True

    _stand_in("distutils")
    _stand_in("distutils.version", LooseVersion=Version)
    _stand_in("pytorch_wavelets", DWT1DForward=object)
    _stand_in("kantts.utils.audio_torch", stft=None)
    _stand_in("kantts.models.sambert.alignment", b_mas=None)
    _stand_in("kantts.models", __path__=[str(checkout / "kantts" / "models")], model_builder=None)
    _stand_in("ttsfrd")
    _stand_in("unidecode", unidecode=str)
    _stand_in("inflect", engine=lambda: None)
    wanted = {
        "kantts.bin.infer_sambert": ("am_synthesis", "denorm_f0"),
        "kantts.models.hifigan.hifigan": ("Generator",),
        "kantts.models.sambert.kantts_sambert": ("KanTtsSAMBERT",),
        "kantts.utils.ling_unit.ling_unit": ("KanTtsLinguisticUnit", "get_fpdict"),
    }
    found = {name: getattr(import_module(module), name) for module, names in wanted.items() for name in names}
    return types.SimpleNamespace(**found)


class Reference:
    """One voice in KAN-TTS's classes, for plain and NSF (mean_std) voices."""

    def __init__(self, checkout: Path, voice: Path) -> None:
        """voice: a folder with am/ and voc/."""
        self._code = import_reference(checkout)
        configs = {room: yaml.safe_load((voice / room / "config.yaml").read_text()) for room in ("am", "voc")}
        weights = {room: torch.load(newest_checkpoint(voice / room / "ckpt"), weights_only=True, map_location="cpu")["model"]
                   for room in configs}  # fmt: skip
        params = configs["am"]["Model"]["KanTtsSAMBERT"]["params"]
        self._unit = self._code.KanTtsLinguisticUnit(configs["am"])
        params.update(self._unit.get_unit_size())
        self._am = self._code.KanTtsSAMBERT(params).eval()
        self._am.load_state_dict(weights["am"])
        params = configs["voc"]["Model"]["Generator"]["params"]
        self._vocoder = self._code.Generator(**params).eval()
        self._vocoder.load_state_dict(weights["voc"]["generator"])
        self._vocoder.remove_weight_norm()
        self._pitch = np.load(voice / "am" / "mvn.npy") if params.get("nsf_params") else None

    def mel(self, symbols: str) -> np.ndarray:
        mel = self._code.am_synthesis(symbols, self._am, self._unit, "cpu")[1]
        return mel if self._pitch is None else self._code.denorm_f0(mel, f0_feature=self._pitch)

    def wave(self, mel: np.ndarray) -> np.ndarray:
        return self._vocoder(torch.from_numpy(mel).T[None])[0, 0].numpy()


@torch.no_grad()
def measure(checkout: Path, pack: Path, rounds: int) -> dict[str, Any]:
    voice = load_voice(pack)
    reference = Reference(checkout, Path(json.loads((pack / ORIGIN).read_text())["path"]))
    rows = []
    for count, text in {**SENTENCES, **LONG}.items():
        symbols = symbols_of(text, voice)
        mel = reference.mel(symbols)
        rows.append(
            {
                "syllables": count,
                "seconds": len(reference.wave(mel)) / voice.manifest.sample_rate,
                "am": timed(lambda symbols=symbols: reference.mel(symbols), rounds),
                "vocoder": timed(lambda mel=mel: reference.wave(mel), rounds),
            }
        )
    both = [{"seconds": row["seconds"], **{clock: row["am"][clock] + row["vocoder"][clock] for clock in ("wall", "cpu")}}
            for row in rows if row["syllables"] in SENTENCES]  # fmt: skip
    return {"sentences": rows, "requests": both}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("pack", type=Path)
    parser.add_argument("--checkout", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    print(json.dumps(measure(arguments.checkout, arguments.pack, arguments.rounds)))
