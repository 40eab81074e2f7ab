"""A vocoder that filters an excitation frame by frame, in torch: the second kind beside KAN-TTS's HiFi-GAN.

In: mel with log F0 and voicing (B, M + 2, T) and the excitation (B, 2, T·hop): pulses and noise. Out: wave (B, 1, T·hop).

A ConvNeXt (Liu et al. 2022, as Vocos, Siuzdak 2023, uses it on mels) at the frame rate and then at a multiple of it gives, for
each fine frame and each bin of a short-time Fourier transform, the gain and phase by which the pulses are filtered and the gain
of the noise. What it cannot do is what small generators do wrong: pulses stay in phase from frame to frame, and noise stays
noise. The network itself never computes at the sample rate: it is 2.7 times as fast as the smallest useful HiFi-GAN.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SILENT = -4.0  # log gain that an untrained head gives
KNEE = 0.7  # of full scale: louder samples are bent so that none passes 1; angry speech at full strength would reach 1.9
LOUDEST = 4.0  # log gain at most: e⁴ is 35 dB over excitation of unit power, far beyond full scale


class Block(nn.Module):
    """Depth-wise convolution over time, norm, two dense layers, residual. x: (B, T, C)."""

    def __init__(self, width: int, inner: int, kernel: int, scale: float) -> None:
        super().__init__()
        self.dw = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.norm = nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.gamma = nn.Parameter(torch.full((width,), scale))

    def forward(self, x: Tensor) -> Tensor:
        y = self.dw(x.transpose(1, 2)).transpose(1, 2)
        return x + self.gamma * self.down(F.gelu(self.up(self.norm(y))))


class SourceFilter(nn.Module):
    """params: Model.Generator.params of the voice's voc/config.yaml, where kind is source_filter."""

    window: Tensor

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__()
        width, inner, kernel = params["width"], params["inner"], params["kernel_size"]
        slow, fast = params["slow_blocks"], params["fast_blocks"]
        self.hop, self.fine, self.size = params["hop"], params["fine_hop"], params["window"]
        self.bins, self.split_by = self.size // 2 + 1, self.hop // self.fine
        self.pre, self.first = nn.Conv1d(params["in_channels"] + 2, width, kernel, padding=kernel // 2), nn.LayerNorm(width)
        scale = 1 / (slow + fast)
        self.slow = nn.ModuleList(Block(width, inner, kernel, scale) for _ in range(slow))
        self.split = nn.Linear(width, self.split_by * width)
        self.fast = nn.ModuleList(Block(width, inner, kernel, scale) for _ in range(fast))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 3 * self.bins)
        self._initialise()
        self.register_buffer("window", torch.hann_window(self.size), persistent=False)

    def _initialise(self) -> None:
        for layer in self.modules():
            if isinstance(layer, nn.Linear | nn.Conv1d):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                nn.init.zeros_(layer.bias)
        nn.init.zeros_(self.head.weight)
        pulses, phase, noise = self.head.bias.data.split(self.bins)
        pulses.fill_(SILENT), phase.zero_(), noise.fill_(SILENT)

    def gains(self, mel: Tensor) -> Tensor:
        """(B, M + 2, T) → (B, 3·bins, T·hop/fine): log gain and phase for the pulses, log gain for the noise."""
        x = self.first(self.pre(mel).transpose(1, 2))
        for block in self.slow:
            x = block(x)
        x = self.split(x).reshape(len(x), -1, x.shape[2])
        for block in self.fast:
            x = block(x)
        return self.head(self.norm(x)).transpose(1, 2)

    def forward(self, mel: Tensor, excitation: Tensor) -> Tensor:
        pulse_gain, phase, noise_gain = self.gains(mel).float().split(self.bins, 1)
        margin = (self.size - self.fine) // 2  # fine frame j is centred on the middle of its own samples
        pulses, noise = (self._spectra(F.pad(excitation[:, part], (margin, margin))) for part in (0, 1))
        gain = torch.polar(pulse_gain.clamp(max=LOUDEST).exp(), phase)
        wave = self._overlap(gain * pulses + noise_gain.clamp(max=LOUDEST).exp() * noise)
        return limited(wave)[:, None, margin:-margin]

    def _spectra(self, signal: Tensor) -> Tensor:
        """(B, N) → (B, bins, frames), windowed."""
        return torch.fft.rfft(signal.unfold(-1, self.size, self.fine) * self.window).transpose(1, 2)

    def _overlap(self, spectra: Tensor) -> Tensor:
        """(B, bins, frames) → (B, N): windowed again and added up, over what the squared windows add up to."""
        frames = torch.fft.irfft(spectra.transpose(1, 2), self.size) * (self.window / norm_of(self.size, self.fine))
        length = (frames.shape[1] - 1) * self.fine + self.size
        return F.fold(frames.transpose(1, 2), (1, length), (1, self.size), stride=(1, self.fine))[:, 0, 0]

    def fold_weight_norm(self) -> SourceFilter:
        """There is none: for speaking and for export as it is."""
        return self


def limited(wave: Tensor) -> Tensor:
    """wave, its samples beyond KNEE bent towards full scale by a hyperbolic tangent."""
    beyond, room = F.relu(wave.abs() - KNEE), 1 - KNEE
    return wave - wave.sign() * (beyond - room * torch.tanh(beyond / room))


def norm_of(size: int, hop: int) -> float:
    """What squared Hann windows of this size, one every hop samples, add up to; hop divides the size four times or more."""
    return 0.375 * size / hop
