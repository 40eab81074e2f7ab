"""Trains the student's vocoder. In: lessons, the parameters of voc/config.yaml. Out: a checkpoint whose ``average`` is its state
dict, of either kind: source-filter, or KAN-TTS's HiFi-GAN."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sambert.torch.source import vocoder_of
from sambert_distill import training
from sambert_distill.adversary import Discriminator, fooling_loss, judge_loss, matching_loss, spectral_distance
from sambert_distill.lessons import Lesson, Pieces, harmonics_of
from sambert_distill.sound import HOP

EDGE = 2  # frames at either end of a piece that no loss looks at: there the convolutions see padding


@dataclass(frozen=True)
class Plan:
    """How to train: pieces a step, frames a piece. spectral: share of the budget before the discriminator joins."""

    hours: float | None = None
    steps: int | None = None
    pieces: int = 8
    frames: int = 40
    rate: float = 3e-4
    decay: float = 0.999
    spectral: float = 0.0
    fooling_weight: float = 0.3
    matching_weight: float = 1.0
    neutral_share: float = 0.6
    seed: int = 1
    save_every_s: float = 240.0


@dataclass
class Run:
    """Everything that a checkpoint carries."""

    generator: nn.Module
    judge: Discriminator
    average: training.Average
    optimisers: tuple[torch.optim.Optimizer, torch.optim.Optimizer]
    clock: training.Clock
    step: int = 0

    def save(self, path: Path, plan: Plan) -> None:
        training.save(path, {"generator": self.generator.state_dict(), "judge": self.judge.state_dict(), "step": self.step,
                             "average": self.average.state, "optimisers": [o.state_dict() for o in self.optimisers],
                             "seconds": self.clock.elapsed, "plan": asdict(plan)})  # fmt: skip

    def load(self, path: Path, device: torch.device) -> None:
        stored = torch.load(path, map_location=device, weights_only=True)
        self.generator.load_state_dict(stored["generator"])
        self.judge.load_state_dict(stored["judge"])
        for optimiser, state in zip(self.optimisers, stored["optimisers"], strict=True):
            optimiser.load_state_dict(state)
        self.average.state, self.average.steps, self.step = stored["average"], stored["step"], stored["step"]
        self.clock.resume(stored["seconds"])


def start(params: dict[str, Any], plan: Plan, warm: dict[str, Tensor] | None, device: torch.device) -> Run:
    torch.manual_seed(plan.seed)
    generator, judge = vocoder_of(params), Discriminator().to(device)
    if warm is not None:
        generator.load_state_dict(warm, strict=True)
    generator = generator.to(device)
    optimisers = tuple(torch.optim.AdamW(m.parameters(), lr=plan.rate, betas=(0.8, 0.99), weight_decay=0.01, fused=True)
                       for m in (generator, judge))  # fmt: skip
    return Run(generator, judge, training.Average(generator, plan.decay), optimisers, training.Clock(plan.steps, plan.hours))


def train(lessons: Sequence[Lesson], params: dict[str, Any], out: Path, plan: Plan, warm: dict[str, Tensor] | None = None,
          say: Callable[[str], None] = print) -> Path:  # fmt: skip
    """Train until the budget is spent, from out/vocoder.pt if there is one. Several speakers may share one vocoder."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    path = out / "vocoder.pt"
    run = start(params, plan, warm, device)
    if path.exists():
        run.load(path, device)
        say(f"resumed at step {run.step}")
    pieces = Pieces(lessons, harmonics_of(params), plan.pieces, plan.frames, plan.neutral_share, plan.seed + run.step)

    def step(progress: float) -> dict[str, Tensor]:
        for optimiser in run.optimisers:
            optimiser.param_groups[0]["lr"] = training.rate_at(progress, plan.rate)
        return _step(run, pieces.draw(device), plan, progress >= plan.spectral)

    return training.loop(run, plan, path, step, say)


def _step(run: Run, drawn: tuple[Tensor, ...], plan: Plan, adversarial: bool) -> dict[str, Tensor]:
    bands, source, wave = drawn
    edge = EDGE * HOP
    said, wanted = run.generator(bands, source)[:, 0, edge:-edge], wave[:, edge:-edge]
    parts = {"spectral": spectral_distance(said, wanted)}
    if adversarial:
        judged = judge_loss(run.judge(wanted), run.judge(said.detach()))
        run.optimisers[1].zero_grad(set_to_none=True)
        judged.backward()
        run.optimisers[1].step()
        run.judge.requires_grad_(False)  # from here only the generator learns
        with torch.no_grad():
            real = run.judge(wanted)
        fake = run.judge(said)
        parts["fooling"] = fooling_loss(fake) * plan.fooling_weight
        parts["matching"] = matching_loss(real, fake) * plan.matching_weight
    run.optimisers[0].zero_grad(set_to_none=True)
    sum(parts.values()).backward()
    run.judge.requires_grad_(True)
    torch.nn.utils.clip_grad_norm_(run.generator.parameters(), 5.0)
    run.optimisers[0].step()
    run.average.update(run.generator)
    run.step += 1
    if adversarial:
        parts["judge"] = judged
    return {name: value.detach() for name, value in parts.items()}
