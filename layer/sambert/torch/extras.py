"""Parts that only some checkpoints have: MAS (an aligner used in training alone) and FP (filled pauses).

In: encoder rows. Out: for FP, class probabilities (B, S, 4). The aligner is here so that its keys load strictly.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from sambert.torch.blocks import NORM_EPS


class _Wrapped(nn.Module):
    """A convolution under the key ``conv``, as the aligner's checkpoints name it."""

    def __init__(self, d_in: int, d_out: int, kernel: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(d_in, d_out, kernel, padding=kernel // 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class AlignAttention(nn.Module):
    """Keys of the monotonic-alignment-search network; never called when speaking."""

    def __init__(self, mels: int, d_text: int) -> None:
        super().__init__()
        self.attn_proj = nn.Conv2d(mels, 1, 1)
        self.key_proj = nn.Sequential(_Wrapped(d_text, 2 * d_text, 3), nn.ReLU(), _Wrapped(2 * d_text, mels, 1))
        self.query_proj = nn.Sequential(
            _Wrapped(mels, 2 * mels, 3), nn.ReLU(), _Wrapped(2 * mels, mels, 1), nn.ReLU(), _Wrapped(mels, mels, 1)
        )


class FilledPausePredictor(nn.Module):
    """Which filled pause, if any, goes before each symbol."""

    def __init__(self, d_text: int, d_emb: int) -> None:
        super().__init__()
        self.w_1 = nn.Conv1d(d_text, d_emb // 2, 3, padding=1)
        self.w_2 = nn.Conv1d(d_emb // 2, d_text, 1)
        self.layer_norm1 = nn.LayerNorm(d_emb // 2, eps=NORM_EPS)
        self.layer_norm2 = nn.LayerNorm(d_text, eps=NORM_EPS)
        self.dropout_inner, self.dropout = nn.Dropout(0.1), nn.Dropout(0.1)
        self.fc = nn.Linear(d_text, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.dropout_inner(self.layer_norm1(F.relu(self.w_1(x.transpose(1, 2))).transpose(1, 2)))
        x = self.dropout(self.layer_norm2(F.relu(self.w_2(x.transpose(1, 2))).transpose(1, 2)))
        return F.softmax(self.fc(x), -1)
