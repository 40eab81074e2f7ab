"""A distilled voice's pack back as state dicts, so that it can be trained further where its checkpoints are no more.

In: a voice pack whose decoder does not listen to itself and whose vocoder is a source-filter one. Out: both state dicts, as
exact as the pack's weights are (16 bits, 8 in the vocoder's products). What the graphs hold as one, two biases or a product,
comes back as one of the two and a neutral other; a pack built of them speaks the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from sambert.acoustic.positions import sinusoid_table
from sambert.errors import SpeechError
from sambert.pack import GRAPHS
from sambert.torch.acoustic import Sambert, Sizes
from sambert.torch.source import vocoder_of
from sambert_build.decoder_graph import ROOT
from sambert_build.layers import State

DURATIONS = "variance_adaptor.duration_predictor"
PITCH_AND_ENERGY = ("variance_adaptor.pitch_predictor.blstm", "variance_adaptor.energy_predictor.blstm")


@dataclass(frozen=True)
class Unpacked:
    """am_state, voc_state: load strictly into models of the parameters that were given."""

    am_state: dict[str, torch.Tensor]
    voc_state: dict[str, torch.Tensor]
    voc_params: dict[str, Any]


def unpack(folder: Path, am_params: dict[str, Any], sizes: Sizes, voc_params: dict[str, Any]) -> Unpacked:
    """The weights of the pack in ``folder``. The parameters are those it was built with.

    Raises source_invalid where the pack is of another kind or of other sizes.
    """
    text, mel, vocoder = (_weights(folder / f"{name}.onnx") for name in GRAPHS)
    with np.load(folder / "tables.npz") as stored:
        tables = dict(stored)
    try:
        acoustic = _acoustic(text | mel, tables, _empty(Sambert(am_params, sizes)))
        filters = _vocoder(vocoder, _empty(vocoder_of(voc_params)))
    except (KeyError, ValueError) as error:
        raise SpeechError("source_invalid", reason=f"{folder} 不是同样大小的蒸馏音色：{error}") from error
    return Unpacked(_tensors(acoustic), _tensors(filters), voc_params)


def _weights(path: Path) -> State:
    """All constants of a graph by the names they had in the checkpoint, in float32."""
    raw = {weight.name.removesuffix(".half"): numpy_helper.to_array(weight) for weight in onnx.load(path).graph.initializer}
    found = {name: value for name, value in raw.items() if value.dtype.kind == "f" and not name.endswith(".scale")}
    for name in [name.removesuffix(".eighth") for name in raw if name.endswith(".eighth")]:
        found[name] = raw[f"{name}.eighth"] * raw[f"{name}.scale"].astype(np.float32)
    return {name: value.astype(np.float32) for name, value in found.items()}


def _empty(model: torch.nn.Module) -> State:
    """The state of a model of these sizes: for what no pack holds, which stays 0, and for every shape."""
    return {name: np.zeros(tensor.shape, np.float32) for name, tensor in model.state_dict().items()}


def _tensors(state: State) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(np.ascontiguousarray(value, np.float32)) for name, value in state.items()}


def _acoustic(packed: State, tables: dict[str, np.ndarray], state: State) -> State:
    _put(state, {name: value for name, value in packed.items() if name in state and "lstm." not in name})
    for name in (*PITCH_AND_ENERGY, "mel_postnet.lstm"):
        _put(state, _lstm(packed, name))
    positions = "text_encoder.ling_enc.position_enc.position_enc"
    table = tables.get("positions", sinusoid_table(*state[positions].shape[1:]))
    _put(state, {positions: table, "emo_tokenizer.weight": tables["emotion"], "spk_tokenizer.weight": tables["speaker"],
                "variance_adaptor.dur_position_encoder.inv_timescales": packed["dur_scales"]})  # fmt: skip
    _put(state, _duration_lstm(packed, heard=state[f"{DURATIONS}.prenet.fcs.3.weight"].shape[0]))
    _put(state, _decoder(packed, state))
    return state


def _put(state: State, values: State) -> None:
    """values into state, each in the shape it has there. Raises KeyError or ValueError where one does not fit."""
    for name, value in values.items():
        state[name] = value.reshape(state[name].shape)


def _torch_gates(rows: np.ndarray) -> np.ndarray:
    """ONNX's gate order (input, output, forget, cell) → torch's (input, forget, cell, output)."""
    i, o, f, c = np.split(rows, 4)
    return np.concatenate([i, f, c, o])


def _lstm(packed: State, name: str) -> State:
    """Inverse of layers.lstm, one direction or two."""
    found: State = {}
    for row, suffix in zip(range(len(packed[f"{name}.bias"])), ("", "_reverse"), strict=False):
        inner, outer = np.split(packed[f"{name}.bias"][row], 2)
        parts = {"weight_ih": packed[f"{name}.weight_ih_l0"][row], "weight_hh": packed[f"{name}.weight_hh_l0"][row],
                 "bias_ih": inner, "bias_hh": outer}  # fmt: skip
        found |= {f"{name}.{part}_l0{suffix}": _torch_gates(value) for part, value in parts.items()}
    return found


def _duration_lstm(packed: State, heard: int) -> State:
    """heard: units of the prenet, the part of the first layer's input that is not its condition."""
    found: State = {}
    for layer in (0, 1):
        joint = packed[f"{DURATIONS}.lstm.inner_{layer}"].T
        split = heard if layer == 0 else joint.shape[1] // 2
        outer = [joint[:, :split], *([packed[f"{DURATIONS}.condition"].T] if layer == 0 else [])]
        found[f"{DURATIONS}.lstm.weight_ih_l{layer}"] = np.concatenate(outer, axis=1)
        found[f"{DURATIONS}.lstm.weight_hh_l{layer}"] = joint[:, split:]
        found[f"{DURATIONS}.lstm.bias_ih_l{layer}"] = packed[f"{DURATIONS}.bias_{layer}"]
    return found


def _decoder(packed: State, state: State) -> State:
    """A decoder that hears nothing of itself: its prenet is 0, and what the prenet would go through is not in the pack."""
    if np.any(packed[f"{ROOT}.silent_prenet"]):
        raise ValueError("silent_prenet")
    shape = state[f"{ROOT}.dec_in_proj.weight"].shape
    scale = shape[0] ** 0.5
    memory = packed[f"{ROOT}.enter_memory"].T / scale
    through = np.zeros((shape[0], shape[1] - memory.shape[1]), np.float32)
    found = {f"{ROOT}.dec_in_proj.weight": np.concatenate([memory, through], axis=1),
             f"{ROOT}.dec_in_proj.bias": packed[f"{ROOT}.enter_bias"] / scale}  # fmt: skip
    for name in [name.removesuffix(".fc.weight") for name in packed if name.endswith(".pnca_attn.fc.weight")]:
        own, ahead = np.split(packed[f"{name}.fc.weight"], 2, axis=1)
        found |= {f"{name}.fc_x.weight": own, f"{name}.fc_h.weight": ahead, f"{name}.fc_x.bias": packed[f"{name}.fc.bias"]}
    return found


def _vocoder(packed: State, state: State) -> State:
    """Products lie transposed in the graph, convolutions with an axis more, and gamma is folded into ``down``."""
    for name, shaped in state.items():
        if name.endswith(".gamma"):
            state[name] = np.ones_like(shaped)
        else:
            state[name] = (packed[name].T if packed[name].ndim == 2 else packed[name]).reshape(shaped.shape)
    return state
