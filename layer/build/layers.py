"""Network layers as ONNX nodes, each reading its weights from a state dict by the layer's checkpoint name.

In: a Graph, a state dict of numpy arrays, a value of shape (T, C). Out: the name of the result, (T, C') unless said.
"""

from __future__ import annotations

import numpy as np

from sambert_build.graph import FLOAT, Graph

State = dict[str, np.ndarray]
NORM_EPS = 1e-6
FORBIDDEN = -1e9  # added to attention scores; exp() makes it an exact 0 in float32


def linear(g: Graph, state: State, name: str, x: str) -> str:
    """x @ weight.T + bias; also for convolutions of kernel 1."""
    weight = g.weight(f"{name}.weight", state[f"{name}.weight"].reshape(len(state[f"{name}.weight"]), -1))
    bias = [g.weight(f"{name}.bias", state[f"{name}.bias"])] if f"{name}.bias" in state else []
    return g.op("Gemm", x, weight, *bias, transB=1)


def layer_norm(g: Graph, state: State, name: str, x: str) -> str:
    scale, shift = (g.weight(f"{name}.{part}", state[f"{name}.{part}"]) for part in ("weight", "bias"))
    return g.op("LayerNormalization", x, scale, shift, epsilon=NORM_EPS)


def conv_over_time(g: Graph, state: State, name: str, x: str, pads: tuple[int, int], groups: int = 1) -> str:
    """A Conv1d over (T, C)."""
    weights = [g.weight(f"{name}.{part}", state[f"{name}.{part}"]) for part in ("weight", "bias") if f"{name}.{part}" in state]
    channels_first = g.unsqueeze(g.op("Transpose", x, perm=[1, 0]), 0)
    return g.op("Transpose", g.squeeze(g.op("Conv", channels_first, *weights, pads=list(pads), group=groups), 0), perm=[1, 0])


def heads(g: Graph, x: str, count: int) -> str:
    """(T, H·d) → (H, T, d)."""
    return g.op("Transpose", g.op("Reshape", x, g.ints(0, count, -1)), perm=[1, 0, 2])


def attention(g: Graph, q: str, k: str, v: str, shape: tuple[int, int], bias: str | None = None) -> str:
    """q (H, Tq, d), k and v (H, Tk, d), bias added to the scores → (Tq, H·d). shape: (H, d)."""
    count, d_head = shape
    scores = g.op("MatMul", g.op("Mul", q, g.number(d_head**-0.5)), g.op("Transpose", k, perm=[0, 2, 1]))
    if bias is not None:
        scores = g.op("Add", scores, bias)
    mixed = g.op("MatMul", g.op("Softmax", scores, axis=-1), v)
    return g.reshape(g.op("Transpose", mixed, perm=[1, 0, 2]), -1, count * d_head)


def encoder_block(g: Graph, state: State, name: str, x: str, count: int) -> str:
    """Self-attention over everything, then the convolution of kernel 3."""
    qkv = linear(g, state, f"{name}.slf_attn.w_qkv", layer_norm(g, state, f"{name}.slf_attn.layer_norm", x))
    q, k, v = (heads(g, part, count) for part in g.ops("Split", 3, qkv, axis=1, num_outputs=3))
    d_model = len(state[f"{name}.slf_attn.fc.weight"])
    out = linear(g, state, f"{name}.slf_attn.fc", attention(g, q, k, v, (count, d_model // count)))
    if len(state[f"{name}.slf_attn.layer_norm.weight"]) == d_model:
        out = g.op("Add", out, x)
    hidden = layer_norm(g, state, f"{name}.pos_ffn.layer_norm", out)
    hidden = g.op("Relu", conv_over_time(g, state, f"{name}.pos_ffn.w_1", hidden, (1, 1)))
    return g.op("Add", linear(g, state, f"{name}.pos_ffn.w_2", hidden), out)


def fsmn(g: Graph, state: State, name: str, x: str, shift: int | list[int]) -> str:
    """Feed-forward sequential memory network."""
    layers = sum(key.startswith(f"{name}.memory_block_lst.") for key in state)
    shifts = shift if isinstance(shift, list) else [shift] * layers
    d_in = state[f"{name}.ffn_lst.0.w_1.weight"].shape[1]
    for layer in range(layers):
        hidden = g.op("Relu", linear(g, state, f"{name}.ffn_lst.{layer}.w_1", x))
        context = linear(g, state, f"{name}.ffn_lst.{layer}.w_2", hidden)
        kernel = f"{name}.memory_block_lst.{layer}.conv_dw"
        d_out, _, size = state[f"{kernel}.weight"].shape
        past = max(shifts[layer], 0)
        pads = (round((size - 1) / 2) + past, (size - 1) // 2 - past)
        memory = g.op("Add", conv_over_time(g, state, kernel, context, pads, d_out), context)
        x = g.op("Add", memory, x) if d_in == d_out else memory
        d_in = d_out
    return x


def reorder_gates(rows: np.ndarray) -> np.ndarray:
    """torch's gate order (input, forget, cell, output) → ONNX's (input, output, forget, cell)."""
    i, f, c, o = np.split(rows, 4)
    return np.concatenate([i, o, f, c])


def lstm(g: Graph, state: State, name: str, x: str, *, bidirectional: bool = False) -> str:
    """One LSTM layer over (T, C) → (T, H) or (T, 2H)."""
    suffixes = ["", "_reverse"] if bidirectional else [""]

    def stacked(part: str) -> np.ndarray:
        return np.stack([reorder_gates(state[f"{name}.{part}_l0{s}"]) for s in suffixes])

    weights = [g.weight(f"{name}.{part}_l0", stacked(part)) for part in ("weight_ih", "weight_hh")]
    biases = g.weight(f"{name}.bias", np.concatenate([stacked("bias_ih"), stacked("bias_hh")], axis=1))
    units = state[f"{name}.weight_hh_l0"].shape[1]
    direction = "bidirectional" if bidirectional else "forward"
    y = g.op("LSTM", g.unsqueeze(x, 1), *weights, biases, hidden_size=units, direction=direction)
    return g.reshape(y, -1, units * len(suffixes))  # (T, directions, 1, H)


def mask_scores(g: Graph, allowed: str) -> str:
    """Booleans → 0 where allowed, FORBIDDEN elsewhere."""
    return g.op("Mul", g.cast(g.op("Not", allowed), FLOAT), g.number(FORBIDDEN))
