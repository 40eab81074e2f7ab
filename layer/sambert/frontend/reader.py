"""One sentence through the front end. In: a stretch of the caller's text. Out: ``Utterance``s with spans into that text."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sambert.errors import SpeechError
from sambert.types import Controls, Request, Span, Symbol, Utterance

from . import letters, prosody, readings, sandhi, split, symbols
from .normalize import Spoken
from .normalize import spoken as spoken_form
from .sandhi import Syllable
from .traits import VoiceTraits
from .words import LATIN, MARK, Word, segment

MAX_TEXT = 200_000  # characters of one request
SENTENCE_PAUSE = 200  # ms, on top of what the voice leaves after #4
PARAGRAPH_PAUSE = 500


def utterances(request: Request, voice: VoiceTraits) -> Iterator[Utterance]:
    """Pieces of speech for a plain text, one by one. Raises empty_text, text_too_long, nothing_to_say, unknown_emotion, bad_lexicon."""
    text = request.text or ""
    if not text.strip():
        raise SpeechError("empty_text")
    if len(text) > MAX_TEXT:
        raise SpeechError("text_too_long", length=len(text), limit=MAX_TEXT)
    controls = controls_of(request, voice)
    lexicon = readings.UserLexicon(request.lexicon)
    said = False
    warnings: tuple[str, ...] = ()
    for begin, end in split.sentences(text):
        sentence = text[begin:end]
        pause = PARAGRAPH_PAUSE if "\n" in sentence else SENTENCE_PAUSE
        spoken = spoken_form(sentence)
        warnings += spoken.warnings
        for utterance in speak(sentence, begin, spoken, voice, controls, lexicon, pause, warnings):
            said, warnings = True, ()
            yield utterance
    if not said:
        raise SpeechError("nothing_to_say")
    if warnings:  # of a last stretch that holds nothing to say
        yield Utterance((), warnings=warnings)


def controls_of(request: Request, voice: VoiceTraits) -> Controls:
    gain = 20 * math.log10(max(request.volume, 0.01) / 50)
    return Controls(voice.emotion(request.emotion), request.intensity, request.rate, request.pitch, gain)


def speak(sentence: str, offset: int, spoken: Spoken, voice: VoiceTraits, controls: Controls, lexicon: readings.UserLexicon,
          pause: int, warnings: tuple[str, ...]) -> Iterator[Utterance]:  # fmt: skip
    """The pieces of one sentence that begins at ``offset`` of the caller's text."""
    fixed = lexicon.find(spoken.text)
    words = segment(spoken.text, fixed)
    lexical = readings.read(spoken.text, fixed)
    held = frozenset(at for begin, end in fixed for at in range(begin, end))
    groups = [group for group in split.pieces(words) if any(word.tag != MARK for word in group)]
    for number, group in enumerate(groups):
        syllables = say(group, lexical, held)
        if not syllables:
            continue
        made, placed = symbols.build(group, syllables, prosody.levels(group), voice.phones, controls)
        spans = _spans(sentence, offset, spoken, group, placed, made)
        first = spoken.origin[group[0].begin][0]
        last = spoken.origin[group[-1].end - 1][1]
        silence = pause if number == len(groups) - 1 else 0
        yield Utterance(tuple(made), spans, silence, warnings, sentence[first:last])
        warnings = ()


def say(group: list[Word], lexical: list[str], held: frozenset[int] = frozenset()) -> list[Syllable]:
    """Spoken syllables of a group of words; Latin words are spelt."""
    spoken = sandhi.surface(group, lexical, held)
    for index, word in enumerate(group):
        if word.tag == LATIN:
            for at, names in letters.spell(word.text):
                spoken += [Syllable(name, word.begin + at, word.begin + at + 1, index) for name in names]
    return sorted(spoken, key=lambda one: one.begin)


def _spans(sentence: str, offset: int, spoken: Spoken, group: list[Word], placed: list[symbols.Placed], made: list[Symbol]
           ) -> tuple[Span, ...]:  # fmt: skip
    """Character, word and sentence spans in the caller's text."""
    spans: list[Span] = []
    for kind, ranges in (("character", _by_character(spoken, placed)), ("word", _by_word(spoken, group, placed))):
        for begin, end, first, last in ranges:
            spans.append(Span(kind, sentence[begin:end], offset + begin, offset + end, first, last))
    begin, end = spoken.origin[group[0].begin][0], spoken.origin[group[-1].end - 1][1]
    spans.append(Span("sentence", sentence[begin:end], offset + begin, offset + end, 0, len(made)))
    return tuple(spans)


def _by_character(spoken: Spoken, placed: list[symbols.Placed]) -> list[tuple[int, int, int, int]]:
    """Every original character that sounds; those spoken together (15 of 15%) share their symbols."""
    ranges: dict[tuple[int, int], tuple[int, int]] = {}
    for one in placed:
        for at in range(one.syllable.begin, one.syllable.end):
            begin, end = spoken.origin[at]
            for character in range(begin, end):
                first, _ = ranges.get((character, character + 1), (one.first, 0))
                ranges[character, character + 1] = (first, one.last)
    return [(*where, *symbols_) for where, symbols_ in sorted(ranges.items())]


def _by_word(spoken: Spoken, group: list[Word], placed: list[symbols.Placed]) -> list[tuple[int, int, int, int]]:
    ranges: dict[int, tuple[int, int, int, int]] = {}
    for one in placed:
        begin, end = spoken.origin[one.syllable.begin][0], spoken.origin[one.syllable.end - 1][1]
        was = ranges.get(one.syllable.word, (begin, end, one.first, one.last))
        ranges[one.syllable.word] = (min(was[0], begin), max(was[1], end), was[2], one.last)
    merged: list[tuple[int, int, int, int]] = []
    for where in ranges.values():  # words that came from one original stretch (12.5% → 百分之 十二 点 五) are one word
        if merged and where[0] < merged[-1][1]:
            last = merged.pop()
            where = (last[0], max(last[1], where[1]), last[2], where[3])
        merged.append(where)
    return merged
