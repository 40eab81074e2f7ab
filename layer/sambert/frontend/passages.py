"""A request as passages: stretches of spoken text with all that holds for each character. In: Request. Out: ``Passage``s, lazily.

Plain text is cut at sentence ends first and normalised sentence by sentence; SSML goes through documents.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sambert.errors import SpeechError
from sambert.types import Background, Controls, Request, Silence

from . import split
from .normalize import spoken as spoken_form
from .traits import VoiceTraits

Find = Callable[[str], VoiceTraits | None]
Hear = Callable[[str], int]

MAX_TEXT = 200_000  # characters of one request
SENTENCE_PAUSE = Silence(200)  # ms, on top of what the voice itself leaves after #4
PARAGRAPH_PAUSE = Silence(500)
# Kinds of pause, each stronger than the one before: on top of the voice's own, exact in place of it, exact and never replaced.
NATURAL, BOUNDARY, BREAK = range(3)
_QUIET = 1e-4  # volume 0 is spoken at this, -114 dB: silence in 16 bits


@dataclass(slots=True)
class Passage:
    """source: the caller's whole text. text: a part of it, as spoken; for each character origin (begin, end) and controls.

    readings: prescribed syllables by (begin, end) of ``text``; names: those that a lexicon may overrule; words: stretches that
    are one word; marks: (index in ``text``, place in the caller's text, name); breaks: (index in ``text``, exact silence there);
    pause: silence after it, of what ``kind``; voice: who speaks it, None = the caller's; background: what plays under it.
    """

    source: str
    text: str = ""
    origin: list[tuple[int, int]] = field(default_factory=list)
    controls: list[Controls] = field(default_factory=list)
    readings: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    names: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    words: dict[int, tuple[int, int]] = field(default_factory=dict)
    marks: list[tuple[int, int, str]] = field(default_factory=list)
    breaks: list[tuple[int, Silence]] = field(default_factory=list)
    pause: Silence = field(default_factory=Silence)
    kind: int = NATURAL
    voice: VoiceTraits | None = None
    background: Background | None = None
    warnings: tuple[str, ...] = ()

    def part(self, begin: int, end: int) -> Passage:
        """The same, of text[begin:end] only, with the marks before ``end``; warnings stay with the part that begins at 0."""
        return Passage(
            self.source,
            self.text[begin:end],
            self.origin[begin:end],
            self.controls[begin:end],
            _within(self.readings, begin, end),
            _within(self.names, begin, end),
            {key: (first - begin, last - begin) for key, (first, last) in self.words.items() if begin <= first and last <= end},
            [(at - begin, place, name) for at, place, name in self.marks if begin <= at < end or (at == end == len(self.text))],
            [(at - begin, silence) for at, silence in self.breaks if begin < at <= end],
            voice=self.voice,
            background=self.background,
            warnings=() if begin else self.warnings,
        )


def _within(readings: dict[tuple[int, int], list[str]], begin: int, end: int) -> dict[tuple[int, int], list[str]]:
    return {(first - begin, last - begin): one for (first, last), one in readings.items() if begin <= first and last <= end}


def passages(request: Request, voice: VoiceTraits, find: Find, hear: Hear | None = None) -> Iterator[Passage]:
    """find: the traits of another voice by its name, or None. hear: as for ``ssml.parse``.

    Raises empty_text, text_too_long, text_and_ssml, unknown_emotion, and what ``ssml.parse`` raises.
    """
    if request.text is not None and request.ssml is not None:
        raise SpeechError("text_and_ssml")
    gain = 20 * math.log10(max(request.volume, _QUIET) / 50)
    controls = Controls(voice.emotion(request.emotion), request.intensity, request.rate, request.pitch, gain)
    if request.ssml is not None:
        from . import documents  # and with it all of ssml, which plain text has no use for

        return documents.passages(request.ssml, controls, voice, find, hear)
    text = request.text or ""
    if not text.strip():
        raise SpeechError("empty_text")
    if len(text) > MAX_TEXT:
        raise SpeechError("text_too_long", length=len(text), limit=MAX_TEXT)
    return _of_text(text, controls)


def _of_text(text: str, controls: Controls) -> Iterator[Passage]:
    for begin, end in split.sentences(text):
        passage = Passage(text)
        passage.pause = PARAGRAPH_PAUSE if "\n" in text[begin:end] else SENTENCE_PAUSE
        append(passage, text[begin:end], begin, controls)
        yield passage


def append(passage: Passage, text: str, begin: int, controls: Controls, kind: str | None = None) -> tuple[int, int]:
    """Adds the spoken form of ``text``, which lies at ``begin`` in the caller's. Returns where it is in the passage."""
    spoken = spoken_form(text, kind)
    first = len(passage.text)
    passage.text += spoken.text
    passage.origin += [(begin + start, begin + stop) for start, stop in spoken.origin]
    passage.controls += [controls] * len(spoken.text)
    passage.warnings += spoken.warnings
    return first, len(passage.text)
