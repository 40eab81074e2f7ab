"""What both trainings share: schedule, moving average of the weights, checkpoints that survive a kill at any moment."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn


def rate_at(progress: float, peak: float, warm: float = 0.02) -> float:
    """Learning rate: linear warm-up over ``warm`` of the run, then a cosine down to 1 % of the peak. progress: 0..1."""
    if progress < warm:
        return peak * (progress + 1e-3) / (warm + 1e-3)
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warm) / (1 - warm)))))


class Average:
    """Exponential moving average of a module's floating-point state; young averages forget faster."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.state = {name: tensor.detach().clone() for name, tensor in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        self.steps += 1
        keep = min(self.decay, (1 + self.steps) / (10 + self.steps))
        now = {name: tensor for name, tensor in module.state_dict().items() if tensor.is_floating_point()}
        torch._foreach_lerp_([self.state[name] for name in now], list(now.values()), 1 - keep)


def save(path: Path, content: dict[str, Any]) -> None:
    """Write beside, then rename: there is always one whole file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".tmp")
    torch.save(content, beside)
    os.replace(beside, path)


class Clock:
    """How far a run is, by steps or by hours, whichever the budget names; counts across restarts."""

    def __init__(self, steps: int | None, hours: float | None) -> None:
        if (steps is None) == (hours is None):
            raise ValueError("a training budget is either steps or hours")
        self.steps, self.seconds = steps, None if hours is None else hours * 3600
        self.spent, self._begin = 0.0, time.monotonic()

    @property
    def elapsed(self) -> float:
        return self.spent + time.monotonic() - self._begin

    def resume(self, spent: float) -> None:
        self.spent, self._begin = spent, time.monotonic()

    def progress(self, step: int) -> float:
        return step / self.steps if self.steps is not None else self.elapsed / self.seconds
