"""A voice made wider without changing what it says (Net2Wider, arXiv:1511.05641): full-size weights that really speak.

In: a small ModelScope / KAN-TTS voice with a HiFi-GAN vocoder, and a folder (``python -m sambert_build.bench.wider SOURCE
FOLDER``, build environment). Out: FOLDER/voice with twice the vocoder's channels and twice the hidden units of every
feed-forward layer, and its packs FOLDER/fp32 and FOLDER/int8. Each channel is there twice; what leaves both is the old weight,
split unevenly at random, so that no two weights are alike and rounding them costs as much as in a voice that was trained at
this size. The decoder becomes a loop as published voices have it: the prenet gets a weight that nothing downstream listens to.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import torch
import yaml
from torch import Tensor

from sambert.torch.source import newest_checkpoint, read_source
from sambert_build.pack import build_pack

UNEVEN = 0.5  # standard deviation of the split, over that of the weights
PRENET = "mel_decoder.mel_dec.prenet.fcs.0.weight"


def twice_out(weight: Tensor, axis: int = 0) -> Tensor:
    return torch.cat([weight, weight], axis)


def split_in(weight: Tensor, axis: int = 1) -> Tensor:
    """The sum over both halves is the old weight."""
    uneven = torch.randn_like(weight) * weight.std() * UNEVEN
    return torch.cat([weight / 2 + uneven, weight / 2 - uneven], axis)


def wider_vocoder(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """state: weight-normed, as saved."""
    done = {}
    for name in (key.removesuffix("_v") for key in state if key.endswith("weight_v")):
        weight = torch._weight_norm(state[f"{name}_v"], state[f"{name}_g"], 0)
        bias = state[name.replace("weight", "bias")]
        if "deconv" in name:
            weight, bias = twice_out(split_in(weight, 0), 1), twice_out(bias)
        else:
            if not name.startswith(("conv_pre", "source_")):
                weight = split_in(weight)
            if not name.startswith(("conv_post", "source_module")):
                weight, bias = twice_out(weight), twice_out(bias)
        done |= {f"{name}_v": weight, f"{name}_g": weight.norm(dim=(1, 2), keepdim=True), name.replace("weight", "bias"): bias}
    return done


def wider_acoustic(state: dict[str, Tensor]) -> dict[str, Tensor]:
    done = dict(state)
    for name in state:
        if name.endswith(("pos_ffn.w_1.weight", "pos_ffn.w_1.bias")):
            done[name] = twice_out(state[name])
        elif name.endswith("pos_ffn.w_2.weight"):
            done[name] = split_in(state[name])
    if not state[PRENET].any():
        done[PRENET] = state[PRENET].clone()
        done[PRENET][0, 0] = 1e-3
    return done


def write_source(source: Path, out: Path) -> Path:
    """A voice folder (am/, voc/) twice as wide as that of ``source``."""
    torch.manual_seed(0)
    shutil.copytree(read_source(source).root, out, dirs_exist_ok=True)
    am, voc = (torch.load(newest_checkpoint(out / room / "ckpt"), weights_only=True, map_location="cpu")
               for room in ("am", "voc"))  # fmt: skip
    am["model"] = wider_acoustic(am["model"])
    voc["model"]["generator"] = wider_vocoder(voc["model"]["generator"])
    for room, content in (("am", am), ("voc", voc)):
        torch.save(content, newest_checkpoint(out / room / "ckpt"))
        config = yaml.safe_load((out / room / "config.yaml").read_text())
        params = next(iter(config["Model"].values()))["params"]
        for key in ("channels", "encoder_ffn_inner_dim", "decoder_ffn_inner_dim"):
            if key in params:
                params[key] *= 2
        (out / room / "config.yaml").write_text(yaml.safe_dump(config))
    return out


def main(source: Path, folder: Path) -> None:
    voice = read_source(write_source(source, folder / "voice"))
    for weights in ("fp32", "int8"):
        build_pack(voice, folder / weights, name=f"wide-{weights}", weights=weights)
    print(json.dumps({"folder": str(folder)}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
