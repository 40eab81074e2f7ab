"""The time that SSML's duration asks for, and the pieces it falls into. In: utterances. Out: the same with ``Timed``.

Only who has heard the voice knows how long a text lasts; here every piece of a stretch is told what time there is for speech:
exact pauses, the silence between sentences and stretches inside it are taken off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sambert.types import Stretch, Symbol, Timed, Utterance


def shared(pieces: Iterable[Utterance]) -> Iterator[Utterance]:
    """Pieces are held back only while a stretch with a duration goes on."""
    held: list[Utterance] = []
    for piece in pieces:
        held.append(piece)
        spoken = [one for one in piece.symbols if not _is_break(one)]
        if (spoken and spoken[-1].controls.span is None) or (not spoken and len(held) == 1):
            yield from _share(held)
            held = []
    yield from _share(held)


def _is_break(symbol: Symbol) -> bool:
    return symbol.phone.startswith("#")


def _share(pieces: list[Utterance]) -> Iterator[Utterance]:
    spoken = dict.fromkeys(one.controls.span for piece in pieces for one in piece.symbols if not _is_break(one))
    spoken.pop(None, None)
    if not spoken:
        yield from pieces
        return
    owners, left = _owners(pieces)
    for span in spoken:
        left[span] += span.ms
        if span.within:
            left[span.within] -= span.ms
    for piece, spans in zip(pieces, owners, strict=True):
        timed = []
        for span in dict.fromkeys(one for one in spans if one in spoken):
            inside = tuple(at for at, owner in enumerate(spans) if owner == span)
            timed.append(Timed(span.number, inside, max(left[span], 1), span.most))
        yield replace(piece, timed=tuple(timed))


def _owners(pieces: list[Utterance]) -> tuple[list[list[Stretch | None]], Counter[Stretch]]:
    """The stretch that each symbol of each piece belongs to, and of each stretch minus its silences, in ms. What lies between two
    phones belongs to the innermost stretch around both."""
    owners: list[list[Stretch | None]] = [[None] * len(piece.symbols) for piece in pieces]
    left: Counter[Stretch] = Counter()
    before: Stretch | None = None
    breaks: list[tuple[int, int]] = []  # since the last phone: (piece, symbol)
    silence = 0
    for number, piece in enumerate(pieces):
        silences: Counter[int] = Counter()
        for pause in piece.pauses:
            silences[pause.last] += pause.ms
        for at, symbol in enumerate(piece.symbols):
            silence += silences[at]
            if _is_break(symbol):
                breaks.append((number, at))
                continue
            span = owners[number][at] = symbol.controls.span
            around = _around(before, span)
            for where, which in breaks:
                owners[where][which] = around
            if around:
                left[around] -= silence
            before, breaks, silence = span, [], 0
        silence += silences[len(piece.symbols)] + piece.silence_ms
    return owners, left


def _around(one: Stretch | None, other: Stretch | None) -> Stretch | None:
    """The innermost stretch that both lie in."""
    outer = set()
    while one:
        outer.add(one)
        one = one.within
    while other and other not in outer:
        other = other.within
    return other
