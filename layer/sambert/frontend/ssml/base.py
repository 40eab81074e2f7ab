"""What every element's handler builds on: the segments so far, warnings, errors with their place. In: values. Out: segments."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from sambert.errors import SpeechError
from sambert.types import Background, Controls

from ..traits import VoiceTraits
from .document import Segment, Text

Value = TypeVar("Value")
Find = Callable[[str], VoiceTraits | None]  # the traits of another voice by its name
Hear = Callable[[str], int]  # the ms of a sound by its address; raises SpeechError where it is not to be had

SPACES = str.maketrans("\r\n\t", "   ")
_MAX_WARNINGS = 50


class Base:
    """The state of one parse. A parser supplies the events and the place (``here``, ``depth``)."""

    def __init__(self, base: Controls, voice: VoiceTraits | None, find: Find, hear: Hear | None) -> None:
        self.base, self.own, self.find, self.hear = base, voice, find, hear
        self.segments: list[Segment] = []
        self.offset = 0
        self.warned: dict[str, None] = {}
        self.silence = 0  # ms of breaks since the last text
        self.root: dict[str, str | int] = {}
        self.background: Background | None = None

    def here(self) -> tuple[int, int]:
        """Line and column of the element at hand, from 1."""
        raise NotImplementedError

    def depth(self) -> int:
        """Elements that are open around the one at hand."""
        raise NotImplementedError

    def add(self, segment: Segment) -> None:
        self.segments.append(segment)
        if isinstance(segment, Text):
            self.silence = 0

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
