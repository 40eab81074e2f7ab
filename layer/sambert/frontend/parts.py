"""The parts of the front end one by one, so that each can be scored. In: text. Out: pinyin, spoken syllables, marked breaks."""

from __future__ import annotations

from . import prosodic_words, prosody, readings, sandhi, split
from .normalize import spoken as spoken_form
from .normalize.scan import fold
from .words import LATIN, MARK, segment


def pinyin(text: str) -> list[str]:
    """See ``sambert.frontend.pinyin``."""
    found: list[str] = []
    for begin in range(0, len(text), split.SENTENCE):
        stretch = text[begin : begin + split.SENTENCE]
        folded = fold(stretch)
        lexical = readings.read(folded, segment(folded), light=False)
        found += [reading or character for reading, character in zip(lexical, stretch, strict=True)]
    return found


def surface(text: str) -> list[str]:
    """See ``sambert.frontend.surface``."""
    found: list[str] = []
    for begin, end in split.sentences(text):
        spoken = spoken_form(text[begin:end])
        words = segment(spoken.text)
        syllables = [(one.begin, one.text) for one in sandhi.surface(words, readings.read(spoken.text, words))]
        found += [one for _, one in sorted(syllables + [(word.begin, word.text) for word in words if word.tag == LATIN])]
    return found


def breaks(text: str) -> str:
    """See ``sambert.frontend.breaks``."""
    marked: list[str] = []
    for begin, end in split.sentences(text):
        sentence = text[begin:end]
        spoken = spoken_form(sentence)
        words = prosodic_words.halves(segment(spoken.text))
        after = {spoken.origin[word.end - 1][1]: level for word, level in zip(words, prosody.levels(words), strict=True)
                 if level and word.tag != MARK}  # fmt: skip
        for at, character in enumerate(sentence, 1):
            marked.append(character + (f"#{after[at]}" if at in after else ""))
    return "".join(marked)
