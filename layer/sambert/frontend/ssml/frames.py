"""What is known inside an element that is still open. In: nothing. Out: the two values that the handlers keep of it."""

from __future__ import annotations

from dataclasses import dataclass

from sambert.types import Controls

from ..traits import VoiceTraits


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds inside an open element."""

    name: str
    controls: Controls
    who: VoiceTraits | None = None  # the voice that speaks; None where only the document is looked at
    voice: str = ""  # its name, "" = the caller's own
    word: int = 0
    silent: bool = False  # text is not spoken
    leaf: str = ""  # the innermost enclosing sub, phoneme or say-as
    place: tuple[int, int] = (1, 1)  # line and column of its tag, for the errors of its end
    gaps: tuple[tuple[str, int], ...] = ()  # Azure's silences at marks: (kind of mark, ms)


@dataclass(slots=True)
class Leaf:
    """An open sub, phoneme or say-as: its text is gathered until it closes."""

    attributes: dict[str, str]
    line: int
    column: int
    begin: int
    text: str = ""
