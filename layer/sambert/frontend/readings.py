"""Lexical readings, before sandhi. In: spoken text and its words. Out: one syllable a character ("" where there is none).

Order of authority: the caller's lexicon, phrases, the default of the character.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import constructions, contexts, habits, particles
from .lexicon import Phrase, hash_windows, lexicon
from .names import SURNAMES
from .polyphones import Hint, model
from .words import MARK, Word

Fixed = Mapping[tuple[int, int], list[str]]  # (begin, end) → syllables


def read(text: str, words: list[Word], fixed: Fixed | None = None, light: bool = True) -> list[str]:
    """One syllable for each character of ``text``.

    fixed: readings that win over everything. light: neutral tones as the dictionary has them; else only those the model tells.
    """
    found = lexicon().characters(text)
    if not any(found) and not fixed:
        return found
    told = hints(text, words)
    found = [hint.syllable if hint else reading for hint, reading in zip(told, found, strict=True)]
    known = model().characters
    places = [at for at, one in enumerate(text) if one in known and not _certain(told[at])]
    if places:
        for at, syllable in zip(places, model().read(text, words, told, places), strict=True):
            found[at] = syllable
    if light:
        lightened = [hint is not None and hint.syllable == one[:-1] + "5" for one, hint in zip(found, told, strict=True)]
        found = [one[:-1] + "5" if lighter else one for one, lighter in zip(found, lightened, strict=True)]
    particles.settle(text, words, found)
    contexts.settle(words, found)
    constructions.settle(text, found)
    _rates(words, found)
    _surnames(words, told, found)
    for (begin, end), reading in (fixed or {}).items():
        found[begin:end] = reading
    return found


def _certain(hint: Hint | None) -> bool:
    return hint is not None and hint.certain


def default(character: str) -> str:
    """The reading of a character by itself."""
    return lexicon().characters(character)[0]


def hints(text: str, words: list[Word]) -> list[Hint | None]:
    """What the phrase dictionary says of each character."""
    found: list[Hint | None] = [None] * len(text)
    for begin, phrase in _phrases(text, words):
        size = len(phrase.syllables)
        found[begin : begin + size] = [Hint(syllable, size, phrase.certain) for syllable in phrase.syllables]
    return found


def _phrases(text: str, words: list[Word]) -> Iterator[tuple[int, Phrase]]:
    """The phrases that lie in ``text`` without cutting a word in two, from the left, the longest at each place."""
    phrases = lexicon().phrases_in(hash_windows(text))
    bounds = [word.begin for word in words for _ in word.text]
    position = 0
    for begin in sorted(phrases):
        for phrase in phrases[begin]:
            last = begin + len(phrase.syllables) - 1
            whole = begin == bounds[begin] and (last + 1 == len(text) or bounds[last + 1] == last + 1)
            if begin >= position and (whole or bounds[begin] == bounds[last]):
                yield begin, phrase
                position = last + 1
                break


_NO_OBJECT = frozenset(["u", "c", "a", "f", "d", "y", MARK])
_LEADERS = frozenset("长员师者家王帝军将帅团部们亲督令臣总统席理记相授官士公侯主任")
_LED = frozenset(["n", "nr", "ns", "nt", "nz", "r", "m", "j"])


def _rates(words: list[Word], readings: list[str]) -> None:
    """率 is a rate at the end of a longer word, and after one where nothing follows that could be led: 空置率, not 率队; where a
    leader stands before it and somebody behind, it is to lead: 校长率师生."""
    for before, word, after in zip([None, *words], words, [*words[1:], None], strict=False):
        measured = before and len(before.text) > 1 and before.tag in ("n", "v", "vn", "a")
        if word.text.endswith("率") and (
            len(word.text) > 2 or (word.text == "率" and measured and (after is None or after.tag in _NO_OBJECT))
        ):
            readings[word.end - 1] = "lv4"
        leader = before and (before.tag in ("nr", "r", "d") or before.text[-1] in _LEADERS)
        if word.text == "率" and leader and after and after.tag in _LED:
            readings[word.begin] = "shuai4"


_ONLY_SURNAMES, _OFTEN_SURNAMES = frozenset("曾单仇朴翟缪葛卜区"), frozenset("任解")


def _surnames(words: list[Word], told: list[Hint | None], found: list[str]) -> None:
    """Surnames that are read in their own way: after 姓, before a title, at the head of a name where the model has no opinion."""
    known = model().characters
    for index, word in enumerate(words):
        titled = index + 1 < len(words) and words[index + 1].text in habits.words("addressed")
        first = index == 0 or words[index - 1].tag == MARK
        if titled and (word.text in _ONLY_SURNAMES or (first and word.text in _OFTEN_SURNAMES)):
            found[word.begin] = SURNAMES[word.text]
        named = word.tag == "nr" and len(word.text) in (2, 3) and word.text[0] not in known
        if (named or (index and words[index - 1].text == "姓")) and word.text[0] in SURNAMES and not _certain(told[word.begin]):
            found[word.begin] = SURNAMES[word.text[0]]
