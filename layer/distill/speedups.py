"""What makes training bearable on one core. In: a model. Out: the same model, same keys, same results, faster backward."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel


class _DepthWise(torch.autograd.Function):
    """Depth-wise conv1d whose weight gradient is a correlation by FFT: oneDNN's own takes ten times its forward pass."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor) -> Tensor:  # type: ignore[override]
        ctx.save_for_backward(x, weight)
        return F.conv1d(x, weight, groups=x.shape[1])

    @staticmethod
    def backward(ctx, grad: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        x, weight = ctx.saved_tensors
        taps = weight.shape[-1]
        grad_x = F.conv1d(F.pad(grad, (taps - 1, taps - 1)), weight.flip(-1), groups=x.shape[1])
        length = x.shape[-1]
        length += -length % 64  # a size FFT likes; the wrap-around of a valid correlation never reaches the taps kept
        spectrum = (torch.fft.rfft(x.float(), length) * torch.fft.rfft(grad.float(), length).conj()).sum(0)
        return grad_x, torch.fft.irfft(spectrum, length)[:, None, :taps].to(weight.dtype)


class QuickDepthWise(nn.Conv1d):
    def forward(self, x: Tensor) -> Tensor:
        kind = torch.get_autocast_dtype(x.device.type) if torch.is_autocast_enabled(x.device.type) else x.dtype
        return _DepthWise.apply(x.to(kind).contiguous(), self.weight.to(kind))


def quicken(model: nn.Module) -> nn.Module:
    """Swap every plain depth-wise Conv1d of the model for the quick one."""
    for module in model.modules():
        if type(module) is nn.Conv1d and module.groups == module.in_channels > 1 and module.bias is None:
            module.__class__ = QuickDepthWise
    return model


def halves(device: torch.device) -> bool:
    """Whether the device computes in bfloat16: CPUs without AVX-512 do not, and oneDNN then has no such LSTM at all."""
    return device.type != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()


def attention(device: torch.device) -> AbstractContextManager:
    """On a CPU plain matrix products beat the fused attention at our lengths (6.8 against 16.8 ms)."""
    return sdpa_kernel(SDPBackend.MATH) if device.type == "cpu" else nullcontext()
