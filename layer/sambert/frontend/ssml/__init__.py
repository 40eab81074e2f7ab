"""SSML of four vendors: Alibaba NLS, Azure, W3C 1.1 and Amazon Polly. In: a document. Out: ``Document`` with its segments.

Errors carry line and column; what is not supported is named in the warnings and its text is still spoken.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sambert.types import Controls

from ..traits import VoiceTraits
from .document import Boundary, Break, Document, Mark, Segment, Text

__all__ = ["Boundary", "Break", "Document", "Mark", "Segment", "Text", "parse", "supported"]


def parse(
    document: str,
    base: Controls | None = None,
    voice: VoiceTraits | None = None,
    find: Callable[[str], VoiceTraits | None] = lambda name: None,
    hear: Callable[[str], int] | None = None,
) -> Document:
    """The segments of ``document``; ``base`` are the caller's own controls, on which the document's act.

    voice: the one that speaks, and find: the traits of another by its name; without them no name and no emotion is checked.
    hear: the ms of a sound by its address; it raises SpeechError where the sound is not to be had, which becomes a warning.
    Without it no sound is.
    Raises SpeechError: ssml_malformed (not well-formed XML), ssml_invalid (wrong attribute), ssml_forbidden (DTD, entities),
    ssml_too_large (characters, elements, depth), unknown_emotion; with ``line`` and ``column``, both from 1, but for a document
    of too many characters.
    """
    from . import parser

    return parser.parse(document, base or Controls(), voice, find, hear)


def supported() -> dict[str, Any]:
    """JSON-able: every element with its attributes, ranges and meaning, the say-as types, and the limits."""
    from . import elements

    return elements.table()
