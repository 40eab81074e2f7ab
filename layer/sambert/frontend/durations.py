"""The time that SSML's duration asks for, shared among the pieces it falls into. In: utterances. Out: the same with ``Timed``.

Only who has heard the voice knows how long a text lasts; here every piece of a stretch gets its part of the time by its phones,
and exact pauses and the silence between sentences are taken off first.
"""

from __future__ import annotations

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
    phones: dict[Stretch, int] = {}
    for piece in pieces:
        for one in piece.symbols:
            if one.controls.span and not _is_break(one):
                phones[one.controls.span] = phones.get(one.controls.span, 0) + 1
    if not phones:
        yield from pieces
        return
    stretches = [_stretches(piece) for piece in pieces]
    left = {span: span.ms for span in phones}
    ends = {span: at for at, found in enumerate(stretches) for span in found}
    for at, (piece, found) in enumerate(zip(pieces, stretches, strict=True)):
        goes_on = next((span for span in found if at < ends[span]), None)
        if goes_on:  # the breaks behind a sentence are within a stretch that goes on in the next
            found[goes_on] = (found[goes_on][0], len(piece.symbols))
    for at, (piece, found) in enumerate(zip(pieces, stretches, strict=True)):
        for span, (first, last) in found.items():
            left[span] -= sum(one.ms for one in piece.pauses if first < one.last and one.first < last)
            if at < ends[span]:
                left[span] -= piece.silence_ms
    for piece, found in zip(pieces, stretches, strict=True):
        timed = []
        for span, (first, last) in found.items():
            count = sum(not _is_break(one) for one in piece.symbols[first:last])
            timed.append(Timed(first, last, max(round(left[span] * count / phones[span]), 1), span.most))
        yield replace(piece, timed=tuple(timed))


def _stretches(piece: Utterance) -> dict[Stretch, tuple[int, int]]:
    """Span → (first, last) of its symbols in the piece, up to the last that is no break."""
    found: dict[Stretch, tuple[int, int]] = {}
    for at, one in enumerate(piece.symbols):
        if one.controls.span and not _is_break(one):
            found[one.controls.span] = (found.get(one.controls.span, (at, 0))[0], at + 1)
    return found
