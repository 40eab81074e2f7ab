"""The only door into the layer: a voice that speaks requests.

In: a ``Request``. Out: ``Speech``, whole or part by part. ``mel`` and ``wave`` are the seams that parity checks use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sambert.acoustic.inputs import AcousticInput
from sambert.acoustic.pitch import bent, raised
from sambert.acoustic.timing import paced
from sambert.audio.effects import amplify, resample, silence
from sambert.audio.pauses import cut, gaps
from sambert.audio.shift import shift
from sambert.emotions import NEUTRAL, ROWS, resolve
from sambert.errors import SpeechError
from sambert.frontend.user_lexicon import UserLexicon, lexicon_file
from sambert.limits import check_request
from sambert.marks import marks_of
from sambert.pack import Manifest, Pack
from sambert.runtime import at_work
from sambert.sounds import Library, Sounds, mix
from sambert.types import Mel, Request, Speech, Symbol, Utterance
from sambert.vocoder.pieces import Vocoder, denormalise, waves

if TYPE_CHECKING:
    from sambert.frontend import VoiceTraits

LEXICON = "lexicon.txt"  # in a voice's folder: its own readings; not part of the pack's digest but of every object's key


class Acoustic(Protocol):
    def mel(self, given: AcousticInput) -> Mel: ...


class Others(Protocol):
    """Where SSML's ``voice`` finds voices; see ``voices.Shelf``."""

    def traits(self, name: str) -> VoiceTraits | None: ...

    def open(self, name: str) -> Synthesizer: ...


@dataclass
class _Clock:
    """Where the next part begins: samples so far."""

    samples: int = 0


class Synthesizer:
    """One loaded voice. Threads may share it: ONNX Runtime's sessions are safe to run at the same time."""

    def __init__(self, pack: Pack, acoustic: Acoustic, vocoder: Vocoder, speaker: str | None = None) -> None:
        self.pack = pack
        self.others: Others | None = None  # a voice knows one pack; who loads it may tell where to find others
        self.sounds = Library()  # and where SSML's sounds may come from: nowhere, until it is told
        self._acoustic, self._vocoder = acoustic, vocoder
        self._table = pack.manifest.table
        self._speaker = self._speaker_row(speaker)
        self.lexicon = own_lexicon(pack.root)  # who loads it may lay more under it

    @property
    def manifest(self) -> Manifest:
        return self.pack.manifest

    @property
    def traits(self) -> VoiceTraits:
        """What the front end must know of the voice."""
        return replace(traits_of(self.manifest), lexicon=self.lexicon)

    def speak(self, request: Request) -> Speech:
        """The whole request at once; for long texts rather use stream(). Raises every error of a request."""
        parts = list(self.stream(request))
        samples = np.concatenate([part.samples for part in parts])
        marks = tuple(mark for part in parts for mark in part.marks)
        warnings = tuple(dict.fromkeys(warning for part in parts for warning in part.warnings))
        return Speech(samples, self.manifest.sample_rate, marks, warnings)

    def stream(self, request: Request) -> Iterator[Speech]:
        """Part by part as each is ready. Errors in the request are raised before the first part, sounds fetched before it."""
        from sambert.frontend import utterances

        check_request(request)
        resolve(request.emotion, self.manifest.name, self.manifest.emotions)
        clock, sounds = _Clock(), Sounds(self.sounds, self.manifest.sample_rate)
        background = None
        said = utterances(request, self.traits, self.others.traits if self.others else lambda name: None, sounds.use)
        for utterance in paced(said, self._lasting):
            yield self._say(utterance, clock, sounds)
            background = utterance.background
        if background and background.fade_out:
            rate = self.manifest.sample_rate
            yield Speech(mix.ending(clock.samples, background, sounds.samples(background.src), rate), rate)

    def mel(self, symbols: str) -> np.ndarray:
        """KAN-TTS symbols → what the post-net gives: (T, 80), or (T, 82) with F0 and voicing still normalised."""
        ids = self._table.parse(symbols)
        speakers = self.pack.speaker[ids[:, 5] if len(self.pack.speaker) > 1 else np.zeros(len(ids), int)]
        return self._acoustic.mel(_neutral_input(ids[:, :4], self.pack.emotion[ids[:, 4]], speakers)).frames

    def wave(self, mel: np.ndarray, seed: int = 0) -> np.ndarray:
        """What mel() gives → samples float32 (T·hop,). NSF noise and phases follow ``seed`` as torch.manual_seed would."""
        mel = np.asarray(mel, np.float32)
        if mel.ndim != 2 or mel.shape[1] != self.manifest.channels or not len(mel):
            raise SpeechError("bad_request", reason=f"mel 的形状应为 (T, {self.manifest.channels})，实为 {mel.shape}")
        return np.concatenate(list(waves(self._vocoder, mel, self.manifest, seed)))

    def render(self, symbols: tuple[Symbol, ...]) -> tuple[Mel, np.ndarray]:
        """Symbols with their controls → mel with durations, samples float32 (T·hop,): all that a student learns from."""
        free = self.manifest.excitation == "pulses"  # a mel that hides the harmonics: the vocoder speaks it at any F0
        with at_work():
            mel, rest = self._mel(symbols)
            if free and rest.any():
                mel = raised(mel, rest, self.manifest)
            wave = np.concatenate(list(waves(self._vocoder, mel.frames, self.manifest)))
        if rest.any() and not free:
            f0, voiced = denormalise(mel.frames, self.manifest)
            wave = shift(wave, f0 * voiced, np.repeat(rest, mel.durations), self.manifest.hop, self.manifest.sample_rate)
        return mel, wave

    def _mel(self, symbols: tuple[Symbol, ...]) -> tuple[Mel, np.ndarray]:
        """The mel of symbols, and the semitones (S,) that are left for the wave."""
        semitones = np.asarray([s.controls.pitch for s in symbols], np.float32)
        ranges = np.asarray([s.controls.range for s in symbols], np.float32)
        return bent(self._acoustic.mel, self._input(symbols), semitones, ranges, self.manifest)

    def _speaker_row(self, speaker: str | None) -> np.ndarray:
        names = self.manifest.speakers
        if speaker is not None and speaker not in names:
            raise SpeechError("unknown_voice", voice=speaker, available="、".join(names))
        row = names.index(speaker) if speaker is not None else 0
        return self.pack.speaker[row if len(self.pack.speaker) > 1 else 0]  # SE voices have one vector for all

    def _say(self, utterance: Utterance, clock: _Clock, sounds: Sounds) -> Speech:
        rate = self.manifest.sample_rate
        samples, edges = np.zeros(0, np.float32), np.zeros(1, np.int64)
        if utterance.symbols:
            who = self._who(utterance)
            samples, edges = who.spoken(utterance)
            if who.manifest.sample_rate != rate:
                samples, edges = resample(samples, who.manifest.sample_rate, rate), edges * rate // who.manifest.sample_rate
        marks = marks_of(utterance.spans, clock.samples + edges, rate)
        samples = np.concatenate([samples, silence(utterance.silence_ms, rate)])
        samples = mix.inserted(samples, edges, utterance, sounds.samples, rate)
        if under := utterance.background:
            samples = mix.under(samples, clock.samples, under, sounds.samples(under.src), rate)
        clock.samples += len(samples)
        return Speech(samples, rate, marks, utterance.warnings)

    def _who(self, utterance: Utterance) -> Synthesizer:
        return self.others.open(utterance.voice) if utterance.voice and self.others else self

    def _lasting(self, utterance: Utterance) -> np.ndarray:
        """ms of each symbol (S,) as heard: an exact pause cuts into the phones beside it, so these must be spoken to know."""
        who = self._who(utterance)
        if utterance.pauses:
            return np.diff(who.spoken(utterance)[1]) * 1000 / who.manifest.sample_rate
        return who._mel(utterance.symbols)[0].durations * who.manifest.hop * 1000 / who.manifest.sample_rate

    def spoken(self, utterance: Utterance) -> tuple[np.ndarray, np.ndarray]:
        """Samples of an utterance that has symbols, with its exact pauses; edges (S + 1,): where each symbol begins in them."""
        rate = self.manifest.sample_rate
        mel, wave = self.render(utterance.symbols)
        lengths = mel.durations * self.manifest.hop
        edges = np.concatenate([[0], np.cumsum(lengths)])
        found = gaps(wave, edges, utterance.pauses, rate)
        gains = np.asarray([symbol.controls.gain for symbol in utterance.symbols], np.float32)
        return cut(amplify(wave, gains, lengths, rate), edges, found, rate)

    def _input(self, symbols: tuple[Symbol, ...]) -> AcousticInput:
        ids = self._table.encode([(s.phone, s.tone, s.syllable, s.word) for s in symbols])
        emotion = np.stack([self._emotion(s.controls.emotion, s.controls.intensity) for s in symbols])
        given = _neutral_input(ids, emotion, np.repeat(self._speaker[None], len(symbols), axis=0))
        rates = np.asarray([s.controls.rate for s in symbols], np.float32)
        return replace(given, stretch=1 / rates)

    def _emotion(self, name: str, intensity: float) -> np.ndarray:
        """neutral + k · (emotion - neutral): at 0 neutral, at 1 as learned, beyond 1 exaggerated."""
        category = resolve(name, self.manifest.name, self.manifest.emotions)
        neutral = self.pack.emotion[ROWS[NEUTRAL]]
        return neutral + np.float32(intensity) * (self.pack.emotion[ROWS[category]] - neutral)


def own_lexicon(folder: Path) -> UserLexicon:
    """Readings that a deployment has put into the voice's folder. Raises bad_lexicon_file with the line that is wrong."""
    path = folder / LEXICON
    return lexicon_file(path) if path.is_file() else UserLexicon()


def traits_of(manifest: Manifest) -> VoiceTraits:
    """What the front end must know of a voice, from its manifest alone."""
    from sambert.frontend import VoiceTraits

    f0 = {"f0": manifest.f0_mean} if manifest.f0_mean else {}
    known = (manifest.speakable, manifest.emotions, manifest.name, manifest.language, manifest.prosody)
    return VoiceTraits(*known, tells_f0=manifest.nsf, **f0)


def _neutral_input(ids: np.ndarray, emotion: np.ndarray, speaker: np.ndarray) -> AcousticInput:
    flat = np.zeros(len(ids), np.float32)
    return AcousticInput(np.ascontiguousarray(ids), emotion, speaker, flat + 1, flat, flat)
