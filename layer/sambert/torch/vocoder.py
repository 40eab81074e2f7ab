"""The HiFi-GAN generator in torch, plain or NSF, causal or not, with the state_dict keys of KAN-TTS.

In: mel (B, M, T) and, for NSF voices, the harmonic excitation (B, harmonics + 1, T·hop). Out: wave (B, 1, T·hop).
"""

from __future__ import annotations

from math import prod
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def norm(layer: nn.Module, std: float = 0.01) -> nn.Module:
    """Weight-normed (w = g · v / |v|, arXiv:1602.07868) under the keys weight_g and weight_v that KAN-TTS saves.

    torch's own function for these keys is deprecated, and its successor saves other keys.
    """
    weight = nn.init.normal_(layer.weight, 0.0, std).detach()
    del layer.weight
    layer.weight_g = nn.Parameter(weight.norm(dim=(1, 2), keepdim=True))
    layer.weight_v = nn.Parameter(weight.clone())
    layer.normed = layer.register_forward_pre_hook(_compose)
    return layer


def _compose(layer: nn.Module, _inputs: object = None) -> None:
    layer.weight = torch._weight_norm(layer.weight_v, layer.weight_g, 0)


def _fold(layer: nn.Module) -> None:
    _compose(layer)
    weight = layer.weight.detach()
    layer.normed.remove()
    del layer.weight, layer.weight_g, layer.weight_v, layer.normed
    layer.weight = nn.Parameter(weight)


class Conv(nn.Module):
    """Conv1d that keeps the length (or divides it by the stride); a causal one looks only back."""

    def __init__(
        self,
        d_in: int,
        d_out: int,
        kernel: int,
        *,
        causal: bool,
        dilation: int = 1,
        stride: int = 1,
        padding: int | None = None,
    ) -> None:
        super().__init__()
        if padding is None:
            padding = (kernel - 1) * dilation // 2
        self.left = (kernel - 1) * dilation if causal else 0
        self.conv1d = norm(nn.Conv1d(d_in, d_out, kernel, stride, 0 if causal else padding, dilation))

    def forward(self, x: Tensor) -> Tensor:
        return self.conv1d(F.pad(x, (self.left, 0)) if self.left else x)


class Deconv(nn.Module):
    """Transposed convolution that multiplies the length by its stride."""

    def __init__(self, d_in: int, d_out: int, kernel: int, stride: int, *, causal: bool) -> None:
        super().__init__()
        self.drop = kernel - stride if causal else 0
        self.deconv = norm(nn.ConvTranspose1d(d_in, d_out, kernel, stride, 0 if causal else (kernel - stride) // 2))

    def forward(self, x: Tensor) -> Tensor:
        x = self.deconv(x)
        return x[..., : -self.drop] if self.drop else x


class Residual(nn.Module):
    """Dilated convolutions, each followed by a plain one, each pair with a residual."""

    def __init__(self, channels: int, kernel: int, dilations: list[int], slope: float, *, causal: bool) -> None:
        super().__init__()
        self.slope = slope
        self.convs1 = nn.ModuleList(Conv(channels, channels, kernel, causal=causal, dilation=d) for d in dilations)
        self.convs2 = nn.ModuleList(Conv(channels, channels, kernel, causal=causal) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        for dilated, plain in zip(self.convs1, self.convs2, strict=True):
            x = x + plain(F.leaky_relu(dilated(F.leaky_relu(x, self.slope)), self.slope))
        return x


class SourceModule(nn.Module):
    """Mixes the harmonics into one excitation signal."""

    def __init__(self, harmonics: int) -> None:
        super().__init__()
        self.ffn = nn.Sequential(norm(nn.Conv1d(harmonics + 1, 1, 1)), nn.Tanh())

    def forward(self, harmonics: Tensor) -> Tensor:
        return self.ffn(harmonics)


class Generator(nn.Module):
    """params: Model.Generator.params of the voice's voc/config.yaml."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__()
        causal, channels = bool(params.get("causal", True)), params["channels"]
        scales, kernels = list(params["upsample_scales"]), list(params["upsample_kernal_sizes"])
        res_kernels, res_dilations = params["resblock_kernel_sizes"], params["resblock_dilations"]
        self.slope = params.get("nonlinear_activation_params", {}).get("negative_slope", 0.1)
        self.hop, self.kinds = prod(scales), len(res_kernels)
        self.repeats = bool(params.get("repeat_upsample", True))
        widths = [channels // 2**i for i in range(len(scales) + 1)]
        kernel = params["kernel_size"]
        self.conv_pre = Conv(params["in_channels"], channels, kernel, causal=causal)
        self.transpose_upsamples, self.repeat_upsamples = nn.ModuleList(), nn.ModuleList()
        self.conv_blocks = nn.ModuleList()
        for scale, up_kernel, wide, narrow in zip(scales, kernels, widths, widths[1:], strict=False):
            self.transpose_upsamples.append(
                nn.Sequential(nn.LeakyReLU(self.slope), Deconv(wide, narrow, up_kernel, scale, causal=causal))
            )
            if self.repeats:
                self.repeat_upsamples.append(
                    nn.Sequential(
                        nn.Upsample(scale_factor=scale, mode="nearest"),
                        nn.LeakyReLU(self.slope),
                        Conv(wide, narrow, kernel, causal=causal),
                    )
                )
            self.conv_blocks += [
                Residual(narrow, k, d, self.slope, causal=causal) for k, d in zip(res_kernels, res_dilations, strict=True)
            ]
        self.conv_post = Conv(widths[-1], params["out_channels"], kernel, causal=causal)
        self.nsf = params.get("nsf_params")
        if self.nsf is not None:
            self.source_module = SourceModule(self.nsf["nb_harmonics"])
            self.source_downs = nn.ModuleList()
            for stage, narrow in enumerate(widths[1:]):
                rate = prod(scales[stage + 1 :])
                self.source_downs.append(
                    Conv(1, narrow, 1, causal=False)
                    if rate == 1
                    else Conv(1, narrow, 2 * rate, causal=causal, stride=rate, padding=rate // 2)
                )

    def forward(self, mel: Tensor, harmonics: Tensor | None = None) -> Tensor:
        source = None if self.nsf is None else self.source_module(harmonics)
        x = self.conv_pre(mel)
        for stage, transposed in enumerate(self.transpose_upsamples):
            x = torch.sin(x) + x
            up = transposed(x)
            if self.repeats:
                repeated = self.repeat_upsamples[stage](x)
                up = repeated + up[..., : repeated.shape[-1]]
            if source is not None:
                up = up + self.source_downs[stage](source)
            blocks = self.conv_blocks[stage * self.kinds : (stage + 1) * self.kinds]
            x = sum(block(up) for block in blocks) / self.kinds
        # 0.01 is torch's own default slope: KAN-TTS gives none here
        return torch.tanh(self.conv_post(F.leaky_relu(x)))

    def fold_weight_norm(self) -> Generator:
        """Replace weight_g, weight_v by plain weights: for speaking and for export."""
        for module in self.modules():
            if hasattr(module, "weight_g"):
                _fold(module)
        return self
