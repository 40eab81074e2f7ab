"""The values that travel between the rooms, text to samples. All are frozen; arrays are never written to.

In: nothing. Out: Request → (frontend) → Utterance → (acoustic) → Mel → (vocoder) → Waveform → Speech.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # numpy is only needed for the annotations here
    import numpy as np


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller asks for. Exactly one of ``text`` and ``ssml`` must be given.

    emotion: a category of the voice ("neutral", "happy", …); Chinese names are accepted.
    intensity: strength of the emotion, 0..2; 0 is neutral, 1 as learned.
    rate: speed, 0.5..2 (1 = the voice's own). pitch: semitones, -12..12. volume: 0..100 (50 = as is, gain = volume / 50).
    lexicon: word → pinyin, e.g. {"单于": "chan2 yu2"}; wins over every dictionary.
    """

    text: str | None = None
    ssml: str | None = None
    emotion: str = "neutral"
    intensity: float = 1.0
    rate: float = 1.0
    pitch: float = 0.0
    volume: float = 50.0
    lexicon: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech that is to last ``ms``, or no longer than that (``most``). number: tells one stretch from the next; within: the one
    around it, whose time it takes part of."""

    number: int
    ms: int
    most: bool = False
    within: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Controls:
    """How one symbol is to be spoken. rate: factor; pitch: semitones; gain: dB; range: factor on how far F0 strays from its mean;
    span: the stretch with a wanted duration that it belongs to."""

    emotion: str = "neutral"
    intensity: float = 1.0
    rate: float = 1.0
    pitch: float = 0.0
    gain: float = 0.0
    range: float = 1.0
    span: Stretch | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """One KAN-TTS token: ``{phone$tone$syllable$word$emotion$speaker}`` without its last two fields.

    phone: "n_c", "ay", "#1" …; tone: "tone1".."tone5", "tone_none"; syllable: "s_begin" …; word: "word_begin" ….
    """

    phone: str
    tone: str
    syllable: str
    word: str
    controls: Controls = Controls()


@dataclass(frozen=True, slots=True)
class Span:
    """Where a stretch of the original text lies among the symbols.

    kind: "character", "word", "sentence" or "mark" (an SSML mark; ``text`` is then its name and first == last).
    begin, end: indexes into the caller's text (for SSML: into its text content), end exclusive.
    first, last: indexes into Utterance.symbols, last exclusive.
    """

    kind: str
    text: str
    begin: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that plays in a silence, from ``at`` ms behind its beginning. src: the address, as the caller has it."""

    src: str
    at: int = 0


@dataclass(frozen=True, slots=True)
class Silence:
    """``ms`` without speech, and the sounds that play meanwhile."""

    ms: int = 0
    sounds: tuple[Sound, ...] = ()

    def __add__(self, other: Silence) -> Silence:
        return Silence(self.ms + other.ms, self.sounds + tuple(Sound(one.src, one.at + self.ms) for one in other.sounds))


@dataclass(frozen=True, slots=True)
class Background:
    """A recording under the whole speech, again from its beginning where it ends. volume: factor on its samples; it fades in over
    ``fade_in`` ms from the beginning and out over ``fade_out`` ms behind the end of the speech."""

    src: str
    volume: float = 1.0
    fade_in: int = 0
    fade_out: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """Exactly ``ms`` of silence, from the end of the speech before it to the beginning of the speech after it.

    symbols[first:last] are the break tokens it takes the place of; what the voice leaves silent around them is taken out. At
    first == last == 0 it stands before the piece, at last == len(symbols) behind it. sounds: what plays in it.
    """

    first: int
    last: int
    ms: int
    sounds: tuple[Sound, ...] = ()


@dataclass(frozen=True, slots=True)
class Timed:
    """symbols[i] for each i of ``inside``, without what exact pauses take the place of, and all others of a stretch with this
    number, are to last ``ms`` together, or no longer than that (``most``)."""

    number: int
    inside: tuple[int, ...]
    ms: int
    most: bool = False


@dataclass(frozen=True, slots=True)
class Utterance:
    """One piece of speech, at most about 50 characters: what the acoustic model speaks in one go.

    pauses: exact ones, in order. timed: stretches of a wanted duration. silence_ms: added after the piece, on top of what the
    voice itself leaves there. An utterance without symbols is only silence. voice: the name of another voice that speaks it,
    "" = the caller's. warnings: what was skipped or ignored, in Chinese, for the caller. sounds: what plays in silence_ms.
    background: what plays under the whole speech, the same in each of its pieces.
    """

    symbols: tuple[Symbol, ...]
    spans: tuple[Span, ...] = ()
    silence_ms: int = 0
    pauses: tuple[Pause, ...] = ()
    warnings: tuple[str, ...] = ()
    text: str = ""
    voice: str = ""
    timed: tuple[Timed, ...] = ()
    sounds: tuple[Sound, ...] = ()
    background: Background | None = None


@dataclass(frozen=True, slots=True)
class Mel:
    """What the post-net gives. frames: (T, 80) or (T, 82) with normalised F0 and voicing; durations: frames a symbol, (S,)."""

    frames: np.ndarray
    durations: np.ndarray


@dataclass(frozen=True, slots=True)
class Waveform:
    """samples: float32 in -1..1, (N,); rate in Hz."""

    samples: np.ndarray
    rate: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the caller's text and when it sounds. Times in ms from the beginning of the audio."""

    kind: str
    text: str
    begin: int
    end: int
    begin_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Speech:
    """Finished speech, or one part of it when streamed (then marks count from the beginning of the whole)."""

    samples: np.ndarray
    sample_rate: int
    marks: tuple[Mark, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def duration_ms(self) -> int:
        return round(1000 * len(self.samples) / self.sample_rate)
