"""Building blocks of SAMBERT: attention, feed-forward, FSMN, prenet, positions.

In: tensors (batch, time, channels). Out: the same layout. Module and parameter names are those of KAN-TTS checkpoints
(facts: github.com/alibaba-damo-academy/KAN-TTS, MIT), so that a published state_dict loads with strict=True.
Masks are True where there is padding.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sambert.acoustic.positions import sinusoid_table

NORM_EPS = 1e-6


def blank(x: Tensor, mask: Tensor | None) -> Tensor:
    """Zero the padded steps of x (B, T, C) by mask (B, T)."""
    return x if mask is None else x.masked_fill(mask.unsqueeze(-1), 0.0)


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(B, T, H·d) → (B, H, T, d)."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def attend(q: Tensor, k: Tensor, v: Tensor, forbidden: Tensor | None, dropout: float) -> Tensor:
    """Scaled dot-product attention over heads, back to (B, T, H·d). forbidden: True where a query may not look."""
    allowed = None if forbidden is None else ~forbidden
    return F.scaled_dot_product_attention(q, k, v, attn_mask=allowed, dropout_p=dropout).transpose(1, 2).flatten(2)


class Prenet(nn.Module):
    """Linear + ReLU + dropout 0.5 per entry of units; a last plain Linear when out_units is not 0."""

    def __init__(self, in_units: int, units: list[int], out_units: int = 0) -> None:
        super().__init__()
        self.fcs = nn.ModuleList()
        for narrow, wide in zip([in_units, *units[:-1]], units, strict=True):
            self.fcs += [nn.Linear(narrow, wide), nn.ReLU(), nn.Dropout(0.5)]
        if out_units:
            self.fcs.append(nn.Linear(units[-1], out_units))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.fcs:
            x = layer(x)
        return x


class SelfAttention(nn.Module):
    """Pre-norm multi-head self-attention; the residual is left out where the width changes (first block)."""

    def __init__(self, heads: int, d_in: int, d_model: int, dropout: float, dropout_attention: float) -> None:
        super().__init__()
        self.heads, self.dropout_attention = heads, dropout_attention
        self.layer_norm = nn.LayerNorm(d_in, eps=NORM_EPS)
        self.w_qkv = nn.Linear(d_in, 3 * d_model)
        self.fc = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        q, k, v = (split_heads(part, self.heads) for part in self.w_qkv(self.layer_norm(x)).chunk(3, -1))
        forbidden = None if mask is None else mask[:, None, None, :]
        out = self.dropout(self.fc(attend(q, k, v, forbidden, self.dropout_attention if self.training else 0.0)))
        return out + x if out.shape == x.shape else out


class FeedForward(nn.Module):
    """Pre-norm position-wise convolutions d → inner → d with residual."""

    def __init__(self, d: int, inner: int, kernel: int, dropout_inner: float, dropout: float) -> None:
        super().__init__()
        self.w_1 = nn.Conv1d(d, inner, kernel, padding=(kernel - 1) // 2)
        self.w_2 = nn.Conv1d(inner, d, 1)
        self.layer_norm = nn.LayerNorm(d, eps=NORM_EPS)
        self.dropout_inner, self.dropout = nn.Dropout(dropout_inner), nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        hidden = F.relu(self.w_1(self.layer_norm(x).transpose(1, 2)))
        if mask is not None:
            hidden = hidden.masked_fill(mask.unsqueeze(1), 0.0)
        return self.dropout(self.w_2(self.dropout_inner(hidden)).transpose(1, 2)) + x


class EncoderBlock(nn.Module):
    """Self-attention, then convolution of kernel 3."""

    def __init__(self, heads: int, d_in: int, d_model: int, inner: int, dropouts: tuple[float, float, float]) -> None:
        super().__init__()
        dropout, attention, relu = dropouts
        self.slf_attn = SelfAttention(heads, d_in, d_model, dropout, attention)
        self.pos_ffn = FeedForward(d_model, inner, 3, relu, dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = blank(self.slf_attn(x, mask), mask)
        return blank(self.pos_ffn(x, mask), mask)


class HybridAttention(nn.Module):
    """PNCA: one query looks back over the decoder's own last steps (x) and ahead over the memory (h)."""

    def __init__(self, heads: int, d_model: int, d_memory: int, dropout: float, dropout_attention: float) -> None:
        super().__init__()
        self.heads, self.dropout_attention = heads, dropout_attention
        self.layer_norm = nn.LayerNorm(d_model, eps=NORM_EPS)
        self.w_x_qkv = nn.Linear(d_model, 3 * d_model)
        self.fc_x = nn.Linear(d_model, d_model)
        self.w_h_kv = nn.Linear(d_memory, 2 * d_model)
        self.fc_h = nn.Linear(d_model, d_model)
        self.dropout = nn.Dropout(dropout)

    def project_own(self, x: Tensor) -> tuple[Tensor, ...]:
        """Query, key and value of the decoder's own steps, each (B, H, T, d)."""
        return tuple(split_heads(part, self.heads) for part in self.w_x_qkv(self.layer_norm(x)).chunk(3, -1))

    def project_memory(self, memory: Tensor) -> tuple[Tensor, ...]:
        """Key and value of the memory, each (B, H, T, d)."""
        return tuple(split_heads(part, self.heads) for part in self.w_h_kv(memory).chunk(2, -1))

    def mix(
        self, x: Tensor, q: Tensor, own: tuple[Tensor, Tensor], memory: tuple[Tensor, ...], forbidden: tuple[Tensor | None, ...]
    ) -> Tensor:
        """Both attentions summed onto the residual x."""
        rate = self.dropout_attention if self.training else 0.0
        out = self.fc_x(attend(q, *own, forbidden[0], rate)) + self.fc_h(attend(q, *memory, forbidden[1], rate))
        return self.dropout(out) + x


class DecoderBlock(nn.Module):
    """Hybrid attention, then a position-wise feed-forward of kernel 1."""

    def __init__(self, heads: int, d_model: int, d_memory: int, inner: int, dropouts: tuple[float, float, float]) -> None:
        super().__init__()
        dropout, attention, relu = dropouts
        self.pnca_attn = HybridAttention(heads, d_model, d_memory, dropout, attention)
        self.pos_ffn = FeedForward(d_model, inner, 1, relu, dropout)


class FsmnFeedForward(nn.Module):
    def __init__(self, d_in: int, inner: int, d_out: int, dropout: float) -> None:
        super().__init__()
        self.w_1 = nn.Conv1d(d_in, inner, 1)
        self.w_2 = nn.Conv1d(inner, d_out, 1, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        return self.w_2(self.dropout(F.relu(self.w_1(x.transpose(1, 2))))).transpose(1, 2)


class FsmnMemory(nn.Module):
    """Depth-wise filter over time plus its input; shift > 0 moves the filter into the past (less look-ahead)."""

    def __init__(self, d: int, filter_size: int, shift: int, dropout: float) -> None:
        super().__init__()
        self.left = round((filter_size - 1) / 2) + max(shift, 0)
        self.right = (filter_size - 1) // 2 - max(shift, 0)
        self.conv_dw = nn.Conv1d(d, d, filter_size, groups=d, bias=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = blank(x, mask)
        filtered = self.conv_dw(F.pad(x.transpose(1, 2), (self.left, self.right))).transpose(1, 2)
        return blank(self.dropout(filtered + x), mask)


class Fsmn(nn.Module):
    """Feed-forward sequential memory network: residual wherever the widths agree."""

    def __init__(
        self, filter_size: int, layers: int, d_in: int, memory_units: int, inner: int, dropout: float, shift: int | list[int]
    ) -> None:
        super().__init__()
        shifts = shift if isinstance(shift, list) else [shift] * layers
        widths = [d_in] + [memory_units] * (layers - 1)
        self.dropout = dropout
        self.ffn_lst = nn.ModuleList(FsmnFeedForward(width, inner, memory_units, dropout) for width in widths)
        self.memory_block_lst = nn.ModuleList(FsmnMemory(memory_units, filter_size, s, dropout) for s in shifts)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = F.dropout(x, self.dropout, self.training)
        for feed_forward, memory_block in zip(self.ffn_lst, self.memory_block_lst, strict=True):
            memory = F.dropout(memory_block(feed_forward(x), mask), self.dropout, self.training)
            x = memory + x if memory.shape == x.shape else memory
        return x


class TextPosition(nn.Module):
    """The sinusoid table added to the embeddings; kept in checkpoints, so kept here as a frozen parameter."""

    def __init__(self, length: int, depth: int) -> None:
        super().__init__()
        self.position_enc = nn.Parameter(torch.from_numpy(sinusoid_table(length, depth))[None], requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        table = self.position_enc
        if x.shape[1] > table.shape[1]:  # the reference, too, goes by the formula beyond its stored table
            table = torch.from_numpy(sinusoid_table(x.shape[1], table.shape[2]))[None].to(x)
        return x + table[:, : x.shape[1]]


class DurationPosition(nn.Module):
    """Sine and cosine of a frame's place within its phone, counted from 1."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        scales = torch.tensor([10000 ** (2 * (i // 2) / depth) for i in range(depth)], dtype=torch.float32)
        self.inv_timescales = nn.Parameter(scales, requires_grad=False)

    def forward(self, place: Tensor) -> Tensor:
        angle = place[:, :, None] / self.inv_timescales
        return torch.stack([angle[..., 0::2].sin(), angle[..., 1::2].cos()], dim=-1).flatten(-2)
