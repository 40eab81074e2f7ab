"""What every element's handler builds on: the segments so far, warnings, errors with their place. In: values. Out: segments."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from sambert.errors import SpeechError
from sambert.types import Background, Controls

from ..normalize import spoken
from ..traits import VoiceTraits
from .document import Mark, Segment, Text
from .frames import Frame

Value = TypeVar("Value")
Find = Callable[[str], VoiceTraits | None]  # the traits of another voice by its name
Hear = Callable[[str], int]  # the ms of a sound by its address; raises SpeechError where it is not to be had

SPACES = str.maketrans("\r\n\t", "   ")
_MAX_WARNINGS = 50


def _latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _heard(text: Text) -> bool:
    """Whether anything of it is spoken: breaks on both sides of a comma or a quotation mark fall on one place."""
    given = text.alias or text.text
    return any(map(str.isalnum, given)) or any(map(str.isalnum, spoken(given, text.kind).text))


class Base:
    """The state of one parse. A parser supplies the events and the place (``here``)."""

    def __init__(self, base: Controls, voice: VoiceTraits | None, find: Find, hear: Hear | None) -> None:
        self.base, self.own, self.find, self.hear = base, voice, find, hear
        self.segments: list[Segment] = []
        self.offset = 0
        self.warned: dict[str, None] = {}
        self.silence = 0  # ms of breaks since the last text that is heard
        self.blank: int | None = None  # where nothing but blanks stands since the last segment
        self.root: dict[str, str | int] = {}
        self.background: Background | None = None
        self.frames: list[Frame] = []  # the open elements

    def here(self) -> tuple[int, int]:
        """Line and column of the element at hand, from 1."""
        raise NotImplementedError

    def depth(self) -> int:
        """Elements that are open around the one at hand."""
        return len(self.frames)

    def add(self, segment: Segment) -> None:
        if isinstance(segment, Text):
            if _heard(segment):
                self.silence = 0
            self._part(segment)
        self.segments.append(segment)
        self.blank = None

    def _part(self, text: Text) -> None:
        """Blanks between elements mean nothing in Chinese, but two words in English; so does the end of a w or a say-as."""
        last = next((one for one in reversed(self.segments) if not isinstance(one, Mark)), None)
        if not isinstance(last, Text) or not _latin(last.text[-1]) or not _latin(text.text[0]):
            return
        if self.blank is not None or (last.word, last.kind) != (text.word, text.kind):
            begin = text.begin if self.blank is None else self.blank
            self.segments.append(Text(" ", begin, last.controls, voice=last.voice))

    def value(self, read: Callable[[str], Value], attributes: dict[str, str], name: str) -> Value:
        try:
            return read(attributes.get(name, ""))
        except ValueError as error:
            self.invalid(f'{name}="{attributes.get(name, "")[:40]}"：{error}')

    def invalid(self, reason: str) -> NoReturn:
        line, column = self.here()
        raise SpeechError("ssml_invalid", line=line, column=column, reason=reason)

    def large(self, reason: str) -> NoReturn:
        line, column = self.here()
        raise SpeechError("ssml_too_large", reason=reason, line=line, column=column)

    def warn(self, message: str) -> None:
        if len(self.warned) < _MAX_WARNINGS:
            self.warned[message] = None
