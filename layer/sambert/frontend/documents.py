"""An SSML document as passages. In: a document. Out: ``Passage``s, lazily.

It is normalised element by element and cut at its breaks, boundaries and sentence ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain

from sambert.errors import SpeechError
from sambert.types import Controls, Silence

from . import names, split, ssml
from .normalize import spoken as spoken_form
from .passages import BOUNDARY, BREAK, SENTENCE_PAUSE, Find, Hear, Passage, append
from .traits import VoiceTraits


def passages(text: str, controls: Controls, voice: VoiceTraits, find: Find, hear: Hear | None) -> Iterator[Passage]:
    """controls: where nothing else is asked for. find, hear: as for ``ssml.parse``. Raises empty_text and what that raises."""
    document = ssml.parse(text, controls, voice, find, hear)
    if not document.text.strip() and not any(_heard(one) for one in document.segments):
        raise SpeechError("empty_text")
    return _of_document(document, find)


def _heard(segment: ssml.Segment) -> bool:
    """Whether it is heard although the document has no text."""
    match segment:
        case ssml.Text():
            return bool(segment.alias)
        case ssml.Break():
            return bool(segment.silence.sounds)
    return False


def _of_document(document: ssml.Document, find: Find) -> Iterator[Passage]:
    new = partial(Passage, document.text, background=document.background)
    passage = new(warnings=document.warnings)
    name = ""
    for segment in document.segments:
        match segment:
            case ssml.Text():
                if segment.voice != name:
                    passage.pause = Silence() if _unfinished(passage.text) else SENTENCE_PAUSE
                    yield from _by_sentence(passage)
                    name = segment.voice
                    passage = new(voice=find(name) if name else None)
                _add_text(passage, segment)
            case ssml.Mark(mark, begin):
                passage.marks.append((len(passage.text), begin, mark))
            case ssml.Break() if _unfinished(passage.text):
                _add_break(passage, segment)
            case ssml.Break() | ssml.Boundary():
                inserted = isinstance(segment, ssml.Break)
                passage.kind, passage.pause = (BREAK, segment.silence) if inserted else (BOUNDARY, Silence(segment.ms))
                yield from _by_sentence(passage)
                passage = new(voice=passage.voice)
    passage.pause = SENTENCE_PAUSE
    yield from _by_sentence(passage)


def _add_text(passage: Passage, segment: ssml.Text) -> None:
    controls = segment.controls
    if segment.alias is not None:
        first = len(passage.text)
        spoken = spoken_form(segment.alias)
        passage.text += spoken.text
        passage.origin += [(segment.begin, segment.begin + len(segment.text))] * len(spoken.text)
        passage.controls += [controls] * len(spoken.text)
        passage.warnings += spoken.warnings
        begin, end = first, len(passage.text)
    elif segment.pinyin:
        begin, end = _add_readings(passage, segment)
    else:
        begin, end = append(passage, segment.text, segment.begin, controls, segment.kind)
        if segment.kind == "name":
            for at, syllable in names.readings(passage.text[begin:end]).items():
                passage.names[begin + at, begin + at + 1] = [syllable]
    if segment.bend:
        for at in range(begin, end):
            controls = passage.controls[at]
            bent = controls.pitch + segment.bend[passage.origin[at][0] - segment.begin]
            passage.controls[at] = replace(controls, pitch=min(max(bent, -12.0), 12.0))
    if segment.word and end > begin:
        first = passage.words.get(segment.word, (begin, end))[0]
        passage.words[segment.word] = (first, end)


_READABLE = re.compile(r"\w")
_CLAUSE_END = re.compile(r"[，,、：:；;—\s]+$")


def _unfinished(text: str) -> bool:
    """Whether something has been said in ``text``, and its last sentence goes on."""
    return bool(_READABLE.search(text)) and not split.ends(text)


def _add_break(passage: Passage, wanted: ssml.Break) -> None:
    """A break inside a sentence: the sentence goes on behind it as behind a comma; without any silence, as if not even a comma
    stood there."""
    if wanted.silence.ms:
        passage.text += "，"
        passage.origin.append((wanted.begin, wanted.begin))
        passage.controls.append(passage.controls[-1])
    else:
        passage.text = _CLAUSE_END.sub(lambda found: " " * len(found[0]), passage.text)
    passage.breaks.append((len(passage.text), wanted.silence))


def _add_readings(passage: Passage, segment: ssml.Text) -> tuple[int, int]:
    """A stretch with its pinyin: the text stays as written, one syllable for each character that is not a mark."""
    begin = len(passage.text)
    passage.text += segment.text
    passage.origin += [(segment.begin + at, segment.begin + at + 1) for at in range(len(segment.text))]
    passage.controls += [segment.controls] * len(segment.text)
    places = [begin + at for at, character in enumerate(segment.text) if _READABLE.match(character)]
    for place, syllable in zip(places, segment.pinyin, strict=False):
        passage.readings[place, place + 1] = [syllable]
    return begin, len(passage.text)


def _by_sentence(passage: Passage) -> Iterator[Passage]:
    """Cuts a spoken passage at its sentence ends; only the last part keeps the asked-for pause."""
    ends = [end for _, end in split.sentences(passage.text)] or [0]
    for begin, end in zip(chain([0], ends), ends, strict=False):
        part = passage.part(begin, end)
        if end == ends[-1]:
            part.pause, part.kind = passage.pause, passage.kind
        else:
            part.pause = SENTENCE_PAUSE
        yield part
