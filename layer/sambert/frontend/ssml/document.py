"""What an SSML document says. In: nothing. Out: the frozen values that ``ssml.parse`` gives and the front end speaks.

Offsets (``begin``) count characters of the document's text content: all character data of the root in document order, as a
DOM's ``textContent`` has it, markup left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from sambert.types import Background, Controls, Silence


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of text with everything that holds for it.

    text: as written (line breaks and tabs are spaces), so ``text[i]`` lies at ``begin + i``. controls: absolute: the caller's
    own, then every enclosing element. kind: say-as type for ``normalize.spoken(text, kind)``, None = recognise by itself.
    alias: speak this instead; the times belong to all of ``text`` (sub). pinyin: one syllable for each readable character of
    ``text`` ("dian3"); empty when nothing is prescribed. word: texts with the same number > 0 are one word, never broken inside
    (w, token). voice: the name of the voice that speaks it, "" = the caller's. bend: semitones on top for each character of
    ``text`` (contour), empty for none.
    """

    text: str
    begin: int
    controls: Controls
    kind: str | None = None
    alias: str | None = None
    pinyin: tuple[str, ...] = ()
    word: int = 0
    voice: str = ""
    bend: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Break:
    """Exact silence in place of the pause that punctuation or a Boundary beside it gives: 0..10,000 ms, 0 = none, and on top of
    it the sounds that are inserted here."""

    silence: Silence
    begin: int


@dataclass(frozen=True, slots=True)
class Boundary:
    """A sentence or paragraph (``kind``) ends here although no punctuation may stand here (s, p); pause of ``ms``."""

    kind: str
    ms: int
    begin: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A named place (mark, bookmark, vhml): report its time."""

    name: str
    begin: int


Segment = Text | Break | Boundary | Mark


@dataclass(frozen=True, slots=True)
class Document:
    """segments in the order they are spoken; text: the whole text content; warnings: in Chinese, what was ignored.

    voice, format, sample_rate: what the root asks for (<speak voice format sampleRate>), "" and 0 when it does not. background:
    what plays under it.
    """

    segments: tuple[Segment, ...]
    text: str
    warnings: tuple[str, ...] = ()
    voice: str = ""
    format: str = ""
    sample_rate: int = 0
    background: Background | None = None
