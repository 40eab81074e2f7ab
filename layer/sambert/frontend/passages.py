"""A request as passages: stretches of spoken text with all that holds for each character. In: Request. Out: ``Passage``s, lazily.

Plain text is cut at sentence ends first and normalised sentence by sentence; an SSML document is normalised element by element
and cut at its breaks, boundaries and sentence ends.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from sambert.errors import SpeechError
from sambert.types import Background, Controls, Request, Silence

from . import split, ssml
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

    readings: prescribed syllables by (begin, end) of ``text``; words: stretches that are one word; marks: (index in ``text``,
    place in the caller's text, name); breaks: (index in ``text``, exact silence there); pause: silence after it, of what
    ``kind``; voice: who speaks it, None = the caller's; background: what plays under it.
    """

    source: str
    text: str = ""
    origin: list[tuple[int, int]] = field(default_factory=list)
    controls: list[Controls] = field(default_factory=list)
    readings: dict[tuple[int, int], list[str]] = field(default_factory=dict)
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
            {
                (first - begin, last - begin): one
                for (first, last), one in self.readings.items()
                if begin <= first and last <= end
            },
            {key: (first - begin, last - begin) for key, (first, last) in self.words.items() if begin <= first and last <= end},
            [(at - begin, place, name) for at, place, name in self.marks if begin <= at < end or (at == end == len(self.text))],
            [(at - begin, silence) for at, silence in self.breaks if begin < at <= end],
            voice=self.voice,
            background=self.background,
            warnings=() if begin else self.warnings,
        )


def passages(request: Request, voice: VoiceTraits, find: Find, hear: Hear | None = None) -> Iterator[Passage]:
    """find: the traits of another voice by its name, or None. hear: as for ``ssml.parse``.

    Raises empty_text, text_too_long, text_and_ssml, unknown_emotion, and what ``ssml.parse`` raises.
    """
    if request.text is not None and request.ssml is not None:
        raise SpeechError("text_and_ssml")
    gain = 20 * math.log10(max(request.volume, _QUIET) / 50)
    controls = Controls(voice.emotion(request.emotion), request.intensity, request.rate, request.pitch, gain)
    if request.ssml is not None:
        document = ssml.parse(request.ssml, controls, voice, find, hear)
        if not document.text.strip() and not any(_heard(one) for one in document.segments):
            raise SpeechError("empty_text")
        return _of_document(document, find)
    text = request.text or ""
    if not text.strip():
        raise SpeechError("empty_text")
    if len(text) > MAX_TEXT:
        raise SpeechError("text_too_long", length=len(text), limit=MAX_TEXT)
    return _of_text(text, controls)


def _heard(segment: ssml.Segment) -> bool:
    """Whether it is heard although the document has no text."""
    match segment:
        case ssml.Text():
            return bool(segment.alias)
        case ssml.Break():
            return bool(segment.silence.sounds)
    return False


def _of_text(text: str, controls: Controls) -> Iterator[Passage]:
    for begin, end in split.sentences(text):
        passage = Passage(text)
        passage.pause = PARAGRAPH_PAUSE if "\n" in text[begin:end] else SENTENCE_PAUSE
        _append(passage, text[begin:end], begin, controls)
        yield passage


def _append(passage: Passage, text: str, begin: int, controls: Controls, kind: str | None = None) -> tuple[int, int]:
    """Adds the spoken form of ``text``, which lies at ``begin`` in the caller's. Returns where it is in the passage."""
    spoken = spoken_form(text, kind)
    first = len(passage.text)
    passage.text += spoken.text
    passage.origin += [(begin + start, begin + stop) for start, stop in spoken.origin]
    passage.controls += [controls] * len(spoken.text)
    passage.warnings += spoken.warnings
    return first, len(passage.text)


def _of_document(document: ssml.Document, find: Find) -> Iterator[Passage]:
    new = partial(Passage, document.text, background=document.background)
    passage = new(warnings=document.warnings)
    name = ""
    for segment in document.segments:
        match segment:
            case ssml.Text():
                if segment.voice != name:
                    passage.pause = Silence() if _unfinished(passage.text) else SENTENCE_PAUSE
                    yield from _by_sentence(passage)
                    name = segment.voice
                    passage = new(voice=find(name) if name else None)
                _add_text(passage, segment)
            case ssml.Mark(mark, begin):
                passage.marks.append((len(passage.text), begin, mark))
            case ssml.Break() if _unfinished(passage.text):
                _add_break(passage, segment)
            case ssml.Break() | ssml.Boundary():
                inserted = isinstance(segment, ssml.Break)
                passage.kind, passage.pause = (BREAK, segment.silence) if inserted else (BOUNDARY, Silence(segment.ms))
                yield from _by_sentence(passage)
                passage = new(voice=passage.voice)
    passage.pause = SENTENCE_PAUSE
    yield from _by_sentence(passage)


def _add_text(passage: Passage, segment: ssml.Text) -> None:
    controls = segment.controls
    if segment.alias is not None:
        first = len(passage.text)
        spoken = spoken_form(segment.alias)
        passage.text += spoken.text
        passage.origin += [(segment.begin, segment.begin + len(segment.text))] * len(spoken.text)
        passage.controls += [controls] * len(spoken.text)
        passage.warnings += spoken.warnings
        begin, end = first, len(passage.text)
    elif segment.pinyin:
        begin, end = _add_readings(passage, segment)
    else:
        begin, end = _append(passage, segment.text, segment.begin, controls, segment.kind)
    if segment.bend:
        for at in range(begin, end):
            controls = passage.controls[at]
            bent = controls.pitch + segment.bend[passage.origin[at][0] - segment.begin]
            passage.controls[at] = replace(controls, pitch=min(max(bent, -12.0), 12.0))
    if segment.word and end > begin:
        first = passage.words.get(segment.word, (begin, end))[0]
        passage.words[segment.word] = (first, end)


_READABLE = re.compile(r"\w")
_CLAUSE_END = re.compile(r"[，,、：:；;—\s]+$")


def _unfinished(text: str) -> bool:
    """Whether something has been said in ``text``, and its last sentence goes on."""
    return bool(_READABLE.search(text)) and not split.ends(text)


def _add_break(passage: Passage, wanted: ssml.Break) -> None:
    """A break inside a sentence: the sentence goes on behind it as behind a comma; without any silence, as if not even a comma
    stood there."""
    if wanted.silence.ms:
        passage.text += "，"
        passage.origin.append((wanted.begin, wanted.begin))
        passage.controls.append(passage.controls[-1])
    else:
        passage.text = _CLAUSE_END.sub(lambda found: " " * len(found[0]), passage.text)
    passage.breaks.append((len(passage.text), wanted.silence))


def _add_readings(passage: Passage, segment: ssml.Text) -> tuple[int, int]:
    """A stretch with its pinyin: the text stays as written, one syllable for each character that is not a mark."""
    begin = len(passage.text)
    passage.text += segment.text
    passage.origin += [(segment.begin + at, segment.begin + at + 1) for at in range(len(segment.text))]
    passage.controls += [segment.controls] * len(segment.text)
    places = [begin + at for at, character in enumerate(segment.text) if _READABLE.match(character)]
    for place, syllable in zip(places, segment.pinyin, strict=False):
        passage.readings[place, place + 1] = [syllable]
    return begin, len(passage.text)


def _by_sentence(passage: Passage) -> Iterator[Passage]:
    """Cuts a spoken passage at its sentence ends; only the last part keeps the asked-for pause."""
    ends = [end for _, end in split.sentences(passage.text)] or [0]
    for begin, end in zip(chain([0], ends), ends, strict=False):
        part = passage.part(begin, end)
        if end == ends[-1]:
            part.pause, part.kind = passage.pause, passage.kind
        else:
            part.pause = SENTENCE_PAUSE
        yield part
