"""Every limit and range of a request, in one place. In: a ``Request``. Out: nothing, or a bad_range error."""

from __future__ import annotations

import math

from sambert.errors import SpeechError
from sambert.types import Request

OPEN_VOICES = 3  # kept in memory by one process, unless told otherwise
SOUNDS = 50  # in a document, inserted or under it
SOUND_BYTES = 10_000_000  # of each, as it is fetched
SOUND_SECONDS = 300  # of all of a document's together; as samples at 16 kHz 19 MB
SOUNDS_WAIT = 10.0  # seconds that a request waits for all of them
FASTEST = 5.0  # times the voice's own speed, where a text must not last longer than it is given (Polly's limit)
TEXT = 100_000  # characters of one request; the HTTP routes set a lower one
RANGES = {"intensity": (0.0, 2.0), "rate": (0.5, 2.0), "pitch": (-12.0, 12.0), "volume": (0.0, 100.0)}


def check_request(request: Request) -> None:
    """Raises text_and_ssml, empty_text, text_too_long, bad_range."""
    if request.text is not None and request.ssml is not None:
        raise SpeechError("text_and_ssml")
    said = request.text if request.ssml is None else request.ssml
    if said is None or not said.strip():
        raise SpeechError("empty_text")
    if len(said) > TEXT:
        raise SpeechError("text_too_long", length=len(said), limit=TEXT)
    for name, (low, high) in RANGES.items():
        value = getattr(request, name)
        if not (isinstance(value, (int, float)) and math.isfinite(value) and low <= value <= high):
            raise SpeechError("bad_range", name=name, value=str(value), low=low, high=high)
