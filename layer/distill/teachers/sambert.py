"""Any Sambert-HifiGAN voice as a teacher: a big pack teaches a small one. In: an ``Utterance``. Out: a ``Lesson``."""

from __future__ import annotations

import numpy as np
import soxr

from sambert.frontend import VoiceTraits
from sambert.synthesizer import Synthesizer
from sambert.types import Mel, Utterance
from sambert.vocoder.pieces import VOICING
from sambert.voices import load_voice
from sambert_distill import emotions, sound
from sambert_distill.teachers import FRAME, RATE, Lesson

PERIOD_MS = 1000 * FRAME / RATE


class SambertTeacher:
    """Its own durations are the labels: nothing is guessed. Raises what load_voice and the voice's symbol table raise."""

    def __init__(self, voice: Synthesizer) -> None:
        self._voice = voice

    @classmethod
    def of(cls, voice: str) -> SambertTeacher:
        """voice: the name or path of a pack, or of a ModelScope directory."""
        return cls(load_voice(voice))

    @property
    def traits(self) -> VoiceTraits:
        return self._voice.traits

    @property
    def card(self) -> dict[str, str]:
        manifest = self._voice.manifest
        return {"teacher": manifest.name, "style": manifest.speakers[0], "licence": manifest.licence, "source": manifest.source}

    def teach(self, utterance: Utterance) -> Lesson:
        mel, wave = self._voice.render(utterance.symbols)
        manifest = self._voice.manifest
        ends = np.round(np.cumsum(mel.durations) * manifest.hop / manifest.sample_rate * RATE / FRAME).astype(int)
        samples = np.zeros(ends[-1] * FRAME, np.float32)
        whole = soxr.resample(wave, manifest.sample_rate, RATE, quality="VHQ")[: len(samples)]
        samples[: len(whole)] = whole
        f0 = self._spoken_f0(mel, ends[-1]) if manifest.nsf else tracked_f0(samples)
        return Lesson(samples, utterance.symbols, np.diff(ends, prepend=0), 0, f0, sound.log_rms(samples))

    def _spoken_f0(self, mel: Mel, count: int) -> np.ndarray:
        """(count,) Hz, 0 where unvoiced, from the two source channels."""
        manifest = self._voice.manifest
        hertz = (mel.frames[:, 80] * manifest.f0_std + manifest.f0_mean) * (mel.frames[:, 81] > VOICING)
        at = (np.arange(count) + 0.5) * (FRAME / RATE) * manifest.sample_rate / manifest.hop
        return hertz[np.minimum(at.astype(int), len(hertz) - 1)]


def tracked_f0(samples: np.ndarray) -> np.ndarray:
    """(N // FRAME,) Hz, 0 where unvoiced: of a voice that does not tell its F0."""
    wide = samples.astype(np.float64)
    rough, times = emotions.pyworld.dio(wide, RATE, frame_period=PERIOD_MS)
    return emotions.pyworld.stonemask(wide, rough, times, RATE)[: len(samples) // FRAME]
