"""Passages aloud. In: ``Passage``s. Out: ``Utterance``s: symbols, and where characters, words, sentences and marks lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sambert.errors import SpeechError
from sambert.types import Request, Span, Symbol, Utterance

from . import english, prosody, readings, sandhi, split, symbols
from .passages import Passage, passages
from .syllables import Syllable
from .traits import VoiceTraits
from .words import LATIN, Word, segment

_ENGLISH = frozenset(["aa", "ae", "ah", "b", "iy", "k", "s", "t"])  # a voice with these has the English phones


def utterances(request: Request, voice: VoiceTraits) -> Iterator[Utterance]:
    """Pieces of speech, one by one. Raises empty_text, text_too_long, text_and_ssml, nothing_to_say, unknown_emotion,
    bad_lexicon, ssml_malformed, ssml_invalid, ssml_forbidden, ssml_too_large."""
    lexicon = readings.UserLexicon(request.lexicon)
    said = exact = False
    waiting: Utterance | None = None  # its pause may still be replaced by a break that follows
    for passage in passages(request, voice):
        for piece in _speak(passage, voice, lexicon):
            if not waiting and not piece.symbols and not passage.exact:
                if not piece.warnings and not piece.spans:
                    continue  # nothing yet that a pause could follow
                piece = replace(piece, silence_ms=0)
            if waiting and not piece.symbols and not piece.spans:
                if passage.exact or not exact:
                    silence = piece.silence_ms if passage.exact else max(waiting.silence_ms, piece.silence_ms)
                    waiting, exact = replace(waiting, silence_ms=silence), passage.exact
                waiting = replace(waiting, warnings=waiting.warnings + piece.warnings)
                continue
            if waiting:
                yield waiting
            said = said or bool(piece.symbols)
            waiting, exact = piece, passage.exact
    if not said:
        raise SpeechError("nothing_to_say")
    if waiting:
        yield waiting


def _speak(passage: Passage, voice: VoiceTraits, lexicon: readings.UserLexicon) -> Iterator[Utterance]:
    """The pieces of one passage, each with its own pause; without anything to say, one that is only silence."""
    fixed = {**lexicon.find(passage.text), **passage.readings}
    words = segment(passage.text, [*lexicon.find(passage.text), *passage.words.values()])
    lexical = readings.read(passage.text, words, fixed)
    held = frozenset(at for begin, end in fixed for at in range(begin, end))
    warnings, marks = passage.warnings, passage.marks
    made = False
    groups = [(group, say(group, lexical, held, voice, lexicon)) for group in split.pieces(words)]
    groups = [(group, spoken) for group, spoken in groups if spoken]
    for number, (group, spoken) in enumerate(groups):
        last = number == len(groups) - 1
        levels = prosody.levels(group, voice.prosody == "full")
        built, placed = symbols.build(spoken, levels, voice.phones, passage.controls)
        here = [mark for mark in marks if last or mark[0] < group[-1].end]
        marks = marks[len(here) :]
        spans = tuple(_spans(passage, group, placed, built))
        warnings += _foreign(group, voice, lexicon)
        pause = passage.pause if last else 0
        yield Utterance(tuple(built), (*spans, *_marks(here, placed, built)), pause, warnings, spans[-1].text)
        made, warnings = True, ()
    if not made and (passage.pause or warnings or marks):
        yield Utterance((), tuple(_marks(marks, [], [])), passage.pause, warnings)


def say(
    group: list[Word], lexical: list[str], held: frozenset[int], voice: VoiceTraits, lexicon: readings.UserLexicon
) -> list[Syllable]:
    """Spoken syllables of a group of words."""
    spoken = sandhi.surface(group, lexical, held)
    for index, word in enumerate(group):
        if word.tag == LATIN:
            spoken += _latin(word, index, voice, lexicon)
    return sorted(spoken, key=lambda one: one.begin)


def _latin(word: Word, index: int, voice: VoiceTraits, lexicon: readings.UserLexicon) -> list[Syllable]:
    given = lexicon.latin(word.text)
    if given or not voice.phones >= _ENGLISH:
        return [Syllable(one, word.begin, word.end, index) for one in given or english.chinese_syllables(word.text)]
    return [
        Syllable(one.pinyin or f"{word.text}{one.tone}", word.begin, word.end, index, () if one.pinyin else one.phones)
        for one in english.syllables(word.text)
    ]


def _foreign(group: list[Word], voice: VoiceTraits, lexicon: readings.UserLexicon) -> tuple[str, ...]:
    if voice.phones >= _ENGLISH:
        return ()
    latin = [word.text for word in group if word.tag == LATIN and not lexicon.latin(word.text)]
    return (f"音色没有英语音素，用近似的汉语读音代替：{'、'.join(dict.fromkeys(latin))}",) if latin else ()


def _spans(passage: Passage, group: list[Word], placed: list[symbols.Placed], made: list[Symbol]) -> Iterator[Span]:
    """Character, word and sentence spans in the caller's text, each in order."""
    sentence = [(passage.origin[group[0].begin][0], passage.origin[group[-1].end - 1][1], 0, len(made))]
    kinds = {"character": _by_character(passage, placed), "word": _by_word(passage, placed), "sentence": sentence}
    for kind, stretches in kinds.items():
        for begin, end, first, last in stretches:
            yield Span(kind, passage.source[begin:end], begin, end, first, last)


def _by_character(passage: Passage, placed: list[symbols.Placed]) -> list[tuple[int, int, int, int]]:
    """Every original character that sounds; those that are said together (15% → 百分之十五) share their symbols."""
    found: dict[int, tuple[int, int]] = {}
    for one in placed:
        for at in range(one.syllable.begin, one.syllable.end):
            for character in range(*passage.origin[at]):
                found[character] = (found.get(character, (one.first, 0))[0], one.last)
    return [(character, character + 1, first, last) for character, (first, last) in sorted(found.items())]


def _by_word(passage: Passage, placed: list[symbols.Placed]) -> list[tuple[int, int, int, int]]:
    """Spoken words; those that come from one stretch of the original (12.5% → 百分之|十二点五) are one word."""
    found: list[tuple[int, int, int, int, int]] = []
    for one in placed:
        begin, end = passage.origin[one.syllable.begin][0], passage.origin[one.syllable.end - 1][1]
        word = one.syllable.word
        if found and (word == found[-1][4] or begin < found[-1][1]):
            begin, end, first = min(begin, found[-1][0]), max(end, found[-1][1]), found.pop()[2]
            found.append((begin, end, first, one.last, word))
        else:
            found.append((begin, end, one.first, one.last, word))
    return [stretch[:4] for stretch in found]


def _marks(marks: list[tuple[int, int, str]], placed: list[symbols.Placed], made: list[Symbol]) -> Iterator[Span]:
    """A mark lies before the first syllable that follows it."""
    for at, place, name in marks:
        first = next((one.first for one in placed if one.syllable.begin >= at), len(made))
        yield Span("mark", name, place, place, first, first)
