"""The Chinese front end: from text to KAN-TTS symbols. numpy and the standard library only; parts are imported when used.

In: text or SSML. Out: ``Utterance``s (`utterances`); part by part, for evaluation: `normalize`, `pinyin`, `surface`, `breaks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from .normalize import normalize  # a module of this name exists: bound here, first, the function wins
from .traits import VoiceTraits

if TYPE_CHECKING:
    from sambert.types import Request, Utterance

__all__ = ["VoiceTraits", "breaks", "normalize", "pinyin", "surface", "utterances"]


def utterances(
    request: Request,
    voice: VoiceTraits,
    find: Callable[[str], VoiceTraits | None] = lambda name: None,
    hear: Callable[[str], int] | None = None,
) -> Iterator[Utterance]:
    """Pieces of speech, one by one, so that memory does not grow with the text. See ``reader.utterances`` for the errors.

    find: the traits of another voice that SSML may switch to, by its name; None where there is no such voice. hear: the ms of a
    sound that SSML may insert, by its address; raises SpeechError where it is not to be had. Without it there are no sounds.
    """
    from . import reader

    return reader.utterances(request, voice, find, hear)


def pinyin(text: str) -> list[str]:
    """One entry a character of ``text``: its lexical syllable ("hang2", 5 = neutral, ü = v), or itself if it is no hanzi."""
    from . import parts

    return parts.pinyin(text)


def surface(text: str) -> list[str]:
    """The syllables as spoken, after normalisation and sandhi, erhua merged ("huar1"); Latin words stay as written."""
    from . import parts

    return parts.surface(text)


def breaks(text: str) -> str:
    """``text`` with #1 to #4 after prosodic words, phrases, intonation phrases and sentences."""
    from . import parts

    return parts.breaks(text)
