"""Passages aloud. In: ``Passage``s. Out: ``Utterance``s: symbols, and where characters, words, sentences and marks lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sambert.errors import SpeechError
from sambert.types import Pause, Request, Silence, Span, Utterance

from . import durations, english, joined, prosodic_words, prosody, readings, sandhi, split, symbols
from .passages import BREAK, NATURAL, Find, Hear, Passage, passages
from .syllables import Syllable
from .traits import VoiceTraits
from .user_lexicon import UserLexicon, lexicon_of
from .words import LATIN, Word, segment

_ENGLISH = frozenset(["aa", "ae", "ah", "b", "iy", "k", "s", "t"])  # a voice with these has the English phones


def utterances(request: Request, voice: VoiceTraits, find: Find, hear: Hear | None) -> Iterator[Utterance]:
    """Pieces of speech, one by one, with the durations they are to have. Raises what ``_pieces`` raises."""
    return durations.shared(_pieces(request, voice, find, hear))


def _pieces(request: Request, voice: VoiceTraits, find: Find, hear: Hear | None) -> Iterator[Utterance]:
    """Raises empty_text, text_too_long, text_and_ssml, nothing_to_say, unknown_emotion,
    bad_lexicon, ssml_malformed, ssml_invalid, ssml_forbidden, ssml_too_large."""
    asked = lexicon_of(request.lexicon)
    said, exact = False, False
    waiting: _Piece | None = None  # its pause may still be replaced by one that follows
    for passage in passages(request, voice, find, hear):
        who = passage.voice or voice
        for piece in _speak(passage, who, asked.over(who.lexicon)):
            said = said or bool(piece.made.symbols or piece.made.sounds)
            if waiting and not piece.made.symbols and not piece.made.spans:
                waiting = waiting.followed(piece)
            elif waiting or piece.made.symbols or piece.made.spans or piece.made.warnings or piece.kind == BREAK:
                if waiting:
                    yield waiting.settled(exact)
                    exact = waiting.kind != NATURAL
                waiting = piece
    if not said:
        raise SpeechError("nothing_to_say")
    if waiting:
        yield waiting.settled(exact)


class _Piece(NamedTuple):
    """An utterance and the kind of its pause, silence_ms, which has not found its form yet."""

    made: Utterance
    kind: int

    def followed(self, other: _Piece) -> _Piece:
        """With the pause of a piece that is only silence: of two kinds the stronger, breaks added up."""
        silence, after = (Silence(one.made.silence_ms, one.made.sounds) for one in (self, other))
        if self.kind == other.kind:
            silence = silence + after if self.kind == BREAK else max(silence, after, key=lambda one: one.ms)
        elif other.kind > self.kind:
            silence = after
        warnings = self.made.warnings + other.made.warnings
        made = replace(self.made, silence_ms=silence.ms, sounds=silence.sounds, warnings=warnings)
        return _Piece(made, max(self.kind, other.kind))

    def settled(self, exact: bool) -> Utterance:
        """exact: the silence before it is exact, so that it must begin with speech."""
        made = self.made
        if not made.symbols:
            return made
        pauses = made.pauses
        if exact and not (pauses and pauses[0].last == 0):
            pauses = (Pause(0, 0, 0), *pauses)
        if self.kind == NATURAL:
            return replace(made, pauses=pauses)
        size = len(made.symbols)
        first = next(at for at in range(size, 0, -1) if not made.symbols[at - 1].phone.startswith("#"))
        return replace(made, pauses=(*pauses, Pause(first, size, made.silence_ms, made.sounds)), silence_ms=0, sounds=())


def _speak(passage: Passage, voice: VoiceTraits, lexicon: UserLexicon) -> Iterator[_Piece]:
    """The pieces of one passage, each with its own pause; without anything to say, one that is only silence."""
    listed = lexicon.find(passage.text)
    whole = [*listed, *passage.words.values()]
    fixed = {**passage.names, **listed, **passage.readings}
    words = segment(passage.text, whole)
    lexical = readings.read(passage.text, words, fixed)
    held = frozenset(at for begin, end in fixed for at in range(begin, end))
    for at, syllable in joined.across(passage, lexicon).items():
        lexical[at] = lexical[at] if at in held else syllable
    warnings, marks, breaks = passage.warnings, passage.marks, passage.breaks
    made = False
    groups = [(group, say(group, lexical, held, voice, lexicon)) for group in split.pieces(words)]
    groups = [(group, spoken) for group, spoken in groups if spoken]
    for number, (group, spoken) in enumerate(groups):
        last, end = number == len(groups) - 1, group[-1].end
        if voice.prosody == "full":
            group, spoken = prosodic_words.halved(group, spoken, whole)
        levels = prosody.levels(group, voice.prosody == "full")
        built, placed = symbols.build(spoken, levels, voice.phones, passage.controls)
        here = [mark for mark in marks if last or mark[0] < end]
        marks = marks[len(here) :]
        inside = [one for one in breaks if last or one[0] <= end]
        breaks = breaks[len(inside) :]
        spans = tuple(_spans(passage, group, placed))
        warnings += _foreign(group, voice, lexicon)
        pauses, after = _pauses(inside, placed)
        pause, kind = (passage.pause, passage.kind) if last else (Silence(), NATURAL)
        if after is not None:
            pause, kind = (after + pause if kind == BREAK else after), BREAK
        sentence = spans[-1].text
        spans += tuple(_marks(here, inside, placed))
        name = passage.voice.name if passage.voice else ""
        spoken = Utterance(tuple(built), spans, pause.ms, pauses, warnings, sentence, name)
        yield _Piece(replace(spoken, sounds=pause.sounds, background=passage.background), kind)
        made, warnings = True, ()
    if not made and (passage.pause.ms or passage.kind == BREAK or warnings or marks):
        silence = sum((one for _, one in breaks), Silence()) + passage.pause
        still = Utterance((), tuple(_marks(marks, [], [])), silence.ms, (), warnings)
        yield _Piece(replace(still, sounds=silence.sounds, background=passage.background), BREAK if breaks else passage.kind)


def _pauses(breaks: list[tuple[int, Silence]], placed: list[symbols.Placed]) -> tuple[tuple[Pause, ...], Silence | None]:
    """Breaks as pauses between syllables, those at one place added up; and the silence asked for behind the last."""
    found: dict[int, Silence] = {}
    for at, silence in breaks:
        number = sum(one.syllable.begin < at for one in placed)
        found[number] = found.get(number, Silence()) + silence
    after = found.pop(len(placed), None)
    between = [
        Pause(placed[at - 1].last if at else 0, placed[at].first, silence.ms, silence.sounds)
        for at, silence in sorted(found.items())
    ]
    return tuple(between), after


def say(group: list[Word], lexical: list[str], held: frozenset[int], voice: VoiceTraits, lexicon: UserLexicon) -> list[Syllable]:
    """Spoken syllables of a group of words."""
    spoken = sandhi.surface(group, lexical, held)
    for index, word in enumerate(group):
        if word.tag == LATIN:
            spoken += _latin(word, index, voice, lexicon)
    return sorted(spoken, key=lambda one: one.begin)


def _latin(word: Word, index: int, voice: VoiceTraits, lexicon: UserLexicon) -> list[Syllable]:
    given = lexicon.latin(word.text)
    if given or not voice.phones >= _ENGLISH:
        return [Syllable(one, word.begin, word.end, index) for one in given or english.chinese_syllables(word.text)]
    return [
        Syllable(one.pinyin or f"{word.text}{one.tone}", word.begin, word.end, index, () if one.pinyin else one.phones)
        for one in english.syllables(word.text)
    ]


def _foreign(group: list[Word], voice: VoiceTraits, lexicon: UserLexicon) -> tuple[str, ...]:
    if voice.phones >= _ENGLISH:
        return ()
    latin = [word.text for word in group if word.tag == LATIN and not lexicon.latin(word.text)]
    return (f"音色没有英语音素，用近似的汉语读音代替：{'、'.join(dict.fromkeys(latin))}",) if latin else ()


def _spans(passage: Passage, group: list[Word], placed: list[symbols.Placed]) -> Iterator[Span]:
    """Character, word and sentence spans in the caller's text, each in order."""
    sentence = [(passage.origin[group[0].begin][0], passage.origin[group[-1].end - 1][1], 0, placed[-1].last)]
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


def _marks(marks: list[tuple[int, int, str]], breaks: list[tuple[int, Silence]], placed: list[symbols.Placed]) -> Iterator[Span]:
    """A mark lies before the syllable that follows it; where a break or nothing follows, behind the syllable before it."""
    for at, place, name in marks:
        number = sum(one.syllable.begin < at for one in placed)
        end = placed[number].syllable.begin if number < len(placed) else 0
        behind = number > 0 and (not end or any(at < begin <= end for begin, _ in breaks))
        first = placed[number - 1].last if behind else placed[number].first if placed else 0
        yield Span("mark", name, place, place, first, first)
