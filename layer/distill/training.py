"""What both trainings share: schedule, moving average of the weights, checkpoints that survive a kill at any moment, the loop."""

from __future__ import annotations

import json
import math
import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from tqdm import tqdm

TOLD_EVERY = 50  # steps


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


class Plan(Protocol):
    """What the loop asks of a training's plan."""

    save_every_s: float


class Run(Protocol):
    """What the loop asks of a training's run."""

    clock: Clock
    step: int

    def save(self, path: Path, plan: Any) -> None: ...


def loop(run: Run, plan: Plan, path: Path, step: Callable[[float], dict[str, Tensor]], say: Callable[[str], None]) -> Path:
    """Step until the budget is spent, with a checkpoint now and then and at the end. Returns its path.

    step: of the progress 0..1, counts run.step on and returns its losses; their means are said every TOLD_EVERY steps.
    """
    seen: dict[str, list[float]] = defaultdict(list)
    stored_at = logged_at = time.monotonic()
    with tqdm(total=100, initial=_percent(run), desc=path.stem, unit="%", mininterval=10) as bar:
        while (progress := run.clock.progress(run.step)) < 1:
            for name, value in step(progress).items():
                seen[name].append(float(value))
            bar.update(_percent(run) - bar.n)
            if run.step % TOLD_EVERY == 0:
                took, logged_at = time.monotonic() - logged_at, time.monotonic()
                say(json.dumps({"step": run.step, "progress": round(progress, 3), "s": round(took / TOLD_EVERY, 2),
                                **{name: round(sum(values) / len(values), 3) for name, values in seen.items()}}))  # fmt: skip
                seen.clear()
            if time.monotonic() - stored_at > plan.save_every_s:
                run.save(path, plan)
                stored_at = time.monotonic()
    run.save(path, plan)
    return path


def _percent(run: Run) -> int:
    return min(100, int(100 * run.clock.progress(run.step)))
