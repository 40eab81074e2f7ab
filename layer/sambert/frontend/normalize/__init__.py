"""Text normalisation: from what is written to what is said.

In: a text as people write it (digits, symbols, traditional characters, net addresses). Out: ``Spoken``: hanzi, Latin letters for
English words, punctuation kept for the breaks, and for every character the stretch of the original it stands for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .numbers import PAUSE

if TYPE_CHECKING:
    from .pieces import Piece

__all__ = ["PAUSE", "Spoken", "normalize", "spoken"]

_MAX_NAMED = 10  # characters named in one warning


class Spoken(NamedTuple):
    """text: the spoken form; may hold ``PAUSE`` (U+2009), a short break inside a long number that is no character.

    origin: (begin, end) in the original text for every character of ``text``, never decreasing. warnings: in Chinese.
    """

    text: str
    origin: tuple[tuple[int, int], ...]
    warnings: tuple[str, ...] = ()


def spoken(text: str, kind: str | None = None) -> Spoken:
    """The spoken form of ``text``.

    kind: an SSML say-as type ("date", "telephone", …) to read all of it so; None recognises by itself.
    """
    from . import scan  # the rules are built on first use, so that importing costs nothing

    reading = None
    if kind:
        from . import say_as

        reading = say_as.read(text, kind)
    pieces, skipped = reading or scan.scan(text)
    return _assemble(pieces, skipped)


def normalize(text: str, kind: str | None = None) -> str:
    """Only the spoken form, without pauses: for evaluation."""
    return spoken(text, kind).text.replace(PAUSE, "")


def _assemble(pieces: list[Piece], skipped: list[str]) -> Spoken:
    characters: list[str] = []
    origin: list[tuple[int, int]] = []
    for said, begin, end in pieces:
        characters.append(said)
        if len(said) == end - begin:
            origin += [(begin + i, begin + i + 1) for i in range(len(said))]
        else:
            origin += [(begin, end)] * len(said)
    named = "".join(dict.fromkeys(skipped))
    extra = "等" if len(named) > _MAX_NAMED else ""
    warnings = (f"跳过无法朗读的字符：{named[:_MAX_NAMED]}{extra}",) if named else ()
    return Spoken("".join(characters), tuple(origin), warnings)
