"""The acoustic model as two ONNX graphs: ``text`` (symbols → rows) and ``mel`` (rows and controls → mel).

In: the voice's parameters and its state dict as numpy arrays. Out: two models. They are two because an FP voice inserts
filled pauses between them; everything that depends on the sentence's length happens inside.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx

from sambert_build.decoder_graph import decode
from sambert_build.graph import FLOAT, INT64, Graph
from sambert_build.layers import State, conv_over_time, encoder_block, fsmn, layer_norm, linear, lstm

TABLES = ("sy_emb", "tone_emb", "syllable_flag_emb", "ws_emb")


def text_graph(params: dict[str, Any], state: State) -> onnx.ModelProto:
    """ids (S, 4) int64, positions (S, embedding) → text (S, projection); FP voices also fillers (S, 4)."""
    g = Graph("text")
    ids = g.input("ids", ["S", 4], INT64)
    positions = g.input("positions", ["S", params["embedding_dim"]])
    columns = g.ops("Split", 4, ids, axis=1, num_outputs=4)
    rows = [
        g.op("Gather", g.weight(f"text_encoder.{table}.weight", state[f"text_encoder.{table}.weight"]), g.squeeze(column, 1))
        for table, column in zip(TABLES, columns, strict=True)
    ]
    x = g.op("Mul", g.op("Sum", *rows), g.number(params["encoder_num_units"] ** 0.5))
    x = g.op("Add", x, positions)
    for layer in range(params["encoder_num_layers"]):
        x = encoder_block(g, state, f"text_encoder.ling_enc.fft.{layer}", x, params["encoder_num_heads"])
    text = linear(g, state, "text_encoder.ling_proj", layer_norm(g, state, "text_encoder.ling_enc.ln", x))
    g.output("text", text, ["S", params["encoder_projection_units"]])
    if params.get("FP", False):
        g.output("fillers", _filler_classes(g, state, text), ["S", 4])
    return g.model()


def _filler_classes(g: Graph, state: State, text: str) -> str:
    x = g.op("Relu", conv_over_time(g, state, "FP_predictor.w_1", text, (1, 1)))
    x = g.op("Relu", linear(g, state, "FP_predictor.w_2", layer_norm(g, state, "FP_predictor.layer_norm1", x)))
    return g.op("Softmax", linear(g, state, "FP_predictor.fc", layer_norm(g, state, "FP_predictor.layer_norm2", x)), axis=-1)


def mel_graph(params: dict[str, Any], state: State) -> onnx.ModelProto:
    """text (S, projection), emotion (S, E), speaker (S, K), stretch, lift, push (S,) → mel (T, M), durations (S,) int64.

    stretch: factor on durations; lift, push: added to predicted pitch and energy, in the model's normalised units. They do not
    touch the durations, which are those of the pitch and energy as predicted: a higher voice is not to be a faster one.
    """
    g = Graph("mel")
    text = g.input("text", ["S", params["encoder_projection_units"]])
    emotion = g.input("emotion", ["S", params["emotion_units"]])
    speaker = g.input("speaker", ["S", params["speaker_units"]])
    stretch, lift, push = (g.input(name, ["S"]) for name in ("stretch", "lift", "push"))
    seen = g.op("Concat", text, speaker, emotion, axis=1)
    shift, timed = params["predictor_shift"], text
    for kind, control in (("pitch", lift), ("energy", push)):
        x = fsmn(g, state, f"variance_adaptor.{kind}_predictor.fsmn", seen, shift)
        x = lstm(g, state, f"variance_adaptor.{kind}_predictor.blstm", x, bidirectional=True)
        value = linear(g, state, f"variance_adaptor.{kind}_predictor.fc", x)
        moved = g.op("Add", value, g.unsqueeze(control, 1))
        timed, text = (g.op("Add", rows, conv_over_time(g, state, f"variance_adaptor.{kind}_emb", one, (4, 4)))
                       for rows, one in ((timed, value), (text, moved)))  # fmt: skip
    condition = g.op("Concat", timed, speaker, emotion, axis=1)
    log_durations = _durations(g, state, condition)
    durations = g.op("Mul", g.op("Sub", g.op("Exp", log_durations), g.number(1.0)), stretch)
    repeats = g.cast(g.op("Floor", g.op("Add", durations, g.number(0.5))), INT64)
    memory, frames = _regulate(g, params, state, text, emotion, speaker, repeats)
    fold = params["outputs_per_step"]
    widest = g.op("Div", g.op("ReduceMax", durations, keepdims=0), g.number(float(fold)))
    band = g.cast(g.op("Floor", g.op("Add", widest, g.number(0.5))), INT64)
    coarse = decode(g, params, state, memory, band)
    coarse = g.slice(g.reshape(coarse, -1, params["num_mels"]), g.ints(0), g.unsqueeze(frames, 0))
    post = lstm(g, state, "mel_postnet.lstm", fsmn(g, state, "mel_postnet.fsmn", coarse, params["postnet_shift"]))
    g.output("mel", g.op("Add", linear(g, state, "mel_postnet.fc", post), coarse), ["T", params["num_mels"]])
    g.output("durations", repeats, ["S"], INT64)
    return g.model()


def _durations(g: Graph, state: State, condition: str) -> str:
    """log(duration + 1) of each symbol (S,): an autoregressive two-layer LSTM as a Loop."""
    name = "variance_adaptor.duration_predictor"
    seen = state[f"{name}.prenet.fcs.3.weight"].shape[0]
    lstm_in = state[f"{name}.lstm.weight_ih_l0"]
    outer = g.weight(f"{name}.condition", lstm_in[:, seen:].T)
    bias = [state[f"{name}.lstm.bias_ih_l{layer}"] + state[f"{name}.lstm.bias_hh_l{layer}"] for layer in (0, 1)]
    known = g.op("Add", g.op("MatMul", condition, outer), g.weight(f"{name}.bias_0", bias[0]))

    body = Graph("durations", g)
    step = body.input("dur_step", [], INT64)
    body.input("dur_go", [], 9)
    units = state[f"{name}.lstm.weight_hh_l0"].shape[1]
    previous = body.input("dur_previous", [1, 1])
    carried = [body.input(f"dur_{part}", [1, units]) for part in ("h0", "c0", "h1", "c1")]
    x = previous
    for layer in ("0", "3"):
        x = body.op("Relu", linear(body, state, f"{name}.prenet.fcs.{layer}", x))
    inner = body.weight(f"{name}.lstm.inner_0", np.concatenate([lstm_in[:, :seen], state[f"{name}.lstm.weight_hh_l0"]], 1).T)
    gates = body.op("MatMul", body.op("Concat", x, carried[0], axis=1), inner)
    gates = body.op("Add", gates, body.op("Gather", known, body.unsqueeze(step, 0)))
    h0, c0 = _cell(body, gates, carried[1])
    upper = np.concatenate([state[f"{name}.lstm.weight_ih_l1"], state[f"{name}.lstm.weight_hh_l1"]], 1).T
    gates = body.op("MatMul", body.op("Concat", h0, carried[2], axis=1), body.weight(f"{name}.lstm.inner_1", upper))
    h1, c1 = _cell(body, body.op("Add", gates, body.weight(f"{name}.bias_1", bias[1])), carried[3])
    value = body.op("Relu", linear(body, state, f"{name}.fc", h1))
    body.output("dur_more", "dur_go", [], 9)
    for part, kept in (("value", value), ("nh0", h0), ("nc0", c0), ("nh1", h1), ("nc1", c1), ("scan", value)):
        body.output(f"dur_{part}_out", kept, None)
    zero, rest = g.weight("dur_zero", np.zeros((1, 1))), g.weight("dur_rest", np.zeros((1, units)))
    count = g.squeeze(g.op("Shape", condition, start=0, end=1), 0)
    return g.reshape(g.loop(count, body, [zero, rest, rest, rest, rest], 1)[-1], -1)


def _cell(g: Graph, gates: str, cell: str) -> tuple[str, str]:
    """One LSTM step from its summed gates (torch order): new hidden state and cell."""
    i, f, c, o = g.ops("Split", 4, gates, axis=1, num_outputs=4)
    kept = g.op("Mul", g.op("Sigmoid", f), cell)
    cell = g.op("Add", kept, g.op("Mul", g.op("Sigmoid", i), g.op("Tanh", c)))
    return g.op("Mul", g.op("Sigmoid", o), g.op("Tanh", cell)), cell


def _regulate(
    g: Graph, params: dict[str, Any], state: State, text: str, emotion: str, speaker: str, repeats: str
) -> tuple[str, str]:
    """Spread symbols over frames, add the place within the symbol, fold: memory (N, D) and the number of frames."""
    fold, depth = params["outputs_per_step"], params["encoder_projection_units"]
    ends = g.op("CumSum", repeats, g.scalar(0))
    frames = g.op("ReduceMax", ends, keepdims=0)
    steps = g.op("Div", g.op("Add", g.op("Max", frames, g.scalar(1)), g.scalar(fold - 1)), g.scalar(fold))
    clock = g.op("Range", g.scalar(0), g.op("Mul", steps, g.scalar(fold)), g.scalar(1))
    over = g.op("LessOrEqual", g.unsqueeze(ends, 0), g.unsqueeze(clock, 1))
    symbol = g.op("ReduceSum", g.cast(over, INT64), g.ints(1), keepdims=0)  # S in the padding
    starts = g.op("Concat", g.op("Sub", ends, repeats), g.unsqueeze(frames, 0), axis=0)
    place = g.op("Sub", g.op("Add", clock, g.scalar(1)), g.op("Gather", starts, symbol))
    place = g.op("Mul", place, g.cast(g.op("Less", clock, frames), INT64))
    code = _place_code(g, state, g.cast(place, FLOAT), depth)

    def spread(rows: str, index: str, width: int) -> str:
        return g.op("Gather", g.op("Concat", rows, g.weight(f"zero_row_{width}", np.zeros((1, width))), axis=0), index)

    spoken = g.op("Add", spread(text, symbol, depth), code)
    first = g.slice(symbol, g.ints(0), g.ints(2**31 - 1), step=fold)
    parts = [
        g.reshape(spoken, -1, fold * depth),
        spread(speaker, first, params["speaker_units"]),
        spread(emotion, first, params["emotion_units"]),
    ]
    return g.op("Concat", *parts, axis=1), frames


def _place_code(g: Graph, state: State, place: str, depth: int) -> str:
    """Sines in even channels, cosines in odd ones: (T, depth)."""
    scales = g.weight("dur_scales", state["variance_adaptor.dur_position_encoder.inv_timescales"])
    angle = g.op("Div", g.unsqueeze(place, 1), scales)
    even = g.weight("even_channels", (np.arange(depth) % 2 == 0)[None].astype(np.bool_))
    return g.op("Where", even, g.op("Sin", angle), g.op("Cos", angle))
