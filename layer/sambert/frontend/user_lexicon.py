"""Readings that people prescribe. In: word → pinyin pairs, or a file of them. Out: ``UserLexicon``, which finds them in a text.

Three may speak at once: the request's wins over the voice's, that over the deployment's, and all of them over the dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path

from sambert.errors import SpeechError

from .syllables import is_syllable

MAX_ENTRIES = 5000
MAX_WORD = 32
_KEPT = 8  # lexicons of requests, and as many of files
_SHOWN = 80  # characters of a wrong line that an error repeats


class UserLexicon:
    """Word → syllables ("chan2 yu2", 0 and 5 are both neutral), checked once; never changes.

    A Latin word may have any number of syllables, and its case does not matter; traditional characters are as simplified ones.
    Raises bad_lexicon where a word is empty, too long, holds something else, or has another number of syllables than characters.
    """

    def __init__(self, entries: Mapping[str, str] | None = None) -> None:
        entries = entries or {}
        if len(entries) > MAX_ENTRIES:
            raise SpeechError("bad_lexicon", word=f"（{len(entries)} 项）", pinyin=f"最多 {MAX_ENTRIES} 项")
        readings = {_written(word): _checked(word, pinyin) for word, pinyin in entries.items()}
        self._layers = (_Layer(readings),) if readings else ()

    def over(self, other: UserLexicon) -> UserLexicon:
        """These readings, and where they say nothing those of ``other``."""
        both = UserLexicon()
        both._layers = self._layers + other._layers
        return both

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all it says; "" where it says nothing."""
        said = [sorted((word, *syllables) for word, syllables in layer.readings.items()) for layer in self._layers]
        if not said:
            return ""
        from hashlib import sha256  # takes longer to import than all of this module

        return sha256(repr(said).encode()).hexdigest()

    def latin(self, word: str) -> list[str] | None:
        return next((layer.readings[word.lower()] for layer in self._layers if word.lower() in layer.readings), None)

    def find(self, text: str) -> dict[tuple[int, int], list[str]]:
        """Where its Chinese words lie in ``text``, longest first, not overlapping: (begin, end) → syllables."""
        found: dict[tuple[int, int], list[str]] = {}
        free = [True] * len(text)
        for layer in self._layers:
            position = 0 if layer.lengths else len(text)
            while position < len(text):
                length = layer.longest(text, position)
                if length and all(free[position : position + length]):
                    found[position, position + length] = layer.readings[text[position : position + length]]
                    free[position : position + length] = [False] * length
                position += length or 1
        return found


class _Layer:
    """One source's readings. lengths: of its Chinese words, longest first."""

    def __init__(self, readings: dict[str, list[str]]) -> None:
        self.readings = readings
        self.lengths = sorted({len(word) for word in readings if not word.isascii()}, reverse=True)

    def longest(self, text: str, at: int) -> int:
        return next((size for size in self.lengths if text[at : at + size] in self.readings), 0)


def lexicon_of(entries: Mapping[str, str]) -> UserLexicon:
    """As ``UserLexicon``, but those used last are kept: 5,000 words take 35 ms to check, and come with every part of a text."""
    return _of(tuple(entries.items()))


@lru_cache(maxsize=_KEPT)
def _of(entries: tuple[tuple[str, str], ...]) -> UserLexicon:
    return UserLexicon(dict(entries))


def lexicon_file(path: Path) -> UserLexicon:
    """A file's readings: a word, a space and its syllables on each line ("单于 chan2 yu2"); "#" begins a comment. A file that has
    not changed since is not read again.

    Raises bad_lexicon_file with the file's name, the line and what it says, for a line that ``UserLexicon`` would not take;
    OSError where there is no such file.
    """
    known = path.stat()
    return _read(path, known.st_mtime_ns, known.st_size)


@lru_cache(maxsize=_KEPT)
def _read(path: Path, changed: int, size: int) -> UserLexicon:
    entries: dict[str, str] = {}
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise SpeechError("bad_lexicon_file", file=path.name, line=1, text="UTF-8?") from error
    for number, line in enumerate(lines, 1):
        word, _, pinyin = " ".join(line.partition("#")[0].split()).partition(" ")
        try:
            if word:
                _checked(word, pinyin)
                entries[word] = pinyin
            if len(entries) > MAX_ENTRIES:
                raise SpeechError("bad_lexicon", word=word, pinyin=pinyin)
        except SpeechError as error:
            raise SpeechError("bad_lexicon_file", file=path.name, line=number, text=line.strip()[:_SHOWN]) from error
    return UserLexicon(entries)


def _written(word: str) -> str:
    """As the front end has it when it looks: Latin in lower case, simplified characters."""
    if word.isascii():
        return word.lower()
    from .normalize.scan import fold

    return fold(word)


def _checked(word: str, pinyin: str) -> list[str]:
    syllables = [one.replace("ü", "v").replace("u:", "v") for one in pinyin.lower().replace("-", " ").split()]
    syllables = [one[:-1] + "5" if one.endswith("0") else one for one in syllables]
    latin = word.isascii() and word.isalpha()
    fits = 0 < len(syllables) <= MAX_WORD if latin else len(syllables) == len(word)
    if not 0 < len(word) <= MAX_WORD or not fits or not all(map(is_syllable, syllables)):
        raise SpeechError("bad_lexicon", word=word[:MAX_WORD], pinyin=pinyin[:MAX_WORD])
    return syllables
