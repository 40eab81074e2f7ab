"""SAMBERT in torch: symbols in, mel out, with the state_dict keys of KAN-TTS (KanTtsSAMBERT).

In: symbol ids (B, S, 4), emotion vectors and speaker ids or vectors. Out: mel (B, T, 80 or 82) before and after the
post-net, predictions of duration, pitch and energy. ``forward`` is for training (targets given, all steps at once);
``infer`` speaks one sentence step by step, each step at the same cost however long the sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sambert.acoustic.filled_pauses import insertion
from sambert.torch.blocks import NORM_EPS, DurationPosition, EncoderBlock, Fsmn, Prenet, TextPosition, blank
from sambert.torch.decoder import MelDecoder, dropouts_of, expand
from sambert.torch.extras import AlignAttention, FilledPausePredictor


@dataclass(frozen=True)
class Sizes:
    """Rows of the symbol tables: they depend on the language and on whether the tables end with a mask symbol."""

    sy: int
    tone: int
    syllable_flag: int
    word_segment: int
    emotion: int
    speaker: int


@dataclass
class Output:
    """decoder, postnet: (B, T, M). log_durations, pitch, energy: (B, S). frames: (B,). durations: (B, S)."""

    decoder: Tensor
    postnet: Tensor
    log_durations: Tensor
    pitch: Tensor
    energy: Tensor
    durations: Tensor
    frames: Tensor


class SelfAttentionEncoder(nn.Module):
    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__()
        d_emb, d_model = params["embedding_dim"], params["encoder_num_units"]
        widths = [d_emb] + [d_model] * (params["encoder_num_layers"] - 1)
        dropouts = dropouts_of(params, "encoder")
        self.d_model, self.dropout = d_model, dropouts[0]
        self.fft = nn.ModuleList(
            EncoderBlock(params["encoder_num_heads"], d, d_model, params["encoder_ffn_inner_dim"], dropouts) for d in widths
        )
        self.ln = nn.LayerNorm(d_model, eps=NORM_EPS)
        self.position_enc = TextPosition(params["max_len"], d_emb)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = F.dropout(self.position_enc(x * self.d_model**0.5), self.dropout, self.training)
        for block in self.fft:
            x = block(x, mask)
        return self.ln(x)


class TextEncoder(nn.Module):
    def __init__(self, params: dict[str, Any], sizes: Sizes) -> None:
        super().__init__()
        depth = params["embedding_dim"]
        self.sy_emb = nn.Embedding(sizes.sy, depth)
        self.tone_emb = nn.Embedding(sizes.tone, depth)
        self.syllable_flag_emb = nn.Embedding(sizes.syllable_flag, depth)
        self.ws_emb = nn.Embedding(sizes.word_segment, depth)
        self.ling_enc = SelfAttentionEncoder(params)
        self.ling_proj = nn.Linear(params["encoder_num_units"], params["encoder_projection_units"], bias=False)

    def forward(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        sy, tone, flag, word = ids.unbind(-1)
        x = self.sy_emb(sy) + self.tone_emb(tone) + self.syllable_flag_emb(flag) + self.ws_emb(word)
        return self.ling_proj(self.ling_enc(x, mask))


class VariancePredictor(nn.Module):
    """Pitch or energy, one value a symbol: FSMN, BLSTM, linear."""

    def __init__(self, params: dict[str, Any], d_in: int) -> None:
        super().__init__()
        units = params["predictor_num_memory_units"]
        self.fsmn = Fsmn(
            params["predictor_filter_size"],
            params["predictor_fsmn_num_layers"],
            d_in,
            units,
            params["predictor_ffn_inner_dim"],
            params["predictor_dropout"],
            params["predictor_shift"],
        )
        self.blstm = nn.LSTM(units, params["predictor_lstm_units"], batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * params["predictor_lstm_units"], 1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        x = self.fsmn(x, mask)
        if mask is None:
            x, _ = self.blstm(x)
            return self.fc(x).squeeze(-1)
        packed = nn.utils.rnn.pack_padded_sequence(x, (~mask).sum(1).cpu(), batch_first=True, enforce_sorted=False)
        x, _ = nn.utils.rnn.pad_packed_sequence(self.blstm(packed)[0], batch_first=True, total_length=mask.shape[1])
        return self.fc(x).squeeze(-1).masked_fill(mask, 0.0)


class DurationPredictor(nn.Module):
    """log(duration + 1) of each symbol, given that of the one before."""

    def __init__(self, params: dict[str, Any], d_in: int) -> None:
        super().__init__()
        self.prenet = Prenet(1, params["dur_pred_prenet_units"])
        units = params["dur_pred_lstm_units"]
        self.lstm = nn.LSTM(params["dur_pred_prenet_units"][-1] + d_in, units, num_layers=2, batch_first=True)
        self.fc = nn.Linear(units, 1)

    def forward(self, previous: Tensor, condition: Tensor, state: Any = None) -> tuple[Tensor, Any]:
        """previous: (B, S, 1) log durations shifted by one; condition: (B, S, D)."""
        x, state = self.lstm(torch.cat([self.prenet(previous), condition], -1), state)
        return F.relu(self.fc(x)).squeeze(-1), state

    def infer(self, condition: Tensor) -> Tensor:
        value, state, values = condition.new_zeros(condition.shape[0], 1), None, []
        for step in range(condition.shape[1]):
            value, state = self.forward(value.unsqueeze(1), condition[:, step : step + 1], state)
            values.append(value)
        return torch.cat(values, -1)


class VarianceAdaptor(nn.Module):
    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__()
        d_text = params["encoder_projection_units"]
        d_in = d_text + params["emotion_units"] + params["speaker_units"]
        self.pitch_predictor = VariancePredictor(params, d_in)
        self.energy_predictor = VariancePredictor(params, d_in)
        self.duration_predictor = DurationPredictor(params, d_in)
        self.dur_position_encoder = DurationPosition(d_text)
        self.pitch_emb = nn.Conv1d(1, d_text, 9, padding=4)
        self.energy_emb = nn.Conv1d(1, d_text, 9, padding=4)

    def colour(self, text: Tensor, pitch: Tensor, energy: Tensor) -> Tensor:
        """Text with pitch and energy (B, S) embedded and added."""
        embedded = self.pitch_emb(pitch.unsqueeze(1)) + self.energy_emb(energy.unsqueeze(1))
        return text + embedded.transpose(1, 2)


class PostNet(nn.Module):
    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__()
        units = params["postnet_num_memory_units"]
        self.fsmn = Fsmn(
            params["postnet_filter_size"],
            params["postnet_fsmn_num_layers"],
            params["num_mels"],
            units,
            params["postnet_ffn_inner_dim"],
            params["postnet_dropout"],
            params["postnet_shift"],
        )
        self.lstm = nn.LSTM(units, params["postnet_lstm_units"], batch_first=True)
        self.fc = nn.Linear(params["postnet_lstm_units"], params["num_mels"])

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        return self.fc(self.lstm(self.fsmn(x, mask))[0])


class Sambert(nn.Module):
    """The acoustic model. params: Model.KanTtsSAMBERT.params of the voice's am/config.yaml."""

    def __init__(self, params: dict[str, Any], sizes: Sizes) -> None:
        super().__init__()
        self.fold = params["outputs_per_step"]
        self.speaker_vectors = bool(params.get("SE", False))
        self.text_encoder = TextEncoder(params, sizes)
        if not self.speaker_vectors:
            self.spk_tokenizer = nn.Embedding(sizes.speaker, params["speaker_units"])
        self.emo_tokenizer = nn.Embedding(sizes.emotion, params["emotion_units"])
        self.variance_adaptor = VarianceAdaptor(params)
        self.mel_decoder = MelDecoder(params)
        self.mel_postnet = PostNet(params)
        if params.get("MAS", False):  # only training looks at it, but its keys are in the checkpoint
            self.align_attention = AlignAttention(params["num_mels"], params["embedding_dim"])
        if params.get("FP", False):
            self.FP_predictor = FilledPausePredictor(params["encoder_projection_units"], params["embedding_dim"])
        self.filler_ids: Tensor | None = None  # (3, 3, 4), set by the loader of an FP voice

    def filler_rows(self) -> Tensor:
        """Encoder rows of the three filled pauses, each encoded by itself: (9, d)."""
        return self.text_encoder(self.filler_ids, None).flatten(0, 1)

    def _fill(self, text: Tensor, emotion: Tensor, speaker: Tensor, controls: tuple[Tensor | None, ...]) -> tuple[Any, ...]:
        rows, origin = (torch.from_numpy(index) for index in insertion(self.FP_predictor(text)[0].numpy()))
        text = torch.cat([text[0], self.filler_rows()])[rows][None]
        wrapped = torch.arange(len(rows)) % emotion.shape[1]  # the reference repeats emotion and speaker from the start
        controls = tuple(None if c is None else c[:, origin] for c in controls)
        return text, emotion[:, wrapped], speaker[:, wrapped], controls

    def speaker(self, speaker: Tensor) -> Tensor:
        """Speaker ids (B, S) looked up; with SE the vectors (B, S, 192) as they are."""
        return speaker if self.speaker_vectors else self.spk_tokenizer(speaker)

    def memory(self, text: Tensor, emotion: Tensor, speaker: Tensor, durations: Tensor) -> tuple[Tensor, Tensor]:
        """What the decoder reads, (B, T / fold, D), and the true number of frames (B,)."""
        hot, place, frames = expand(durations, self.fold)
        # Padding frames: the reference adds the position code there too (sin 0, cos 0), so no blanking.
        spread = hot @ text + self.variance_adaptor.dur_position_encoder(place)
        steps = hot.shape[1] // self.fold
        first = hot[:, :: self.fold]
        return torch.cat([spread.reshape(len(text), steps, -1), first @ speaker, first @ emotion], -1), frames

    def forward(
        self,
        ids: Tensor,
        emotion: Tensor,
        speaker: Tensor,
        lengths: Tensor,
        mel: Tensor,
        mel_lengths: Tensor,
        durations: Tensor,
        pitch: Tensor,
        energy: Tensor,
    ) -> Output:
        """Training: all targets given. emotion: vectors (B, S, E). mel: (B, T, M) with T a multiple of the fold, equal to
        the frames that durations (B, S) add up to, rounded up."""
        mask = torch.arange(ids.shape[1], device=ids.device) >= lengths[:, None]
        mel_mask = torch.arange(mel.shape[1], device=ids.device) >= mel_lengths[:, None]
        speaker = self.speaker(speaker)
        text = self.text_encoder(ids, mask)
        adaptor = self.variance_adaptor
        seen = torch.cat([text, speaker, emotion], -1)
        pitch_said, energy_said = adaptor.pitch_predictor(seen, mask), adaptor.energy_predictor(seen, mask)
        text = adaptor.colour(text, pitch, energy)
        before = torch.log(F.pad(durations[:, :-1].float(), (1, 0)) + 1).unsqueeze(-1)
        log_durations, _ = adaptor.duration_predictor(before, torch.cat([text, speaker, emotion], -1))
        memory, frames = self.memory(text, emotion, speaker, durations.masked_fill(mask, 0))
        band = int(durations.masked_fill(mask, 0).max() / self.fold + 0.5)
        previous = F.pad(mel[:, self.fold - 1 :: self.fold], (0, 0, 1, 0))[:, : memory.shape[1]]
        out = self.mel_decoder.mel_dec(memory, band, previous, mel_mask[:, :: self.fold])
        out = blank(out.reshape(len(ids), -1, mel.shape[-1]), mel_mask)
        post = blank(self.mel_postnet(out, mel_mask) + out, mel_mask)
        return Output(out, post, log_durations.masked_fill(mask, 0.0), pitch_said, energy_said, durations, frames)

    @torch.no_grad()
    def infer(
        self,
        ids: Tensor,
        emotion: Tensor,
        speaker: Tensor,
        stretch: Tensor | None = None,
        lift: Tensor | None = None,
        push: Tensor | None = None,
    ) -> Output:
        """Speak one sentence (B = 1). emotion: (1, S, E) and speaker: (1, S, K), both vectors.

        stretch: factor on each symbol's duration; lift, push: added to predicted pitch and energy, in the model's
        normalised units, after these have set the durations; each (1, S).
        """
        text = self.text_encoder(ids, None)
        if self.filler_ids is not None:
            text, emotion, speaker, (stretch, lift, push) = self._fill(text, emotion, speaker, (stretch, lift, push))
        adaptor = self.variance_adaptor
        seen = torch.cat([text, speaker, emotion], -1)
        pitch, energy = adaptor.pitch_predictor(seen, None), adaptor.energy_predictor(seen, None)
        timed = adaptor.colour(text, pitch, energy)
        log_durations = adaptor.duration_predictor.infer(torch.cat([timed, speaker, emotion], -1))
        pitch, energy = pitch + (0 if lift is None else lift), energy + (0 if push is None else push)
        text = adaptor.colour(text, pitch, energy)
        durations = (log_durations.exp() - 1) * (1 if stretch is None else stretch)
        memory, frames = self.memory(text, emotion, speaker, durations)
        band = int(durations.max() / self.fold + 0.5)
        out = self.mel_decoder.mel_dec.infer(memory, band).reshape(1, -1, self.mel_decoder.mel_dec.d_mel)
        padding = torch.arange(out.shape[1], device=out.device)[None] >= frames[:, None]
        out = blank(out, padding)
        post = blank(self.mel_postnet(out, padding) + out, padding)
        end = int(frames[0])
        return Output(out[:, :end], post[:, :end], log_durations, pitch, energy, durations, frames)
