"""A voice of the published 16 kHz size (12.7 M + 4.9 M parameters) with random weights: speed does not ask what they are.

In: a folder (``python -m sambert_build.bench.full_voice FOLDER``, build environment). Out: FOLDER/source in KAN-TTS's
layout, and the packs FOLDER/full and FOLDER/full-int8 (its 8-bit variant). The shapes are those of KAN-TTS's
sambert_16k.yaml and hifigan_noncausal_v1_16k.yaml.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
import yaml

from sambert.torch.acoustic import Sambert, Sizes
from sambert.torch.source import read_source
from sambert.torch.vocoder import Generator
from sambert_build.pack import build_pack

NAME = "full"
_ENCODER = {"num_layers": 8, "num_heads": 8, "num_units": 128, "ffn_inner_dim": 1024}
_DECODER = {**_ENCODER, "num_layers": 12, "prenet_units": [256, 256]}
_FSMN = {"filter_size": 41, "lstm_units": 128}
_PREDICTOR = {**_FSMN, "fsmn_num_layers": 3, "num_memory_units": 128, "ffn_inner_dim": 256, "shift": 0}
_POSTNET = {**_FSMN, "fsmn_num_layers": 4, "num_memory_units": 256, "ffn_inner_dim": 512, "shift": 17}
_DROPOUTS = ("dropout", "attention_dropout", "relu_dropout")
AM: dict[str, Any] = {
    **{"max_len": 800, "embedding_dim": 512, "encoder_projection_units": 32, "speaker_units": 32, "emotion_units": 32},
    **{f"encoder_{key}": value for key, value in _ENCODER.items()},
    **{f"decoder_{key}": value for key, value in _DECODER.items()},
    **{f"predictor_{key}": value for key, value in _PREDICTOR.items()},
    **{f"postnet_{key}": value for key, value in _POSTNET.items()},
    **{f"{room}_{key}": 0.1 for room in ("encoder", "decoder") for key in _DROPOUTS},
    **{"predictor_dropout": 0.1, "postnet_dropout": 0.1, "dur_pred_prenet_units": [128, 128], "dur_pred_lstm_units": 128},
    **{"outputs_per_step": 3, "num_mels": 80, "MAS": False},
}
VOC: dict[str, Any] = {
    **{"in_channels": 80, "out_channels": 1, "channels": 256, "kernel_size": 7, "causal": False, "bias": True},
    **{"upsample_scales": [10, 5, 2, 2], "upsample_kernal_sizes": [20, 11, 4, 4]},
    **{"resblock_kernel_sizes": [3, 7, 11], "resblock_dilations": [[1, 3, 5, 7]] * 3},
    **{"nonlinear_activation": "LeakyReLU", "nonlinear_activation_params": {"negative_slope": 0.1}, "use_weight_norm": True},
}
UNIT = {
    "cleaners": "english_cleaners",
    "lfeat_type_list": "sy,tone,syllable_flag,word_segment,emo_category,speaker_category",
    "speaker_list": "F7",
}
# log(duration + 1) of about 9 frames a symbol, the pace of a calm reader, spread so that attention bands are as wide as real ones
LOG_DURATION, DURATION_SPREAD = 2.45, 5.0


def _speakable(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Random weights under which durations are those of speech, and signals in the vocoder neither die nor clip."""
    for name, tensor in state.items():
        if name.endswith("weight_g"):
            tensor.fill_(0.1 if name.startswith("conv_post") else 1.0)
        elif name.endswith("duration_predictor.fc.bias"):
            tensor.fill_(LOG_DURATION)
        elif name.endswith("duration_predictor.fc.weight"):
            tensor.mul_(DURATION_SPREAD)
    return state


def write_source(folder: Path) -> Path:
    """A voice folder (am/, voc/) as KAN-TTS saves it."""
    torch.manual_seed(0)
    folder = folder / NAME
    for room in ("am", "voc"):
        (folder / room / "ckpt").mkdir(parents=True, exist_ok=True)
    am = {"Model": {"KanTtsSAMBERT": {"params": AM}}, "linguistic_unit": UNIT, "audio_config": {"sampling_rate": 16000}}
    voc = {"Model": {"Generator": {"params": VOC}}, "audio_config": {"sampling_rate": 16000}}
    for room, config in (("am", am), ("voc", voc)):
        (folder / room / "config.yaml").write_text(yaml.safe_dump(config))
    torch.save({"model": {"generator": _speakable(Generator(VOC).state_dict())}}, folder / "voc" / "ckpt" / "checkpoint_0.pth")
    sizes = Sizes(sy=147, tone=10, syllable_flag=8, word_segment=8, emotion=36, speaker=4)
    torch.save({"model": _speakable(Sambert(AM, sizes).state_dict())}, folder / "am" / "ckpt" / "checkpoint_0.pth")
    return folder


def main(folder: Path) -> None:
    source = read_source(write_source(folder / "source"))
    build_pack(source, folder / NAME, licence="CC0-1.0")
    build_pack(source, folder / f"{NAME}-int8", name=f"{NAME}-int8", licence="CC0-1.0", weights="int8")
    print(json.dumps({"folder": str(folder)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
