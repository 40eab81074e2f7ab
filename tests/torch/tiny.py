"""Generated voices of every flavour, in ModelScope's layout, with weights that depend on nothing but their names.

In: a flavour's name and a folder. Out: a model directory that ``read_source`` reads. Real graph interface, 30 KB of weights.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml

from sambert.torch.acoustic import Sambert, Sizes
from sambert.torch.source import symbol_table, vocoder_of

AM = {
    "max_len": 40,  # below the length of SYMBOLS' longest sentence, so that the formula beyond the table is used too
    "embedding_dim": 16,
    **{f"encoder_{k}": v for k, v in {"num_layers": 2, "num_heads": 2, "num_units": 8, "ffn_inner_dim": 12}.items()},
    **{f"decoder_{k}": v for k, v in {"num_layers": 2, "num_heads": 2, "num_units": 8, "ffn_inner_dim": 12}.items()},
    **{f"{room}_{k}": 0.1 for room in ("encoder", "decoder") for k in ("dropout", "attention_dropout", "relu_dropout")},
    "encoder_projection_units": 8,
    "speaker_units": 6,
    "emotion_units": 6,
    "predictor_filter_size": 41,
    "predictor_fsmn_num_layers": 2,
    "predictor_num_memory_units": 8,
    "predictor_ffn_inner_dim": 10,
    "predictor_dropout": 0.1,
    "predictor_shift": 0,
    "predictor_lstm_units": 7,
    "dur_pred_prenet_units": [9, 8],
    "dur_pred_lstm_units": 7,
    "decoder_prenet_units": [9, 10],
    "outputs_per_step": 3,
    "num_mels": 80,
    "postnet_filter_size": 41,
    "postnet_fsmn_num_layers": 2,
    "postnet_num_memory_units": 8,
    "postnet_ffn_inner_dim": 10,
    "postnet_dropout": 0.1,
    "postnet_shift": 17,
    "postnet_lstm_units": 7,
    "MAS": False,
}
VOC = {
    "in_channels": 80,
    "out_channels": 1,
    "channels": 16,
    "kernel_size": 7,
    "upsample_scales": [5, 4, 2],
    "upsample_kernal_sizes": [11, 8, 4],
    "resblock_kernel_sizes": [3, 7],
    "resblock_dilations": [[1, 3], [1, 3]],
    "bias": True,
    "causal": False,
    "nonlinear_activation": "LeakyReLU",
    "nonlinear_activation_params": {"negative_slope": 0.1},
    "use_weight_norm": True,
}
_NSF = {"nb_harmonics": 7, "sampling_rate": 16000}
# flavour: (acoustic, vocoder, has_mask)
FLAVOURS: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "plain": ({}, {}, True),
    "causal": ({}, {"causal": True}, True),
    "nsf": ({"NSF": True, "num_mels": 82}, {"nsf_params": _NSF}, True),
    "nsf_causal": ({"NSF": True, "num_mels": 82}, {"nsf_params": _NSF, "causal": True}, True),
    "se_nsf": (
        {"NSF": True, "num_mels": 82, "SE": True, "speaker_units": 192, "nsf_norm_type": "global"},
        {"nsf_params": _NSF},
        True,
    ),
    "mas": ({"MAS": True}, {}, True),
    "fp": ({"FP": True}, {}, True),
    "legacy": ({}, {}, False),
    "parallel": ({}, {}, True),  # a prenet of zeros: the decoder in one pass
}
# Kinds that KAN-TTS does not have, so that nothing is golden: both back ends are held against each other.
OURS: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "source_filter": (
        {"NSF": True, "num_mels": 82},
        {"kind": "source_filter", "hop": 40, "fine_hop": 20, "window": 80, "width": 8, "inner": 12, "slow_blocks": 1,
         "fast_blocks": 2},
        True,
    ),
}  # fmt: skip
ALL = FLAVOURS | OURS
SPEAKERS = "F7,M7"
F0 = np.array([[220.0], [50.0]], np.float32)


def sentence(syllables: int, emotion: str = "neutral", speaker: str = "F7") -> str:
    """KAN-TTS symbols of so many syllables."""
    tail, tokens = f"emotion_{emotion}${speaker}", []
    phones = [("n_c", "i_c"), ("h_c", "ao_c"), ("zh_c", "ong_c"), ("g_c", "uo_c")]
    for number in range(syllables):
        tone = f"tone{number % 5 + 1}"
        for phone, flag in zip(phones[number % 4], ("s_begin", "s_end"), strict=True):
            tokens.append(f"{{{phone}${tone}${flag}$word_both${tail}}}")
        if number % 3 == 2:
            tokens.append(f"{{#{min(number % 4 + 1, 3)}$tone_none$s_none$word_none${tail}}}")
    return " ".join([*tokens, f"{{#4$tone_none$s_none$word_none${tail}}}"])


SYMBOLS = {"short": sentence(4), "long": sentence(20, "happy", "M7")}


def am_config(flavour: str) -> dict[str, Any]:
    unit = {
        "cleaners": "english_cleaners",
        "lfeat_type_list": "sy,tone,syllable_flag,word_segment,emo_category,speaker_category",
        "speaker_list": SPEAKERS,
    }
    params = {**AM, **ALL[flavour][0]}
    return {"Model": {"KanTtsSAMBERT": {"params": params}}, "linguistic_unit": unit, "audio_config": {"sampling_rate": 16000}}


def voc_config(flavour: str) -> dict[str, Any]:
    return {"Model": {"Generator": {"params": {**VOC, **ALL[flavour][1]}}}, "audio_config": {"sampling_rate": 16000}}


def fill(state: dict[str, torch.Tensor], flavour: str) -> dict[str, torch.Tensor]:
    """Weights from their names, sized so that signals neither die nor burst."""
    filled = {}
    for name, tensor in state.items():
        noise = np.random.RandomState(zlib.crc32(name.encode())).randn(*tensor.shape).astype(np.float32)
        if "position" in name:
            filled[name] = tensor
        elif name == "conv_post.conv1d.weight_g":
            filled[name] = torch.full_like(tensor, 0.1)  # far from where tanh hides differences
        elif name.endswith("weight_g") or (("layer_norm" in name or ".ln." in name) and name.endswith("weight")):
            filled[name] = torch.from_numpy(1 + 0.1 * noise)
        elif name.endswith("duration_predictor.fc.bias"):
            filled[name] = torch.full_like(tensor, 1.7)  # a random voice must not be silent
        elif flavour == "parallel" and name.endswith("prenet.fcs.0.weight") and "mel_dec" in name:
            filled[name] = torch.zeros_like(tensor)
        else:
            fan_in = max(int(np.prod(tensor.shape[1:])), 1) if tensor.ndim > 1 else 25
            filled[name] = torch.from_numpy(noise / np.sqrt(fan_in).astype(np.float32))
    return filled


def make(flavour: str, folder: Path) -> Path:
    """Write the model directory and return it."""
    voice = folder / "voices" / "tiny"
    for room in ("am", "voc"):
        (voice / room / "ckpt").mkdir(parents=True)
    am, voc = am_config(flavour), voc_config(flavour)
    has_mask = ALL[flavour][2]
    card = {"model": {"am": {"linguistic_unit": {"has_mask": has_mask}}}}
    (folder / "configuration.json").write_text(json.dumps(card))
    (folder / "voices" / "voices.json").write_text('{"voices": ["tiny"]}')
    (voice / "am" / "config.yaml").write_text(yaml.safe_dump(am))
    (voice / "voc" / "config.yaml").write_text(yaml.safe_dump(voc))
    params = am["Model"]["KanTtsSAMBERT"]["params"]
    acoustic = Sambert(params, Sizes(**symbol_table(am["linguistic_unit"], has_mask).sizes))
    vocoder = vocoder_of(voc["Model"]["Generator"]["params"])
    weights = {"model": fill(acoustic.state_dict(), flavour), "steps": 7}
    # An older checkpoint lies beside the newest, as KAN-TTS leaves them.
    torch.save({"model": {}, "steps": 3}, voice / "am" / "ckpt" / "checkpoint_3.pth")
    torch.save(weights, voice / "am" / "ckpt" / "checkpoint_7.pth")
    generator = {"generator": fill(vocoder.state_dict(), flavour), "discriminator": {}}
    torch.save({"model": generator, "steps": 7}, voice / "voc" / "ckpt" / "checkpoint_7.pth")
    np.save(voice / "am" / "mvn.npy", F0)
    np.save(voice / "am" / "se.npy", np.random.RandomState(0).randn(1, 192).astype(np.float32))
    return folder
