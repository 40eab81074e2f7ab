"""The student seen from training: the passes of a SAMBERT that does not hear itself.

In: a Sambert whose feedback is cut, and batches. Out: mels and predictions, for training and for listening.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from sambert.symbols import EMOTIONS
from sambert.torch.acoustic import Sambert
from sambert_distill.data import Batch
from sambert_distill.emotions import RECIPES

NEUTRAL = EMOTIONS.index("neutral")
UNVOICED = 0.2  # what F0 counts where it is only filled in
LOWEST = 0.4  # of the mean: below it intervals grow no further


@dataclass
class Pass:
    """decoder, postnet: (B, T, 82). log_durations, and pitch and energy unless left out: (B, S)."""

    decoder: Tensor
    postnet: Tensor
    log_durations: Tensor
    pitch: Tensor | None
    energy: Tensor | None


def cut_feedback(model: Sambert) -> None:
    """Zero and freeze the prenets through which the decoder and the duration predictor hear themselves.

    What the network hears in training is then exactly what it hears when it speaks, which a short training needs (teacher
    forcing alone babbles, facts/voice.md); and a decoder that ignores its own past can run all its steps at once.
    """
    for prenet in (model.mel_decoder.mel_dec.prenet, model.variance_adaptor.duration_predictor.prenet):
        for parameter in prenet.parameters():
            parameter.data.zero_()
            parameter.requires_grad_(False)


def fresh_emotions(model: Sambert, seed: int) -> None:
    """Start every trained emotion close to neutral: differences then mean something from the first step."""
    rows = model.emo_tokenizer.weight.data
    noise = torch.randn(rows.shape, generator=torch.Generator().manual_seed(seed)) * 0.3
    for name in RECIPES:
        rows[EMOTIONS.index(name)] = rows[NEUTRAL] + noise[EMOTIONS.index(name)].to(rows.device)


def feelings(model: Sambert, emotion: Tensor, strength: Tensor, width: int) -> Tensor:
    """(B, width, E): neutral + strength · (emotion − neutral), as the engine mixes them when it speaks."""
    rows = model.emo_tokenizer.weight
    mixed = rows[NEUTRAL] + strength[:, None] * (rows[emotion] - rows[NEUTRAL])
    return mixed[:, None].expand(-1, width, -1)


def _render(model: Sambert, text: Tensor, speaker: Tensor, feeling: Tensor, durations: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Decoder and post-net over all steps at once. Returns both mels (B, T, 82) and the true frames (B,)."""
    memory, frames = model.memory(text, feeling, speaker, durations)
    decoder = model.mel_decoder.mel_dec
    padding = torch.arange(memory.shape[1] * model.fold, device=memory.device)[None] >= frames[:, None]
    unheard = memory.new_zeros(len(memory), memory.shape[1], decoder.d_mel)
    mask = padding[:, :: model.fold] if len(memory) > 1 else None
    out = decoder(memory, int(durations.max() / model.fold + 0.5), unheard, mask).reshape(len(memory), -1, decoder.d_mel)
    out = out.masked_fill(padding[..., None], 0.0)
    return out, (out + model.mel_postnet(out, padding)).masked_fill(padding[..., None], 0.0), frames


def learn(model: Sambert, batch: Batch, *, prosody: bool) -> Pass:
    """The training pass: the teacher's durations, pitch and energy. prosody: whether pitch and energy are predicted too;
    their recurrent networks take a quarter of a step and need far fewer steps than the mel."""
    mask = torch.arange(batch.ids.shape[1], device=batch.ids.device) >= batch.symbols[:, None]
    feeling = feelings(model, batch.emotion, batch.strength, batch.ids.shape[1])
    speaker = model.speaker(torch.zeros_like(batch.ids[..., 0]))
    text, adaptor = model.text_encoder(batch.ids, mask), model.variance_adaptor
    pitch = energy = None
    if prosody:
        seen = torch.cat([text, speaker, feeling], -1)
        pitch, energy = adaptor.pitch_predictor(seen, mask), adaptor.energy_predictor(seen, mask)
    text = adaptor.colour(text, batch.pitch, batch.energy)
    unheard = torch.zeros_like(batch.pitch)[..., None]
    log_durations, _ = adaptor.duration_predictor(unheard, torch.cat([text, speaker, feeling], -1))
    decoder, postnet, _ = _render(model, text, speaker, feeling, batch.frames)
    return Pass(decoder, postnet, log_durations, pitch, energy)


@torch.no_grad()
def speak(model: Sambert, ids: np.ndarray, emotion: str = "neutral", strength: float = 1.0) -> np.ndarray:
    """Free running: ids (S, 4) → (T, 82) as the post-net gives it."""
    ids = torch.from_numpy(np.asarray(ids, np.int64))[None]
    feeling = feelings(model, torch.tensor([EMOTIONS.index(emotion)]), torch.tensor([float(strength)]), ids.shape[1])
    speaker = model.speaker(torch.zeros_like(ids[..., 0]))
    text, adaptor = model.text_encoder(ids, None), model.variance_adaptor
    seen = torch.cat([text, speaker, feeling], -1)
    text = adaptor.colour(text, adaptor.pitch_predictor(seen, None), adaptor.energy_predictor(seen, None))
    unheard = torch.zeros_like(ids[..., :1], dtype=torch.float32)
    log_durations, _ = adaptor.duration_predictor(unheard, torch.cat([text, speaker, feeling], -1))
    _, mel, frames = _render(model, text, speaker, feeling, log_durations.exp() - 1)
    return mel[0, : int(frames[0])].numpy()


@torch.no_grad()
def follow(model: Sambert, batch: Batch) -> Tensor:
    """The student's mel (B, T, 82) with the teacher's prosody: aligned with the teacher's sound, to train a vocoder on."""
    return learn(model, batch, prosody=False).postnet


def hearing(source: Tensor, spread: float) -> Tensor:
    """How much an error of F0 in Hz counts, (N,), 1 on average: as an interval, which is what an ear hears, and where there is a
    voice. source: (N, 2) F0 as scaled, and voicing; spread: standard deviation of F0 over its mean."""
    weight = (UNVOICED + (1 - UNVOICED) * source[:, 1]) / (1 + spread * source[:, 0]).clamp(min=LOWEST)
    return weight / weight.mean()


def losses(out: Pass, batch: Batch, source_weight: float, spread: float) -> dict[str, Tensor]:
    """Mean absolute errors over what is not padding. spread: as ``hearing`` takes it."""
    inside = torch.arange(batch.mel.shape[1], device=batch.mel.device)[None] < batch.lengths[:, None]
    spoken = torch.arange(batch.ids.shape[1], device=batch.mel.device)[None] < batch.symbols[:, None]
    heard = hearing(batch.mel[inside][:, 80:], spread)
    found: dict[str, Tensor] = {}
    for name, mel in (("decoder", out.decoder), ("postnet", out.postnet)):
        error = (mel.float() - batch.mel).abs()[inside]
        found[name] = error[:, :80].mean()
        found[f"{name}_source"] = (error[:, 80] * heard + error[:, 81]).mean() / 2 * source_weight
    found["duration"] = F.l1_loss(out.log_durations.float()[spoken], torch.log(batch.frames[spoken].float() + 1))
    if out.pitch is not None:
        found["pitch"] = F.l1_loss(out.pitch.float()[spoken], batch.pitch[spoken])
        found["energy"] = F.l1_loss(out.energy.float()[spoken], batch.energy[spoken])
    return found
