"""How the text inside an element is spoken: emotion, prosody, emphasis. In: attributes. Out: the controls that hold inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from sambert.errors import SpeechError
from sambert.types import Controls, Stretch

from ..traits import VoiceTraits
from . import elements, values
from .base import Base
from .contours import Contour
from .document import Text
from .frames import Frame

Read = Callable[[str], float]


class Speaking(Base):
    """``on_<name>`` for each element that changes how its text is spoken."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.spans = 0
        self.contours: list[Contour] = []  # those of open elements

    def on_emotion(self, attributes: dict[str, str], frame: Frame) -> Frame:
        return self._emotion(attributes, frame, "category", "intensity")

    def on_express_as(self, attributes: dict[str, str], frame: Frame) -> Frame:
        """Azure's; without a style (a role alone) it changes nothing, as there."""
        if not attributes.get("style", "").strip():
            self.warn("express-as 没有 style，已忽略")
            return frame
        return self._emotion(attributes, frame, "style", "styledegree")

    def _emotion(self, attributes: dict[str, str], frame: Frame, name: str, degree: str) -> Frame:
        category = attributes.get(name, "").strip().lower()
        if not category:
            self.invalid(f"{frame.name} 缺少 {name}")
        strength = self.value(values.intensity, attributes, degree) if degree in attributes else 1.0
        emotion = self.felt(elements.EMOTIONS.get(category, category), frame.who)
        return replace(frame, controls=replace(frame.controls, emotion=emotion, intensity=strength))

    def felt(self, emotion: str, who: VoiceTraits | None) -> str:
        """The voice's own name of ``emotion``. Raises unknown_emotion with the place."""
        try:
            return who.emotion(emotion) if who else emotion
        except SpeechError as error:
            line, column = self.here()
            raise SpeechError(error.code, **error.detail, line=line, column=column) from None

    def on_prosody(self, attributes: dict[str, str], frame: Frame) -> Frame:
        if "contour" in attributes:
            points = self.value(lambda value: values.contour(value, self._f0(frame)), attributes, "contour")
            self.contours.append(Contour(self.depth(), len(self.segments), self.offset, points))
        if "range" in attributes:
            frame = replace(frame, controls=self._livelier(frame, attributes))
        if "duration" in attributes:
            frame = replace(frame, controls=replace(frame.controls, span=self._span(frame.controls, attributes, "duration")))
        elif "amazon:max-duration" in attributes:
            frame = replace(frame, controls=self._limited(frame.controls, attributes))
        return self.prosody(attributes, frame, values.prosody_rate, values.prosody_pitch, values.prosody_volume)

    def _livelier(self, frame: Frame, attributes: dict[str, str]) -> Controls:
        """Ranges multiply; a voice that tells no F0 cannot follow."""
        factor = self.value(partial(values.prosody_range, f0=self._f0(frame)), attributes, "range")
        if frame.who and not frame.who.tells_f0:
            self.warn("当前音色不提供基频，prosody 的 range 已忽略")
            return frame.controls
        low, high = elements.LIVELINESS_RANGE
        held = min(max(frame.controls.range * factor, low), high)
        if held != frame.controls.range * factor:
            self.warn(f"超出范围，已取边界：音高起伏 {low:g} 到 {high:g} 倍")
        return replace(frame.controls, range=held)

    def on_audioduration(self, attributes: dict[str, str], frame: Frame) -> Frame:
        """Azure's: an empty element, for what follows in the one around it."""
        around = self.frames[-1]
        span = self._span(around.controls, attributes, "value")
        self.frames[-1] = replace(around, controls=replace(around.controls, span=span))
        return frame

    def _limited(self, controls: Controls, attributes: dict[str, str]) -> Controls:
        """A stretch that may be shorter than its time; one inside another cannot keep both, and Polly drops the inner one too."""
        if controls.span:
            self.warn("已限定时长的文字里，内层的 amazon:max-duration 已忽略")
            return controls
        return replace(controls, span=self._span(controls, attributes, "amazon:max-duration"))

    def _span(self, controls: Controls, attributes: dict[str, str], name: str) -> Stretch:
        """A stretch of its own, with the ms it is to last."""
        self.spans += 1
        return Stretch(self.spans, self.value(values.duration, attributes, name), name == "amazon:max-duration", controls.span)

    def prosody(self, attributes: dict[str, str], frame: Frame, rate: Read, pitch: Callable[..., float], volume: Read) -> Frame:
        """rate, pitch, volume of speak and prosody differ in how they are written only."""
        relative = partial(pitch, f0=self._f0(frame))
        readers = {"rate": ("rate", rate), "pitch": ("pitch", relative), "volume": ("gain", volume)}
        controls = frame.controls
        for name, (control, read) in readers.items():
            if name in attributes:
                controls = self._scaled(controls, **{control: self.value(read, attributes, name)})
        return replace(frame, controls=controls)

    def _f0(self, frame: Frame) -> float:
        return frame.who.f0 if frame.who else values.USUAL_F0

    def bend(self, contour: Contour) -> None:
        """Lays a contour that has ended over the texts inside it."""
        inside = self.segments[contour.first :]
        self.segments[contour.first :] = [contour.over(one, self.offset) if isinstance(one, Text) else one for one in inside]

    def on_emphasis(self, attributes: dict[str, str], frame: Frame) -> Frame:
        level = attributes.get("level", "").strip().lower() or "moderate"
        if level not in values.EMPHASIS:
            self.invalid(f"emphasis 的 level 应为 {'、'.join(values.EMPHASIS)}")
        rate, pitch, gain = values.EMPHASIS[level]
        return replace(frame, controls=self._scaled(frame.controls, rate, pitch, gain))

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
