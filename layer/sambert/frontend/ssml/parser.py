"""From an SSML document to its segments. In: XML text. Out: ``Document``; or SpeechError with line and column.

expat reads it with every door closed: no DTD, no entities beyond the five, limits on size, elements, depth and attributes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn
from xml.parsers import expat

from sambert.errors import SpeechError
from sambert.types import Controls

from ..traits import VoiceTraits
from . import elements
from .base import SPACES, Find, Hear
from .document import Document, Text
from .frames import Frame, Leaf
from .handlers import Handlers

_SURROGATE = re.compile("[\ud800-\udfff]")  # cannot be encoded
_REASONS = {
    "mismatched tag": "标签没有正确闭合",
    "no element found": "没有根元素或文档不完整",
    "not well-formed (invalid token)": "含有不合法的字符或标记（& 和 < 应写作 &amp; 和 &lt;，属性用英文引号）",
    "unclosed token": "标记没有写完",
    "duplicate attribute": "属性重复",
    "junk after document element": "根元素之后还有内容",
    "syntax error": "语法错误",
    "unclosed CDATA section": "CDATA 没有结束",
    "reference to invalid character number": "字符引用不合法",
    "unbound prefix": "命名空间前缀未声明",
}
_ENTITY_ERRORS = {
    expat.errors.codes[message]
    for message in (expat.errors.XML_ERROR_UNDEFINED_ENTITY, expat.errors.XML_ERROR_ENTITY_DECLARED_IN_PE)
}


def parse(document: str, base: Controls, voice: VoiceTraits | None, find: Find, hear: Hear | None) -> Document:
    """See ``sambert.frontend.ssml.parse``."""
    if len(document) > elements.MAX_CHARACTERS:
        raise SpeechError("ssml_too_large", reason=f"{len(document)} 个字符，上限 {elements.MAX_CHARACTERS}")
    return _Parser(base, voice, find, hear).build(document)


class _Parser(Handlers):
    """One parse: what expat meets, brought to the handlers, which add to ``segments``."""

    def __init__(self, base: Controls, voice: VoiceTraits | None, find: Find, hear: Hear | None) -> None:
        super().__init__(base, voice, find, hear)
        self.content: list[str] = []
        self.lead = ""  # blank characters before the document
        self.source = b""  # what expat reads
        self.pending = ""  # character data not yet made a segment
        self.elements = 0
        self.leaf: Leaf | None = None
        self.xml = expat.ParserCreate("utf-8")
        self.xml.buffer_text = True
        self.xml.StartElementHandler = self._start
        self.xml.EndElementHandler = self._end
        self.xml.CharacterDataHandler = self._characters
        self.xml.StartDoctypeDeclHandler = self._doctype
        self.xml.EntityDeclHandler = self.xml.SkippedEntityHandler = self.xml.ExternalEntityRefHandler = self._forbidden

    def build(self, document: str) -> Document:
        start = document.lstrip("\ufeff \t\r\n")  # an XML declaration must come first
        self.lead = document[: len(document) - len(start)]
        if start and not start.startswith("<"):
            line, column = self._place(1, 0)
            raise SpeechError("ssml_malformed", line=line, column=column, reason="文档应以 <speak> 开头")
        self.source = _SURROGATE.sub("\ufffd", start).encode("utf-8")
        try:
            self.xml.Parse(self.source, True)
        except expat.ExpatError as error:
            line, column = self._place(error.lineno, error.offset)
            if error.code in _ENTITY_ERRORS:
                raise SpeechError("ssml_forbidden", line=line, column=column) from None
            raise SpeechError("ssml_malformed", line=line, column=column, reason=self._reason(error.code)) from None
        finally:
            del self.xml  # it holds our methods: a cycle that would outlive the parse
        return Document(tuple(self.segments), "".join(self.content), tuple(self.warned), background=self.background, **self.root)

    def _reason(self, code: int) -> str:
        """In Chinese; of an element that was never closed, where it begins: the error itself is met far behind it."""
        english = expat.errors.messages[code]
        reason = _REASONS.get(english, english)
        if self.frames and english in (expat.errors.XML_ERROR_TAG_MISMATCH, expat.errors.XML_ERROR_NO_ELEMENTS):
            line, column = self.frames[-1].place
            return f"<{self.frames[-1].name[:40]}>（第 {line} 行第 {column} 列）没有正确闭合"
        return reason

    def _place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the caller's document, from 1."""
        return line + self.lead.count("\n"), column + 1 + (len(self.lead.rpartition("\n")[2]) if line == 1 else 0)

    def here(self) -> tuple[int, int]:
        return self._place(self.xml.CurrentLineNumber, self.xml.CurrentColumnNumber)

    # handlers

    def _forbidden(self, *_: object) -> NoReturn:
        line, column = self.here()
        raise SpeechError("ssml_forbidden", line=line, column=column)

    def _doctype(self, *_: object) -> NoReturn:
        """expat has read the declaration's names when it tells; the author looks for its beginning."""
        before = self.source[: self.source.rfind(b"<!DOCTYPE", 0, self.xml.CurrentByteIndex + 9)].decode()
        line, column = self._place(before.count("\n") + 1, len(before.rpartition("\n")[2]))
        raise SpeechError("ssml_forbidden", line=line, column=column)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush()
        name = _local(tag)
        self.elements += 1
        if self.elements > elements.MAX_ELEMENTS:
            self.large(f"元素超过 {elements.MAX_ELEMENTS} 个")
        if len(self.frames) >= elements.MAX_DEPTH:
            self.large(f"嵌套超过 {elements.MAX_DEPTH} 层")
        if any(len(value) > elements.MAX_ATTRIBUTE for value in attributes.values()):
            self.large(f"属性值超过 {elements.MAX_ATTRIBUTE} 个字符")
        if not self.frames:
            if name != "speak":
                self.invalid(f"根元素应为 speak，不是 {tag[:40]}")
            self.check_attributes(name, tag, attributes)
            frame = self.speak(attributes)
        else:
            frame = self._element(name, tag, attributes, self.frames[-1])
        self.frames.append(replace(frame, place=self.here()))

    def _element(self, name: str, tag: str, attributes: dict[str, str], outer: Frame) -> Frame:
        frame = replace(outer, name=name)
        if outer.silent:
            return frame
        if self.leaf is not None:
            self.warn(f"{outer.leaf} 内的 <{tag[:40]}> 已忽略")
            return frame
        if name in elements.UNSPOKEN:
            return replace(frame, silent=True)
        self.check_attributes(name, tag, attributes)
        if name in elements.LEAVES:
            self.check_leaf(name, attributes)
            self.leaf = Leaf(attributes, *self.here(), self.offset)
            return replace(frame, leaf=name)
        handler: Callable[[dict[str, str], Frame], Frame] | None = getattr(self, "on_" + name.replace("-", "_").lower(), None)
        if handler:
            return handler(attributes, frame)
        if name == "speak":
            self.warn("speak 内的 <speak> 只取其中的文字")
        elif name not in elements.CONTAINERS:
            self.warn(f"不支持的标签 <{tag[:40]}> 已忽略，其中的文字照常朗读")
        return frame

    def _end(self, _: str) -> None:
        frame = self.frames[-1]
        outer = self.frames[-2] if len(self.frames) > 1 else None
        if self.leaf and not (outer and outer.leaf):
            leaf, self.leaf = self.leaf, None
            self.close_leaf(leaf, frame)
        self._flush()
        self.tail(len(self.frames) - 1)
        if self.contours and self.contours[-1].depth == len(self.frames) - 1:
            self.bend(self.contours.pop())
        if frame.name in elements.PAUSES and not frame.silent and not frame.leaf:
            self.boundary(frame.name)
        self.frames.pop()

    def _characters(self, data: str) -> None:
        self.content.append(data)
        if self.leaf is not None:
            self.leaf.text += data
            self.offset += len(data)
        elif self.frames[-1].silent:
            self.offset += len(data)
        else:
            self.pending += data

    def _flush(self) -> None:
        text, self.pending = self.pending, ""
        if text.strip():
            frame = self.frames[-1]
            self.add(Text(text.translate(SPACES), self.offset, frame.controls, word=frame.word, voice=frame.voice))
        elif text:
            self.blank = self.offset
        self.offset += len(text)


def _local(tag: str) -> str:
    """An element's name in our table's spelling, whatever its prefix is bound to; Polly's own are none of the others'."""
    if tag.startswith("amazon:"):
        return tag
    name = tag.rpartition(":")[2]
    return elements.LOCAL_NAMES.get(name.lower(), name)
