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
    """Keys and values of all layers, padded by ``band`` steps at the end: (layers, 2, H, 1, N + band, d)."""
    layers = params["decoder_num_layers"]
    names = [f"{ROOT}.pnca.{layer}.pnca_attn.w_h_kv" for layer in range(layers)]
    weight = g.weight(f"{ROOT}.all_kv.weight", np.concatenate([state[f"{name}.weight"] for name in names]))
    bias = g.weight(f"{ROOT}.all_kv.bias", np.concatenate([state[f"{name}.bias"] for name in names]))
    rows = g.reshape(g.op("Gemm", memory, weight, bias, transB=1), -1, layers, 2, _shape(params)[0], 1, _shape(params)[1])
    pads = g.op("Concat", g.ints(*[0] * 10), g.unsqueeze(band, 0), g.ints(0), axis=0)
    return g.op("Pad", g.op("Transpose", rows, perm=[1, 2, 3, 4, 0, 5]), pads)


def _window_biases(g: Graph, steps: str, width: str) -> str:
    """What each step adds to the scores of its own window, newest first, and of its memory window: (N, 2, 1, width).

    Own places from before the first step and memory places from beyond the last are shut.
    """
    clock = g.unsqueeze(g.op("Range", g.scalar(0), steps, g.scalar(1)), 1)
    places = g.unsqueeze(g.op("Range", g.scalar(0), width, g.scalar(1)), 0)
    begun = g.op("GreaterOrEqual", clock, places)
    not_over = g.op("Less", g.op("Add", clock, places), steps)
    return g.op("Concat", *(g.unsqueeze(mask_scores(g, each), 1, 2) for each in (begun, not_over)), axis=1)


def _loop(g: Graph, params: dict[str, Any], state: State, memory: str, band: str) -> str:
    layers, (count, d_head) = params["decoder_num_layers"], _shape(params)
    entry, through = _entry(g, params, state, memory)
    windows = _memory_windows(g, params, state, memory, band)
    steps = g.squeeze(g.op("Shape", memory, start=0, end=1), 0)
    width = g.op("Add", band, g.scalar(1))
    biases = _window_biases(g, steps, width)

    body = Graph("decoder", g)
    step = body.input("dec_step", [], INT64)
    body.input("dec_go", [], BOOL)
    previous = body.input("dec_previous", [1, params["num_mels"]])
    own = body.input("dec_own", [layers, 2, count, 1, "W", d_head])  # keys and values of the last ``band`` steps
    at = body.unsqueeze(step, 0)
    ahead = body.slice(windows, at, body.op("Add", at, body.unsqueeze(width, 0)), axis=4)
    known = body.ops("Split", layers, body.op("Concat", own, ahead, axis=4), axis=0, num_outputs=layers)
    bias = body.op("Gather", biases, step)
    x = body.op("Relu", linear(body, state, f"{ROOT}.prenet.fcs.0", previous))
    x = body.op("Relu", linear(body, state, f"{ROOT}.prenet.fcs.3", x))
    x = body.op("Add", body.op("MatMul", x, body.weight(f"{ROOT}.enter_prenet", through)), body.op("Gather", entry, at))
    rows: list[str] = []
    for layer in range(layers):
        x, row = _step_block(body, params, state, layer, x, known[layer], bias)
        rows.append(row)
    out = _leave(body, state, x)
    last = body.slice(out, body.ints(-params["num_mels"]), body.ints(2**31 - 1), axis=1)
    kept = body.slice(body.op("Concat", body.op("Concat", *rows, axis=0), own, axis=4), body.ints(0), body.unsqueeze(band, 0), 4)
    body.output("dec_more", "dec_go", [], BOOL)
    for number, value in enumerate([last, kept, out]):
        body.output(f"dec_out_{number}", value, None)
    shape = g.op("Concat", g.ints(layers, 2, count, 1), g.unsqueeze(band, 0), g.ints(d_head), axis=0)
    start = g.weight("dec_start", np.zeros((1, params["num_mels"])))
    return g.squeeze(g.loop(steps, body, [start, g.op("Expand", g.number(0.0), shape)], 1)[-1], 1)


def _step_block(
    g: Graph, params: dict[str, Any], state: State, layer: int, x: str, known: str, bias: str
) -> tuple[str, str]:
    """One decoder layer for one step: its output (1, d) and its key and value (1, 2, H, 1, 1, d).

    A step costs little arithmetic and many small nodes, so both windows are attended in one batch: per head its own window,
    then the memory's. known: (1, 2, H, 1, 2 · width - 1, d), everything in both windows but the step itself.
    """
    name, (count, d_head) = f"{ROOT}.pnca.{layer}", _shape(params)
    attn = f"{name}.pnca_attn"
    normed = layer_norm(g, state, f"{attn}.layer_norm", x)
    scale = np.repeat(np.asarray([d_head**-0.5, 1, 1], np.float32), count * d_head)  # of the scores, put on the queries
    weight = g.weight(f"{attn}.scaled_qkv.weight", state[f"{attn}.w_x_qkv.weight"] * scale[:, None])
    qkv = g.op("Gemm", normed, weight, g.weight(f"{attn}.scaled_qkv.bias", state[f"{attn}.w_x_qkv.bias"] * scale), transB=1)
    query, row = g.ops("Split", 2, g.reshape(qkv, 1, 3, count, 1, 1, d_head), g.ints(1, 2), axis=1)
    pair = g.reshape(g.op("Concat", row, known, axis=4), 2, count, 2, -1, d_head)
    keys, values = g.ops("Split", 2, pair, axis=0, num_outputs=2)
    scores = g.op("MatMul", g.squeeze(query, 0), g.op("Transpose", keys, perm=[0, 1, 2, 4, 3]))
    mixed = g.op("MatMul", g.op("Softmax", g.op("Add", scores, bias), axis=-1), values)
    both = np.stack([state[f"{attn}.fc_{part}.weight"].reshape(-1, count, d_head) for part in "xh"], axis=2)
    joint = g.weight(f"{attn}.fc.weight", both.reshape(len(both), -1))
    fc_bias = g.weight(f"{attn}.fc.bias", state[f"{attn}.fc_x.bias"] + state[f"{attn}.fc_h.bias"])
    out = g.op("Gemm", g.reshape(mixed, 1, -1), joint, fc_bias, transB=1)
    return _feed_forward(g, state, name, g.op("Add", out, x)), row
