"""Elements whose text is read as a whole: sub, phoneme, say-as. In: their text and attributes. Out: one ``Text`` each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sambert.errors import SpeechError

from . import elements, values, whole
from .base import SPACES, Base
from .document import Text
from .frames import Frame, Leaf

_SYLLABIC = re.compile(r"[\d\u3007\u3400-\u9fff\U00020000-\U0003ffff]")  # what a syllable of its own belongs to
_RUNS = re.compile(rf"(?:{_SYLLABIC.pattern}|\W)+|(?:(?!{_SYLLABIC.pattern})\w)+")


class Leaves(Base):
    """A leaf is checked when it opens and read when it closes."""

    def check_leaf(self, name: str, attributes: dict[str, str]) -> None:
        required = {"sub": "alias", "phoneme": "ph", "say-as": "interpret-as"}[name]
        if not attributes.get(required, "").strip():
            self.invalid(f"{name} 缺少 {required}")

    def close_leaf(self, leaf: Leaf, frame: Frame) -> None:
        if not leaf.text.strip():
            self.warn(f"{frame.leaf} 里没有文字，已忽略")  # no place in the text that its times could belong to
            return
        segment = Text(leaf.text.translate(SPACES), leaf.begin, frame.controls, word=frame.word, voice=frame.voice)
        if frame.leaf == "sub":
            segment = replace(segment, alias=leaf.attributes["alias"].translate(SPACES))
        elif frame.leaf == "phoneme":
            for part in _with_pinyin(segment, list(self._phoneme(leaf))):
                self.add(part)
            return
        else:
            kind = self._kind(leaf)
            alias = whole.spelled(leaf.text, kind, values.plain(leaf.attributes.get("format", "")))
            segment = replace(segment, kind=None if kind == "duration" else kind, alias=alias)
        self.add(segment)

    def _phoneme(self, leaf: Leaf) -> tuple[str, ...]:
        alphabet = values.plain(leaf.attributes.get("alphabet", "")) or "py"
        if alphabet not in ("py", "pinyin", "x-amazon-pinyin", "sapi", "x-microsoft-sapi"):
            self.warn(f"phoneme 的 alphabet {alphabet[:40]} 未支持，按原文朗读")
            return ()
        try:
            syllables = values.pinyin(leaf.attributes["ph"])
        except ValueError as error:
            raise SpeechError("ssml_invalid", line=leaf.line, column=leaf.column, reason=f"phoneme 的 ph：{error}") from None
        characters = len(_SYLLABIC.findall(leaf.text))
        if characters != len(syllables):
            reason = f"phoneme 有 {characters} 个字，却有 {len(syllables)} 个音节"
            raise SpeechError("ssml_invalid", line=leaf.line, column=leaf.column, reason=reason)
        return syllables

    def _kind(self, leaf: Leaf) -> str | None:
        """The type for ``normalize.spoken``; a date's with its order, "date:dmy"."""
        written = values.plain(leaf.attributes["interpret-as"]).removeprefix("vxml:")
        form = values.plain(leaf.attributes.get("format", ""))
        known = elements.SAY_AS_ALIASES
        plain = known.get(f"{written}:{form}") or known.get(written, written)
        if plain not in elements.SAY_AS:
            self.warn(f"say-as 的 {plain[:40]} 未支持，按普通文本朗读")
            return None
        if plain == "date" and form:
            try:
                return f"date:{values.date_order(form)}"
            except ValueError as error:
                self.warn(f"say-as 的 format 已忽略：{error}")
        elif form and plain not in ("time", "telephone", "duration") and f"{written}:{form}" not in known:
            self.warn(f"say-as 的 {plain} 没有 format，已忽略")
        return plain


def _with_pinyin(text: Text, syllables: list[str]) -> Iterator[Text]:
    """Its runs: hanzi and digits with their syllables, Latin words, which have none, as they are."""
    if not syllables:
        yield text
        return
    for run in _RUNS.finditer(text.text):
        taken = len(_SYLLABIC.findall(run[0]))
        yield replace(text, text=run[0], begin=text.begin + run.start(), pinyin=tuple(syllables[:taken]))
        del syllables[:taken]
