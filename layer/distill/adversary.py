"""What a vocoder learns against. In: waves. Out: spectral distances, and the verdicts of a light multi-period discriminator."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

RESOLUTIONS = ((1024, 200, 800), (512, 100, 400), (256, 50, 200), (2048, 400, 1600))  # FFT, hop, window


def spectral_distance(said: Tensor, wanted: Tensor) -> Tensor:
    """said, wanted: (B, N). Spectral convergence plus log-magnitude L1, averaged over RESOLUTIONS (Yamamoto et al. 2020)."""
    total = said.new_zeros(())
    for fft, hop, window in RESOLUTIONS:
        shape = torch.hann_window(window, device=said.device)
        a, b = (torch.stft(x, fft, hop, window, shape, return_complex=True).abs().clamp_min(1e-5) for x in (said, wanted))
        total = total + (a - b).norm() / b.norm() + (a.log() - b.log()).abs().mean()
    return total / len(RESOLUTIONS)


class Period(nn.Module):
    """One period of HiFi-GAN's multi-period discriminator (Kong et al. 2020), with fewer channels."""

    def __init__(self, period: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.period = period
        pairs = list(zip([1, *widths], widths, strict=False))
        self.convs = nn.ModuleList(weight_norm(nn.Conv2d(a, b, (5, 1), (3, 1), (2, 0))) for a, b in pairs)
        self.last = weight_norm(nn.Conv2d(widths[-1], 1, (3, 1), 1, (1, 0)))

    def forward(self, wave: Tensor) -> list[Tensor]:
        """wave (B, N) → what each layer sees; the verdict comes last."""
        x = F.pad(wave, (0, -wave.shape[-1] % self.period), "reflect")
        x = x.view(len(x), 1, -1, self.period)
        seen = []
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.1)
            seen.append(x)
        return [*seen, self.last(x)]


class Discriminator(nn.Module):
    """periods 2, 3, 5 and widths up to 256: 0.5M parameters, what a CPU can afford."""

    def __init__(self, periods: Sequence[int] = (2, 3, 5), widths: Sequence[int] = (16, 64, 128, 256)) -> None:
        super().__init__()
        self.judges = nn.ModuleList(Period(period, widths) for period in periods)

    def forward(self, wave: Tensor) -> list[list[Tensor]]:
        return [judge(wave) for judge in self.judges]


def judge_loss(real: list[list[Tensor]], fake: list[list[Tensor]]) -> Tensor:
    """Least squares: real towards 1, fake towards 0."""
    return sum(((r[-1] - 1) ** 2).mean() + (f[-1] ** 2).mean() for r, f in zip(real, fake, strict=True)) / len(real)


def fooling_loss(fake: list[list[Tensor]]) -> Tensor:
    return sum(((f[-1] - 1) ** 2).mean() for f in fake) / len(fake)


def matching_loss(real: list[list[Tensor]], fake: list[list[Tensor]]) -> Tensor:
    """L1 between what the judges' layers see of real and of fake speech."""
    pairs = [(a, b) for r, f in zip(real, fake, strict=True) for a, b in zip(r[:-1], f[:-1], strict=True)]
    return sum((a.detach() - b).abs().mean() for a, b in pairs) / len(pairs)
