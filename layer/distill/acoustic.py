"""Trains the student's acoustic model. In: a feature folder and the model's KAN-TTS parameters. Out: a checkpoint whose
``average`` is a KAN-TTS state dict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from sambert.torch.acoustic import Sambert, Sizes
from sambert_distill import student, training
from sambert_distill.data import Features
from sambert_distill.features import Scales
from sambert_distill.speedups import attention, halves, quicken


@dataclass(frozen=True)
class Plan:
    """How to train. frames: about how many a step. hours or steps: the whole budget. Loss weights: against the mel's 1."""

    hours: float | None = None
    steps: int | None = None
    frames: int = 4000
    rate: float = 1e-3
    decay: float = 0.999
    dropout: float = 0.05
    source_weight: float = 0.5  # of F0 and voicing: 2 of 82 channels, but half of what the ear gets
    prosody_every: int = 4
    keep_emotions: bool = False  # of the voice it is warmed by, where that has learned them
    seed: int = 1
    save_every_s: float = 240.0
    bf16: bool = True  # where the device has it


def with_dropout(params: dict[str, Any], dropout: float) -> dict[str, Any]:
    """params with this dropout in encoder and predictors; attention, the decoder and the post-net train without."""
    def rate(key: str) -> float:
        return 0.0 if key.startswith(("decoder", "postnet")) or "attention" in key or "relu" in key else dropout

    return {key: rate(key) if key.endswith("_dropout") else value for key, value in params.items()}


@dataclass
class Run:
    """Everything that a checkpoint carries."""

    model: Sambert
    average: training.Average
    optimiser: torch.optim.Optimizer
    clock: training.Clock
    spread: float  # of the speaker's F0: its standard deviation over its mean
    step: int = 0

    def save(self, path: Path, plan: Plan) -> None:
        training.save(path, {"model": self.model.state_dict(), "average": self.average.state, "step": self.step,
                             "optimiser": self.optimiser.state_dict(), "seconds": self.clock.elapsed,
                             "plan": asdict(plan)})  # fmt: skip

    def load(self, path: Path, device: torch.device) -> None:
        stored = torch.load(path, map_location=device, weights_only=True)
        self.model.load_state_dict(stored["model"])
        self.optimiser.load_state_dict(stored["optimiser"])
        self.average.state, self.average.steps, self.step = stored["average"], stored["step"], stored["step"]
        self.clock.resume(stored["seconds"])


def start(params: dict[str, Any], sizes: dict[str, int], plan: Plan, warm: dict[str, Tensor] | None, device: torch.device,
          spread: float) -> Run:  # fmt: skip
    """A fresh run, or one warmed by the weights of another voice of the same sizes."""
    torch.manual_seed(plan.seed)
    model = Sambert(with_dropout(params, plan.dropout), Sizes(**sizes))
    if warm is not None:
        model.load_state_dict(warm, strict=True)
    if not plan.keep_emotions:
        student.fresh_emotions(model, plan.seed)
    student.cut_feedback(model)
    model = quicken(model).to(device).train()
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=plan.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    return Run(model, training.Average(model, plan.decay), optimiser, training.Clock(plan.steps, plan.hours), spread)


def train(folder: Path, params: dict[str, Any], sizes: dict[str, int], out: Path, plan: Plan,
          warm: dict[str, Tensor] | None = None, say: Callable[[str], None] = print) -> Path:  # fmt: skip
    """Train until the budget is spent, from out/acoustic.pt if there is one. Returns that path."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    features, path = Features(folder), out / "acoustic.pt"
    mean, deviation = Scales.load(folder / "scales.npz").f0
    run = start(params, sizes, plan, warm, device, float(deviation / mean))
    if path.exists():
        run.load(path, device)
        say(f"resumed at step {run.step}")
    batches = features.epochs(features.rows(held_out=False), plan.frames, plan.seed + run.step)

    def step(progress: float) -> dict[str, Tensor]:
        batch = features.batch(next(batches), run.model.fold).to(device)
        return _step(run, batch, plan, training.rate_at(progress, plan.rate))

    return training.loop(run, plan, path, step, say)


def _step(run: Run, batch: Any, plan: Plan, rate: float) -> dict[str, Tensor]:
    device = batch.mel.device
    with torch.autocast(device.type, torch.bfloat16, enabled=plan.bf16 and halves(device)), attention(device):
        out = student.learn(run.model, batch, prosody=run.step % plan.prosody_every == 0)
    parts = student.losses(out, batch, plan.source_weight, run.spread)
    for group in run.optimiser.param_groups:
        group["lr"] = rate
    run.optimiser.zero_grad(set_to_none=True)
    sum(parts.values()).backward()
    torch.nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
    run.optimiser.step()
    run.average.update(run.model)
    run.step += 1
    return {name: value.detach() for name, value in parts.items()}
