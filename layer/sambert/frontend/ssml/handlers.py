"""What each SSML element does. In: its attributes and what holds around it. Out: what holds inside; segments as they come."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NoReturn

from sambert.errors import SpeechError
from sambert.types import Controls

from ..traits import VoiceTraits
from . import elements, values
from .contours import Contour
from .document import Boundary, Break, Mark, Segment, Text
from .frames import Frame, Leaf

Find = Callable[[str], VoiceTraits | None]
Read = Callable[[str], float]

SPACES = str.maketrans("\r\n\t", "   ")
_MAX_WARNINGS = 50


class Handlers:
    """The elements' meaning; ``on_<name>`` for each. A parser supplies the events and the place (``here``)."""

    def __init__(self, base: Controls, voice: VoiceTraits | None, find: Find) -> None:
        self.base, self.own, self.find = base, voice, find
        self.segments: list[Segment] = []
        self.offset = 0
        self.warned: dict[str, None] = {}
        self.words = self.spans = 0
        self.silence = 0  # ms of breaks since the last text
        self.root: dict[str, str | int] = {}
        self.contours: list[Contour] = []  # those of open elements

    def here(self) -> tuple[int, int]:
        """Line and column of the element at hand, from 1."""
        raise NotImplementedError

    def depth(self) -> int:
        """Elements that are open around the one at hand."""
        raise NotImplementedError

    def speak(self, attributes: dict[str, str]) -> Frame:
        frame = self._voice(attributes.get("voice", "").strip(), Frame("speak", self.base, self.own))
        form = attributes.get("format") or attributes.get("encodeType") or ""
        rate = attributes.get("sampleRate")
        self.root = {
            "voice": attributes.get("voice", ""),
            "format": form.lower(),
            "sample_rate": self._value(values.sample_rate, attributes, "sampleRate") if rate else 0,
        }
        for ignored in ("effect", "effectValue", "bgm", "backgroundMusicVolume"):
            if attributes.get(ignored):
                self.warn(f"speak 的 {ignored} 未启用，已忽略")
        return self._prosody(attributes, frame, values.speak_rate, values.speak_pitch, values.speak_volume)

    def on_emotion(self, attributes: dict[str, str], frame: Frame) -> Frame:
        return self._emotion(attributes, frame, "category", "intensity")

    def on_express_as(self, attributes: dict[str, str], frame: Frame) -> Frame:
        if attributes.get("role"):
            self.warn("express-as 的 role 已忽略")
        return self._emotion(attributes, frame, "style", "styledegree")

    def _emotion(self, attributes: dict[str, str], frame: Frame, name: str, degree: str) -> Frame:
        category = attributes.get(name, "").strip().lower()
        if not category:
            self.invalid(f"{frame.name} 缺少 {name}")
        strength = self._value(values.intensity, attributes, degree) if degree in attributes else 1.0
        emotion = self._felt(elements.EMOTIONS.get(category, category), frame.who)
        return replace(frame, controls=replace(frame.controls, emotion=emotion, intensity=strength))

    def _felt(self, emotion: str, who: VoiceTraits | None) -> str:
        """The voice's own name of ``emotion``. Raises unknown_emotion with the place."""
        try:
            return who.emotion(emotion) if who else emotion
        except SpeechError as error:
            line, column = self.here()
            raise SpeechError(error.code, **error.detail, line=line, column=column) from None

    def on_prosody(self, attributes: dict[str, str], frame: Frame) -> Frame:
        if "contour" in attributes:
            points = self._value(lambda value: values.contour(value, self._f0(frame)), attributes, "contour")
            self.contours.append(Contour(self.depth(), len(self.segments), self.offset, points))
        if "amazon:max-duration" in attributes:
            self.warn("prosody 的 amazon:max-duration 未支持，已忽略")
        if "range" in attributes:
            frame = replace(frame, controls=self._livelier(frame, attributes))
        if "duration" in attributes:
            frame = replace(frame, controls=replace(frame.controls, span=self._span(attributes)))
        return self._prosody(attributes, frame, values.prosody_rate, values.prosody_pitch, values.prosody_volume)

    def _livelier(self, frame: Frame, attributes: dict[str, str]) -> Controls:
        """Ranges multiply; a voice that tells no F0 cannot follow."""
        factor = self._value(partial(values.prosody_range, f0=self._f0(frame)), attributes, "range")
        if frame.who and not frame.who.tells_f0:
            self.warn("当前音色不提供基频，prosody 的 range 已忽略")
            return frame.controls
        low, high = elements.LIVELINESS_RANGE
        held = min(max(frame.controls.range * factor, low), high)
        if held != frame.controls.range * factor:
            self.warn(f"超出范围，已取边界：音高起伏 {low:g} 到 {high:g} 倍")
        return replace(frame.controls, range=held)

    def _span(self, attributes: dict[str, str]) -> tuple[int, int]:
        """A stretch of its own, with the ms it is to last."""
        self.spans += 1
        return self.spans, self._value(values.duration, attributes, "duration")

    def _prosody(self, attributes: dict[str, str], frame: Frame, rate: Read, pitch: Callable[..., float], volume: Read) -> Frame:
        """rate, pitch, volume of speak and prosody differ in how they are written only."""
        relative = partial(pitch, f0=self._f0(frame))
        readers = {"rate": ("rate", rate), "pitch": ("pitch", relative), "volume": ("gain", volume)}
        controls = frame.controls
        for name, (control, read) in readers.items():
            if name in attributes:
                controls = self._scaled(controls, **{control: self._value(read, attributes, name)})
        return replace(frame, controls=controls)

    def _f0(self, frame: Frame) -> float:
        return frame.who.f0 if frame.who else values.USUAL_F0

    def bend(self, contour: Contour) -> None:
        """Lays a contour that has ended over the texts inside it."""
        inside = self.segments[contour.first :]
        self.segments[contour.first :] = [contour.over(one, self.offset) if isinstance(one, Text) else one for one in inside]

    def on_emphasis(self, attributes: dict[str, str], frame: Frame) -> Frame:
        level = attributes.get("level", "moderate").strip()
        if level not in values.EMPHASIS:
            self.invalid(f"emphasis 的 level 应为 {'、'.join(values.EMPHASIS)}")
        rate, pitch, gain = values.EMPHASIS[level]
        return replace(frame, controls=self._scaled(frame.controls, rate, pitch, gain))

    def on_break(self, attributes: dict[str, str], frame: Frame) -> Frame:
        strength = attributes.get("strength", "").strip()
        if "time" in attributes:
            return self._pause(self._value(values.milliseconds, attributes, "time"), frame)
        if strength and strength not in values.STRENGTHS:
            self.invalid(f"break 的 strength 应为 {'、'.join(values.STRENGTHS)}")
        return self._pause(values.STRENGTHS[strength] if strength else 1000, frame)

    def on_silence(self, attributes: dict[str, str], frame: Frame) -> Frame:
        if attributes.get("type", "").lower() not in ("", "leading", "tailing", "leading-exact", "tailing-exact"):
            self.warn("mstts:silence 的 type 按就地静音处理")
        return self._pause(self._value(values.milliseconds, attributes, "value"), frame)

    def _pause(self, ms: int, frame: Frame) -> Frame:
        """Consecutive breaks add up, to ten seconds at most."""
        allowed = min(ms, elements.MAX_BREAK_MS - self.silence)
        if allowed < ms:
            self.warn(f"连续停顿最长 {elements.MAX_BREAK_MS // 1000} 秒，超出部分已忽略")
        self.silence += allowed
        if self.segments and isinstance(self.segments[-1], Break):
            self.segments[-1] = replace(self.segments[-1], ms=self.segments[-1].ms + allowed)
        else:
            self.add(Break(allowed, self.offset))
        return frame

    def on_p(self, _: dict[str, str], frame: Frame) -> Frame:
        self.boundary(frame.name)
        return frame

    on_s = on_p

    def boundary(self, name: str) -> None:
        """Ends a sentence or paragraph where text stands before it; the stronger of two neighbours stays."""
        kind, ms = elements.PAUSES[name]
        last = next((one for one in reversed(self.segments) if not isinstance(one, Mark)), None)
        if isinstance(last, Boundary) and self.segments[-1] is last:
            if ms > last.ms:
                self.segments[-1] = Boundary(kind, ms, last.begin)
        elif isinstance(last, (Text, Break)):
            self.add(Boundary(kind, ms, self.offset))

    def on_w(self, _: dict[str, str], frame: Frame) -> Frame:
        self.words += 1
        return replace(frame, word=self.words)

    on_token = on_w

    def on_voice(self, attributes: dict[str, str], frame: Frame) -> Frame:
        name = attributes.get("name", "").strip()
        if not name:
            self.warn("voice 没有 name，已忽略")
        return self._voice(name, frame)

    def _voice(self, name: str, frame: Frame) -> Frame:
        """Another voice of the deployment, or with a warning the one that speaks already."""
        if not name or name == frame.voice:
            return frame
        if self.own is None:
            return replace(frame, voice=name)
        if name == self.own.name:
            return replace(frame, who=self.own, voice="")
        who = self.find(name)
        if who is None:
            self.warn(f"没有音色“{name[:40]}”，沿用当前音色")
            return frame
        emotion = self._felt(frame.controls.emotion, who)
        return replace(frame, who=who, voice=name, controls=replace(frame.controls, emotion=emotion))

    def on_mark(self, attributes: dict[str, str], frame: Frame) -> Frame:
        key = {"mark": "name", "bookmark": "mark", "vhml": "src"}[frame.name]
        name = attributes.get(key, "").strip()
        if not name:
            self.invalid(f"{frame.name} 缺少 {key}")
        self.add(Mark(name, self.offset))
        return frame

    on_bookmark = on_vhml = on_mark

    def on_audio(self, _: dict[str, str], frame: Frame) -> Frame:
        self.warn(f"<{frame.name}> 未启用，不播放外部音频")
        return frame

    on_soundevent = on_backgroundaudio = on_audio

    # sub, phoneme, say-as: read as a whole

    def check_leaf(self, name: str, attributes: dict[str, str]) -> None:
        required = {"sub": "alias", "phoneme": "ph", "say-as": "interpret-as"}[name]
        if not attributes.get(required, "").strip():
            self.invalid(f"{name} 缺少 {required}")

    def close_leaf(self, leaf: Leaf, frame: Frame) -> None:
        if not leaf.text.strip():
            return
        segment = Text(leaf.text.translate(SPACES), leaf.begin, frame.controls, word=frame.word, voice=frame.voice)
        if frame.leaf == "sub":
            segment = replace(segment, alias=leaf.attributes["alias"].translate(SPACES))
        elif frame.leaf == "phoneme":
            segment = replace(segment, pinyin=self._phoneme(leaf))
        else:
            segment = replace(segment, kind=self._kind(leaf))
        self.add(segment)

    def _phoneme(self, leaf: Leaf) -> tuple[str, ...]:
        alphabet = leaf.attributes.get("alphabet", "py").lower()
        if alphabet not in ("py", "pinyin", "x-amazon-pinyin", "sapi", "x-microsoft-sapi"):
            self.warn(f"phoneme 的 alphabet {alphabet[:40]} 未支持，按原文朗读")
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

    def _kind(self, leaf: Leaf) -> str | None:
        """The type for ``normalize.spoken``; a date's with its order, "date:dmy"."""
        plain = leaf.attributes["interpret-as"].strip().lower().removeprefix("vxml:")
        plain = elements.SAY_AS_ALIASES.get(plain, plain)
        if plain not in elements.SAY_AS:
            self.warn(f"say-as 的 {plain[:40]} 未支持，按普通文本朗读")
            return None
        if plain == "date" and leaf.attributes.get("format", "").strip():
            try:
                return f"date:{values.date_order(leaf.attributes['format'])}"
            except ValueError as error:
                self.warn(f"say-as 的 format 已忽略：{error}")
        return plain

    # helpers

    def add(self, segment: Segment) -> None:
        self.segments.append(segment)
        if isinstance(segment, Text):
            self.silence = 0

    def _scaled(self, controls: Controls, rate: float = 1.0, pitch: float = 0.0, gain: float = 0.0) -> Controls:
        """Rates multiply, semitones and dB add; beyond the ranges they stop, with a warning. Silence is silence."""
        wanted = (controls.rate * rate, controls.pitch + pitch, controls.gain + gain)
        loudness = elements.GAIN_RANGE if gain > values.SILENT else (values.SILENT, elements.GAIN_RANGE[1])
        ranges = (elements.RATE_RANGE, elements.PITCH_RANGE, loudness)
        names = ("语速 {:g} 到 {:g} 倍", "音高 {:g} 到 {:g} 半音", "音量 {:g} 到 {:g} dB")
        held = []
        changed = (rate != 1, pitch != 0, gain != 0)
        for value, (low, high), name, touched in zip(wanted, ranges, names, changed, strict=True):
            held.append(min(max(value, low), high) if touched else value)
            if held[-1] != value:
                self.warn("超出范围，已取边界：" + name.format(low, high))
        return replace(controls, rate=held[0], pitch=held[1], gain=held[2])

    def _value(self, read: Callable[[str], float], attributes: dict[str, str], name: str) -> float:
        try:
            return read(attributes.get(name, ""))
        except ValueError as error:
            self.invalid(f'{name}="{attributes.get(name, "")[:40]}"：{error}')

    def invalid(self, reason: str) -> NoReturn:
        line, column = self.here()
        raise SpeechError("ssml_invalid", line=line, column=column, reason=reason)

    def large(self, reason: str) -> NoReturn:
        line, column = self.here()
        raise SpeechError("ssml_too_large", reason=reason, line=line, column=column)

    def warn(self, message: str) -> None:
        if len(self.warned) < _MAX_WARNINGS:
            self.warned[message] = None
