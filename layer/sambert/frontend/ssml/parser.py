"""From an SSML document to its segments. In: XML text. Out: ``Document``; or SpeechError with line and column.

expat reads it with every door closed: no DTD, no entities beyond the five, limits on size, elements, depth and attributes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NoReturn
from xml.parsers import expat

from sambert.errors import SpeechError
from sambert.types import Controls

from . import elements, values
from .document import Boundary, Break, Document, Mark, Segment, Text

_SURROGATE = re.compile("[\ud800-\udfff]")  # cannot be encoded
_SPACES = str.maketrans("\r\n\t", "   ")
_REASONS = {
    "mismatched tag": "标签没有正确闭合", "no element found": "没有根元素或文档不完整", "not well-formed (invalid token)": "含有不合法的字符或标记",
    "unclosed token": "标记没有写完", "duplicate attribute": "属性重复", "junk after document element": "根元素之后还有内容", "syntax error": "语法错误",
    "unclosed CDATA section": "CDATA 没有结束", "reference to invalid character number": "字符引用不合法", "unbound prefix": "命名空间前缀未声明",
}  # fmt: skip
_ENTITY_ERRORS = {expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY], expat.errors.codes[expat.errors.XML_ERROR_ENTITY_DECLARED_IN_PE]}


@dataclass(frozen=True, slots=True)
class _Frame:
    """What holds inside an open element."""

    name: str
    controls: Controls
    voice: str = ""
    word: int = 0
    silent: bool = False  # text is not spoken
    leaf: str = ""  # the innermost enclosing sub, phoneme or say-as


@dataclass(slots=True)
class _Leaf:
    """An open sub, phoneme or say-as: its text is gathered until it closes."""

    attributes: dict[str, str]
    line: int
    column: int
    begin: int
    text: str = ""


def parse(document: str, base: Controls) -> Document:
    """See ``sambert.frontend.ssml.parse``."""
    if len(document) > elements.MAX_CHARACTERS:
        raise SpeechError("ssml_too_large", reason=f"{len(document)} 个字符，上限 {elements.MAX_CHARACTERS}")
    return _Builder(base).build(document)


class _Builder:
    """One parse. Handlers add to ``segments``; ``frames`` is the stack of open elements."""

    def __init__(self, base: Controls) -> None:
        self.base = base
        self.frames: list[_Frame] = []
        self.segments: list[Segment] = []
        self.content: list[str] = []
        self.lead = ""  # blank characters before the document
        self.offset = 0
        self.pending = ""  # character data not yet made a segment
        self.warned: dict[str, None] = {}
        self.elements = 0
        self.words = 0
        self.silence = 0  # ms of breaks since the last text
        self.leaf: _Leaf | None = None
        self.root: dict[str, str | int] = {}
        self.xml = expat.ParserCreate("utf-8")
        self.xml.buffer_text = True
        self.xml.StartElementHandler = self._start
        self.xml.EndElementHandler = self._end
        self.xml.CharacterDataHandler = self._characters
        self.xml.StartDoctypeDeclHandler = self.xml.EntityDeclHandler = self.xml.SkippedEntityHandler = self._forbidden
        self.xml.ExternalEntityRefHandler = self._forbidden

    def build(self, document: str) -> Document:
        start = document.lstrip("\ufeff \t\r\n")  # an XML declaration must come first
        self.lead = document[: len(document) - len(start)]
        try:
            self.xml.Parse(_SURROGATE.sub("\ufffd", start).encode("utf-8"), True)
        except expat.ExpatError as error:
            line, column = self._place(error.lineno, error.offset)
            if error.code in _ENTITY_ERRORS:
                raise SpeechError("ssml_forbidden", line=line, column=column) from None
            reason = expat.errors.messages[error.code]
            raise SpeechError("ssml_malformed", line=line, column=column, reason=_REASONS.get(reason, reason)) from None
        return Document(tuple(self.segments), "".join(self.content), tuple(self.warned), **self.root)

    def _place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the caller's document, from 1."""
        return line + self.lead.count("\n"), column + 1 + (len(self.lead.rpartition("\n")[2]) if line == 1 else 0)

    def _here(self) -> tuple[int, int]:
        return self._place(self.xml.CurrentLineNumber, self.xml.CurrentColumnNumber)

    # handlers

    def _forbidden(self, *_: object) -> NoReturn:
        line, column = self._here()
        raise SpeechError("ssml_forbidden", line=line, column=column)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._flush()
        name = tag.rpartition(":")[2]
        self.elements += 1
        if self.elements > elements.MAX_ELEMENTS:
            raise SpeechError("ssml_too_large", reason=f"元素超过 {elements.MAX_ELEMENTS} 个")
        if len(self.frames) >= elements.MAX_DEPTH:
            raise SpeechError("ssml_too_large", reason=f"嵌套超过 {elements.MAX_DEPTH} 层")
        if any(len(value) > elements.MAX_ATTRIBUTE for value in attributes.values()):
            raise SpeechError("ssml_too_large", reason=f"属性值超过 {elements.MAX_ATTRIBUTE} 个字符")
        if not self.frames:
            if name != "speak":
                self._invalid(f"根元素应为 speak，不是 {tag[:40]}")
            frame = self._speak(attributes)
        else:
            frame = self._element(name, tag, attributes, self.frames[-1])
        self.frames.append(frame)

    def _element(self, name: str, tag: str, attributes: dict[str, str], outer: _Frame) -> _Frame:
        frame = replace(outer, name=name)
        if outer.silent:
            return frame
        if self.leaf is not None:
            self._warn(f"{outer.leaf} 内的 <{tag[:40]}> 已忽略")
            return frame
        if name in elements.UNSPOKEN:
            return replace(frame, silent=True)
        if name in elements.LEAVES:
            self._check_leaf(name, attributes)
            self.leaf = _Leaf(attributes, *self._here(), self.offset)
            return replace(frame, leaf=name)
        handler: Callable[[dict[str, str], _Frame], _Frame] | None = getattr(self, "_on_" + name.replace("-", "_").lower(), None)
        if handler:
            return handler(attributes, frame)
        if name not in elements.CONTAINERS:
            self._warn(f"不支持的标签 <{tag[:40]}> 已忽略，其中的文字照常朗读")
        return frame

    def _end(self, _: str) -> None:
        frame = self.frames[-1]
        outer = self.frames[-2] if len(self.frames) > 1 else None
        if frame.leaf and (outer is None or not outer.leaf):
            self._close_leaf(frame)
        self._flush()
        if frame.name in elements.PAUSES and not frame.silent and not frame.leaf:
            self._boundary(frame.name)
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
            self._add(Text(text.translate(_SPACES), self.offset, frame.controls, word=frame.word, voice=frame.voice))
        self.offset += len(text)

    def _add(self, segment: Segment) -> None:
        self.segments.append(segment)
        if isinstance(segment, Text):
            self.silence = 0

    # elements

    def _speak(self, attributes: dict[str, str]) -> _Frame:
        controls = self.base
        if "rate" in attributes:
            controls = self._scaled(controls, rate=self._value(values.speak_rate, attributes, "rate"))
        if "pitch" in attributes:
            controls = self._scaled(controls, pitch=self._value(values.speak_pitch, attributes, "pitch"))
        if "volume" in attributes:
            controls = replace(controls, gain=controls.gain + self._value(values.speak_volume, attributes, "volume"))
        form = attributes.get("format") or attributes.get("encodeType") or ""
        rate = attributes.get("sampleRate")
        self.root = {
            "voice": attributes.get("voice", ""),
            "format": form.lower(),
            "sample_rate": self._value(values.sample_rate, attributes, "sampleRate") if rate else 0,
        }
        for ignored in ("effect", "effectValue", "bgm", "backgroundMusicVolume"):
            if attributes.get(ignored):
                self._warn(f"speak 的 {ignored} 未启用，已忽略")
        return _Frame("speak", controls, str(self.root["voice"]))

    def _on_emotion(self, attributes: dict[str, str], frame: _Frame) -> _Frame:
        return self._emotion(attributes, frame, "category", "intensity")

    def _on_express_as(self, attributes: dict[str, str], frame: _Frame) -> _Frame:
        if attributes.get("role"):
            self._warn("express-as 的 role 已忽略")
        return self._emotion(attributes, frame, "style", "styledegree")

    def _emotion(self, attributes: dict[str, str], frame: _Frame, name: str, degree: str) -> _Frame:
        category = attributes.get(name, "").strip().lower()
        if not category:
            self._invalid(f"{frame.name} 缺少 {name}")
        strength = self._value(values.intensity, attributes, degree) if degree in attributes else 1.0
        emotion = elements.EMOTIONS.get(category, category)
        return replace(frame, controls=replace(frame.controls, emotion=emotion, intensity=strength))

    def _on_prosody(self, attributes: dict[str, str], frame: _Frame) -> _Frame:
        controls = frame.controls
        if "rate" in attributes:
            controls = self._scaled(controls, rate=self._value(values.prosody_rate, attributes, "rate"))
        if "pitch" in attributes:
            controls = self._scaled(controls, pitch=self._value(values.prosody_pitch, attributes, "pitch"))
        if "volume" in attributes:
            controls = self._scaled(controls, gain=self._value(values.prosody_volume, attributes, "volume"))
        for ignored in ("contour", "range", "duration", "amazon:max-duration"):
            if ignored in attributes:
                self._warn(f"prosody 的 {ignored} 未支持，已忽略")
        return replace(frame, controls=controls)

    def _on_emphasis(self, attributes: dict[str, str], frame: _Frame) -> _Frame:
        level = attributes.get("level", "moderate").strip()
        if level not in values.EMPHASIS:
            self._invalid(f"emphasis 的 level 应为 {'、'.join(values.EMPHASIS)}")
        rate, pitch, gain = values.EMPHASIS[level]
        return replace(frame, controls=self._scaled(frame.controls, rate, pitch, gain))

    def _on_break(self, attributes: dict[str, str], frame: _Frame) -> _Frame:
        strength = attributes.get("strength", "").strip()
        if "time" in attributes:
            return self._pause(self._value(values.milliseconds, attributes, "time"), frame)
        if strength and strength not in values.STRENGTHS:
            self._invalid(f"break 的 strength 应为 {'、'.join(values.STRENGTHS)}")
        return self._pause(values.STRENGTHS[strength] if strength else 1000, frame)

    def _on_silence(self, attributes: dict[str, str], frame: _Frame) -> _Frame:
        if attributes.get("type", "").lower() not in ("", "leading", "tailing", "leading-exact", "tailing-exact"):
            self._warn("mstts:silence 的 type 按就地静音处理")
        return self._pause(self._value(values.milliseconds, attributes, "value"), frame)

    def _pause(self, ms: int, frame: _Frame) -> _Frame:
        """Consecutive breaks add up, to ten seconds at most."""
        allowed = min(ms, elements.MAX_BREAK_MS - self.silence)
        if allowed < ms:
            self._warn(f"连续停顿最长 {elements.MAX_BREAK_MS // 1000} 秒，超出部分已忽略")
        self.silence += allowed
        if self.segments and isinstance(self.segments[-1], Break):
            self.segments[-1] = replace(self.segments[-1], ms=self.segments[-1].ms + allowed)
        else:
            self._add(Break(allowed, self.offset))
        return frame

    def _on_p(self, _: dict[str, str], frame: _Frame) -> _Frame:
        self._boundary(frame.name)
        return frame

    _on_s = _on_p

    def _boundary(self, name: str) -> None:
        """Ends a sentence or paragraph where text stands before it; the stronger of two neighbours stays."""
        kind, ms = elements.PAUSES[name]
        last = next((one for one in reversed(self.segments) if not isinstance(one, Mark)), None)
        if isinstance(last, Boundary) and self.segments[-1] is last:
            if ms > last.ms:
                self.segments[-1] = Boundary(kind, ms, last.begin)
        elif isinstance(last, (Text, Break)):
            self._add(Boundary(kind, ms, self.offset))

    def _on_w(self, _: dict[str, str], frame: _Frame) -> _Frame:
        self.words += 1
        return replace(frame, word=self.words)

    _on_token = _on_w

    def _on_voice(self, attributes: dict[str, str], frame: _Frame) -> _Frame:
        name = attributes.get("name", "").strip()
        if not name:
            self._warn("voice 没有 name，已忽略")
        return replace(frame, voice=name or frame.voice)

    def _on_mark(self, attributes: dict[str, str], frame: _Frame) -> _Frame:
        key = {"mark": "name", "bookmark": "mark", "vhml": "src"}[frame.name]
        name = attributes.get(key, "").strip()
        if not name:
            self._invalid(f"{frame.name} 缺少 {key}")
        self._add(Mark(name, self.offset))
        return frame

    _on_bookmark = _on_vhml = _on_mark

    def _on_audio(self, _: dict[str, str], frame: _Frame) -> _Frame:
        self._warn(f"<{frame.name}> 未启用，不播放外部音频")
        return frame

    _on_soundevent = _on_audio

    # sub, phoneme, say-as

    def _check_leaf(self, name: str, attributes: dict[str, str]) -> None:
        required = {"sub": "alias", "phoneme": "ph", "say-as": "interpret-as"}[name]
        if not attributes.get(required, "").strip():
            self._invalid(f"{name} 缺少 {required}")

    def _close_leaf(self, frame: _Frame) -> None:
        leaf, self.leaf = self.leaf, None
        if leaf is None or not leaf.text.strip():
            return
        segment = Text(leaf.text.translate(_SPACES), leaf.begin, frame.controls, word=frame.word, voice=frame.voice)
        if frame.leaf == "sub":
            segment = replace(segment, alias=leaf.attributes["alias"].translate(_SPACES))
        elif frame.leaf == "phoneme":
            segment = replace(segment, pinyin=self._phoneme(leaf))
        else:
            segment = replace(segment, kind=self._kind(leaf.attributes["interpret-as"]))
        self._add(segment)

    def _phoneme(self, leaf: _Leaf) -> tuple[str, ...]:
        alphabet = leaf.attributes.get("alphabet", "py").lower()
        if alphabet not in ("py", "pinyin", "x-amazon-pinyin", "sapi", "x-microsoft-sapi"):
            self._warn(f"phoneme 的 alphabet {alphabet[:40]} 未支持，按原文朗读")
            return ()
        try:
            syllables = values.pinyin(leaf.attributes["ph"])
        except ValueError as error:
            raise SpeechError("ssml_invalid", line=leaf.line, column=leaf.column, reason=f"phoneme 的 ph：{error}") from None
        characters = len(re.findall(r"[\u3400-\u9fff\U00020000-\U0003ffff]", leaf.text))
        if characters != len(syllables):
            reason = f"phoneme 有 {characters} 个字，却有 {len(syllables)} 个音节"
            raise SpeechError("ssml_invalid", line=leaf.line, column=leaf.column, reason=reason)
        return syllables

    def _kind(self, name: str) -> str | None:
        plain = name.strip().lower().removeprefix("vxml:")
        plain = elements.SAY_AS_ALIASES.get(plain, plain)
        if plain not in elements.SAY_AS:
            self._warn(f"say-as 的 {plain[:40]} 未支持，按普通文本朗读")
            return None
        return plain

    # helpers

    def _scaled(self, controls: Controls, rate: float = 1.0, pitch: float = 0.0, gain: float = 0.0) -> Controls:
        """Rates multiply, semitones and dB add; beyond the ranges they stop, with a warning. Silence is silence."""
        wanted = (controls.rate * rate, controls.pitch + pitch, controls.gain + gain)
        ranges = (elements.RATE_RANGE, elements.PITCH_RANGE, (elements.GAIN_RANGE if gain > values.SILENT else (values.SILENT, 10.0)))
        names = ("语速 {:g} 到 {:g} 倍", "音高 {:g} 到 {:g} 半音", "音量 {:g} 到 {:g} dB")
        held = []
        changed = (rate != 1, pitch != 0, gain != 0)
        for value, (low, high), name, touched in zip(wanted, ranges, names, changed, strict=True):
            held.append(min(max(value, low), high) if touched else value)
            if held[-1] != value:
                self._warn("超出范围，已取边界：" + name.format(low, high))
        return replace(controls, rate=held[0], pitch=held[1], gain=held[2])

    def _value(self, read: Callable[[str], float], attributes: dict[str, str], name: str) -> float:
        try:
            return read(attributes.get(name, ""))
        except ValueError as error:
            self._invalid(f"{name}=\"{attributes.get(name, '')[:40]}\"：{error}")

    def _invalid(self, reason: str) -> NoReturn:
        line, column = self._here()
        raise SpeechError("ssml_invalid", line=line, column=column, reason=reason)

    def _warn(self, message: str) -> None:
        if len(self.warned) < 50:
            self.warned[message] = None
