"""Length regulation and the PNCA decoder of SAMBERT, in torch.

In: text rows, durations and the mel so far. Out: mel before the post-net, three frames a step. ``forward`` takes all steps
at once with known mel (training); ``infer`` goes step by step and reads only its windows.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sambert.torch.blocks import NORM_EPS, DecoderBlock, Prenet, blank


def dropouts_of(params: dict[str, Any], room: str) -> tuple[float, float, float]:
    """Of the residual, of attention weights, of the feed-forward's hidden units."""
    return params[f"{room}_dropout"], params[f"{room}_attention_dropout"], params[f"{room}_relu_dropout"]


def expand(durations: Tensor, fold: int) -> tuple[Tensor, Tensor, Tensor]:
    """Which symbol sounds at each frame. durations: (B, S) ≥ 0.

    Returns a one-hot (B, T, S) with T a multiple of fold, the place within the symbol from 1 (0 in padding) (B, T), and
    the true number of frames (B,).
    """
    repeats = (durations + 0.5).long()
    ends = repeats.cumsum(1)
    starts = ends - repeats
    frames = ends[:, -1]
    length = -(-max(int(frames.max()), 1) // fold) * fold
    clock = torch.arange(length, device=durations.device)[None, :, None]
    hot = ((starts[:, None] <= clock) & (ends[:, None] > clock)).float()
    place = (clock[..., 0] + 1 - (hot * starts[:, None]).sum(-1)) * hot.sum(-1)
    return hot, place, frames


class HybridDecoder(nn.Module):
    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__()
        d_model, fold = params["decoder_num_units"], params["outputs_per_step"]
        d_memory = params["encoder_projection_units"] * fold + params["emotion_units"] + params["speaker_units"]
        dropouts = dropouts_of(params, "decoder")
        self.d_model, self.d_mel, self.fold, self.dropout = d_model, params["num_mels"], fold, dropouts[0]
        self.prenet = Prenet(self.d_mel, params["decoder_prenet_units"], d_model)
        self.dec_in_proj = nn.Linear(d_model + d_memory, d_model)
        self.pnca = nn.ModuleList(
            DecoderBlock(params["decoder_num_heads"], d_model, d_memory, params["decoder_ffn_inner_dim"], dropouts)
            for _ in range(params["decoder_num_layers"])
        )
        self.ln = nn.LayerNorm(d_model, eps=NORM_EPS)
        self.dec_out_proj = nn.Linear(d_model, self.d_mel * fold)

    def enter(self, previous: Tensor, memory: Tensor) -> Tensor:
        """previous: (B, T, M) last mel frame of each step before; memory: (B, T, D)."""
        return self.dec_in_proj(torch.cat([memory, self.prenet(previous)], -1)) * self.d_model**0.5

    def forward(self, memory: Tensor, band: int, previous: Tensor, mask: Tensor | None) -> Tensor:
        """All steps at once, for training. mask: (B, T) padded steps. Returns (B, T, M·fold)."""
        x = F.dropout(blank(self.enter(previous, memory), mask), self.dropout, self.training)
        clock = torch.arange(memory.shape[1], device=memory.device)
        ahead = clock[None, :] - clock[:, None]  # key minus query
        behind_band, ahead_band = (ahead > 0) | (ahead < -band), (ahead < 0) | (ahead > band)
        if mask is not None:  # a padded query may look anywhere: its answer is blanked, but it must not be NaN
            padded, query = mask[:, None, None, :], mask[:, None, :, None]
            behind_band, ahead_band = ((b | padded) & ~query for b in (behind_band, ahead_band))
        for block in self.pnca:
            attention = block.pnca_attn
            q, k, v = attention.project_own(x)
            x = attention.mix(x, q, (k, v), attention.project_memory(memory), (behind_band, ahead_band))
            x = blank(block.pos_ffn(blank(x, mask), mask), mask)
        return self.dec_out_proj(self.ln(x))

    def infer(self, memory: Tensor, band: int) -> Tensor:
        """Step by step, each step reading only its window of own steps and of memory."""
        memories = [block.pnca_attn.project_memory(memory) for block in self.pnca]
        own: list[tuple[Tensor, Tensor] | None] = [None] * len(self.pnca)
        previous, outputs = memory.new_zeros(memory.shape[0], 1, self.d_mel), []
        for step in range(memory.shape[1]):
            x = self.enter(previous, memory[:, step : step + 1])
            for layer, block in enumerate(self.pnca):
                q, k, v = block.pnca_attn.project_own(x)
                if own[layer] is not None:
                    k, v = (torch.cat([old[:, :, -band:] if band else old[:, :, :0], new], 2)
                            for old, new in zip(own[layer], (k, v), strict=True))  # fmt: skip
                own[layer] = (k, v)
                window = tuple(part[:, :, step : step + band + 1] for part in memories[layer])
                x = block.pos_ffn(block.pnca_attn.mix(x, q, (k, v), window, (None, None)))
            outputs.append(self.dec_out_proj(self.ln(x)))
            previous = outputs[-1][..., -self.d_mel :]
        return torch.cat(outputs, 1)


class MelDecoder(nn.Module):
    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__()
        self.mel_dec = HybridDecoder(params)
