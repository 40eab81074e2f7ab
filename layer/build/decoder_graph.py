"""The PNCA decoder as ONNX nodes: an exact windowed loop, or one parallel pass where the voice allows it.

In: memory (N, D) and the band width. Out: (N, M·fold). A step reads only the last ``band`` own steps and the next ``band``
memory steps, which is what the reference's masks leave over, so its cost does not depend on the sentence's length.

A voice whose prenet weights are zero does not listen to its own last frame; then every step is known at once and the whole
decoder is one pass of banded attention. The answer is the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sambert_build.graph import BOOL, INT64, Graph
from sambert_build.layers import State, attention, heads, layer_norm, linear, mask_scores

ROOT = "mel_decoder.mel_dec"


def is_parallel(state: State) -> bool:
    """Whether the decoder ignores its previous frame."""
    return not np.any(state[f"{ROOT}.prenet.fcs.0.weight"])


def decode(g: Graph, params: dict[str, Any], state: State, memory: str, band: str) -> str:
    """band: scalar int64."""
    build = _parallel if is_parallel(state) else _loop
    return build(g, params, state, memory, band)


def _shape(params: dict[str, Any]) -> tuple[int, int]:
    return params["decoder_num_heads"], params["decoder_num_units"] // params["decoder_num_heads"]


def _entry(g: Graph, params: dict[str, Any], state: State, memory: str) -> tuple[str, np.ndarray]:
    """The memory's share of each step's input (N, d), and the matrix that the prenet's hidden units go through.

    The prenet's last layer and dec_in_proj follow each other without a non-linearity, so they are multiplied here.
    """
    scale = params["decoder_num_units"] ** 0.5
    joint, tail = state[f"{ROOT}.dec_in_proj.weight"], f"{ROOT}.prenet.fcs.6"
    d_memory = joint.shape[1] - params["decoder_num_units"]
    through = joint[:, d_memory:]
    bias = (state[f"{ROOT}.dec_in_proj.bias"] + through @ state[f"{tail}.bias"]) * scale
    projected = g.op("MatMul", memory, g.weight(f"{ROOT}.enter_memory", (joint[:, :d_memory] * scale).T))
    return g.op("Add", projected, g.weight(f"{ROOT}.enter_bias", bias)), (through @ state[f"{tail}.weight"] * scale).T


def _feed_forward(g: Graph, state: State, name: str, x: str) -> str:
    hidden = g.op("Relu", linear(g, state, f"{name}.pos_ffn.w_1", layer_norm(g, state, f"{name}.pos_ffn.layer_norm", x)))
    return g.op("Add", linear(g, state, f"{name}.pos_ffn.w_2", hidden), x)


def _join(g: Graph, state: State, name: str, own: str, ahead: str, x: str) -> str:
    """Both attentions' output layers as one product, plus the residual."""
    name = f"{name}.pnca_attn"
    both = np.concatenate([state[f"{name}.fc_x.weight"], state[f"{name}.fc_h.weight"]], axis=1)
    bias = g.weight(f"{name}.fc.bias", state[f"{name}.fc_x.bias"] + state[f"{name}.fc_h.bias"])
    out = g.op("Gemm", g.op("Concat", own, ahead, axis=1), g.weight(f"{name}.fc.weight", both), bias, transB=1)
    return g.op("Add", out, x)


def _leave(g: Graph, state: State, x: str) -> str:
    return linear(g, state, f"{ROOT}.dec_out_proj", layer_norm(g, state, f"{ROOT}.ln", x))


def _parallel(g: Graph, params: dict[str, Any], state: State, memory: str, band: str) -> str:
    shape = _shape(params)
    entry, through = _entry(g, params, state, memory)
    hidden = np.maximum(state[f"{ROOT}.prenet.fcs.0.bias"], 0)
    hidden = np.maximum(state[f"{ROOT}.prenet.fcs.3.weight"] @ hidden + state[f"{ROOT}.prenet.fcs.3.bias"], 0)
    x = g.op("Add", entry, g.weight(f"{ROOT}.silent_prenet", hidden @ through))
    count = g.squeeze(g.op("Shape", memory, start=0, end=1), 0)
    clock = g.op("Range", g.scalar(0), count, g.scalar(1))
    ahead = g.op("Sub", g.unsqueeze(clock, 0), g.unsqueeze(clock, 1))  # key minus query
    zero = g.scalar(0)
    own_mask = g.op("And", g.op("LessOrEqual", ahead, zero), g.op("GreaterOrEqual", ahead, g.op("Neg", band)))
    memory_mask = g.op("And", g.op("GreaterOrEqual", ahead, zero), g.op("LessOrEqual", ahead, band))
    own_bias, memory_bias = mask_scores(g, own_mask), mask_scores(g, memory_mask)
    for layer in range(params["decoder_num_layers"]):
        name = f"{ROOT}.pnca.{layer}"
        qkv = linear(g, state, f"{name}.pnca_attn.w_x_qkv", layer_norm(g, state, f"{name}.pnca_attn.layer_norm", x))
        q, k, v = (heads(g, part, shape[0]) for part in g.ops("Split", 3, qkv, axis=1, num_outputs=3))
        known = linear(g, state, f"{name}.pnca_attn.w_h_kv", memory)
        hk, hv = (heads(g, part, shape[0]) for part in g.ops("Split", 2, known, axis=1, num_outputs=2))
        own, seen = attention(g, q, k, v, shape, own_bias), attention(g, q, hk, hv, shape, memory_bias)
        x = _feed_forward(g, state, name, _join(g, state, name, own, seen, x))
    return _leave(g, state, x)


def _memory_windows(g: Graph, params: dict[str, Any], state: State, memory: str, band: str) -> str:
    """Keys and values of all layers, padded by ``band`` steps at the end: (2·layers, H, N + band, d)."""
    names = [f"{ROOT}.pnca.{layer}.pnca_attn.w_h_kv" for layer in range(params["decoder_num_layers"])]
    weight = g.weight(f"{ROOT}.all_kv.weight", np.concatenate([state[f"{name}.weight"] for name in names]))
    bias = g.weight(f"{ROOT}.all_kv.bias", np.concatenate([state[f"{name}.bias"] for name in names]))
    rows = g.op("Gemm", memory, weight, bias, transB=1)
    split = g.op("Transpose", g.reshape(rows, 0, 2 * len(names), *_shape(params)), perm=[1, 2, 0, 3])
    pads = g.op("Concat", g.ints(0, 0, 0, 0, 0, 0), g.unsqueeze(band, 0), g.ints(0), axis=0)
    return g.op("Pad", split, pads)


def _loop(g: Graph, params: dict[str, Any], state: State, memory: str, band: str) -> str:
    layers, (count, d_head) = params["decoder_num_layers"], _shape(params)
    entry, through = _entry(g, params, state, memory)
    windows = _memory_windows(g, params, state, memory, band)
    steps = g.squeeze(g.op("Shape", memory, start=0, end=1), 0)
    width = g.op("Add", band, g.scalar(1))
    places = g.op("Range", g.scalar(0), width, g.scalar(1))

    body = Graph("decoder", g)
    step = body.input("dec_step", [], INT64)
    body.input("dec_go", [], BOOL)
    previous = body.input("dec_previous", [1, params["num_mels"]])
    own = [body.input(f"dec_{part}{layer}", [count, "W", d_head]) for layer in range(layers) for part in "kv"]
    # Places of the own window that lie before the first step, and of the memory window beyond the last, are shut.
    begun = body.op("GreaterOrEqual", body.op("Add", body.op("Sub", step, band), places), body.scalar(0))
    not_over = body.op("Less", body.op("Add", step, places), steps)
    own_bias, memory_bias = mask_scores(body, begun), mask_scores(body, not_over)
    at = body.unsqueeze(step, 0)
    window = body.slice(windows, at, body.op("Add", at, body.unsqueeze(width, 0)), axis=2)
    ahead = body.ops("Split", 2 * layers, window, axis=0, num_outputs=2 * layers)
    x = body.op("Relu", linear(body, state, f"{ROOT}.prenet.fcs.0", previous))
    x = body.op("Relu", linear(body, state, f"{ROOT}.prenet.fcs.3", x))
    x = body.op("Add", body.op("MatMul", x, body.weight(f"{ROOT}.enter_prenet", through)), body.op("Gather", entry, at))
    kept: list[str] = []
    for layer in range(layers):
        pair = slice(2 * layer, 2 * layer + 2)
        x, window_kv = _step_block(body, params, state, layer, x, own[pair], ahead[pair], (own_bias, memory_bias))
        kept += window_kv
    out = _leave(body, state, x)
    last = body.slice(out, body.ints(-params["num_mels"]), body.ints(2**31 - 1), axis=1)
    body.output("dec_more", "dec_go", [], BOOL)
    for number, value in enumerate([last, *kept, out]):
        body.output(f"dec_out_{number}", value, None)
    shape = g.op("Concat", g.ints(count), g.unsqueeze(width, 0), g.ints(d_head), axis=0)
    empty = g.op("Expand", g.number(0.0), shape)
    start = g.weight("dec_start", np.zeros((1, params["num_mels"])))
    return g.squeeze(g.loop(steps, body, [start] + [empty] * (2 * layers), 1)[-1], 1)


def _step_block(
    g: Graph, params: dict[str, Any], state: State, layer: int, x: str, own: list[str], ahead: list[str], biases: tuple[str, str]
) -> tuple[str, list[str]]:
    """One decoder layer for one step: its output (1, d) and its moved own window."""
    name, shape = f"{ROOT}.pnca.{layer}", _shape(params)
    qkv = linear(g, state, f"{name}.pnca_attn.w_x_qkv", layer_norm(g, state, f"{name}.pnca_attn.layer_norm", x))
    # One step: (1, H·d) → (H, 1, d) needs no transposition.
    q, *new = (g.reshape(part, shape[0], 1, shape[1]) for part in g.ops("Split", 3, qkv, axis=1, num_outputs=3))
    rest = (g.ints(1), g.ints(2**31 - 1))
    moved = [g.op("Concat", g.slice(old, *rest, axis=1), row, axis=1) for old, row in zip(own, new, strict=True)]
    seen_own = attention(g, q, *moved, shape, biases[0])
    seen_memory = attention(g, q, *(g.squeeze(part, 0) for part in ahead), shape, biases[1])
    return _feed_forward(g, state, name, _join(g, state, name, seen_own, seen_memory, x)), moved
