"""What stands between the speech or under it: breaks, paragraphs, sounds. In: attributes. Out: ``Break``s and ``Boundary``s."""

from __future__ import annotations

from dataclasses import replace

from sambert.errors import SpeechError
from sambert.types import Background, Silence, Sound

from . import elements, gaps, values
from .base import Base
from .document import Boundary, Break, Mark, Segment, Text
from .frames import Frame


class Silences(Base):
    """``on_<name>`` for each element that is heard between the words."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.tails: list[tuple[int, int]] = []  # (depth of the element that ends with it, ms)
        self.due: int | None = None  # ms of the silence at the mark or sentence end just met, if the same voice goes on
        self.entered = 0  # segments before the voice at hand

    def add(self, segment: Segment) -> None:
        """Also the silences that Azure's documents want at each mark of some kind."""
        wanted = dict(self.frames[-1].gaps) if self.frames else {}
        if isinstance(segment, Break):
            self.due = None
        elif isinstance(segment, Boundary):
            self.due = wanted.get(gaps.SENTENCE, self.due)
        elif isinstance(segment, Text) and (wanted or self.due is not None):
            for part in self._parts(segment, frozenset(wanted)):
                if self.due is not None and wanted:
                    self._pause(self.due, part.begin)
                super().add(part)
                self.due = wanted.get(gaps.after(part.text, frozenset(wanted)))
            return
        super().add(segment)

    def _parts(self, text: Text, kinds: frozenset[str]) -> list[Text]:
        """Cut where silences go; what is read as a whole stays whole."""
        if text.kind or text.pinyin or text.word or text.alias is not None:
            return [text]
        return [replace(text, text=text.text[a:b], begin=text.begin + a) for a, b in gaps.parts(text.text, kinds)]

    def on_break(self, attributes: dict[str, str], frame: Frame) -> Frame:
        strength = attributes.get("strength", "").strip().lower()
        if "time" in attributes:
            self._pause(self.value(values.milliseconds, attributes, "time"))
        elif strength and strength not in values.STRENGTHS:
            self.invalid(f"break 的 strength 应为 {'、'.join(values.STRENGTHS)}")
        else:
            self._pause(values.STRENGTHS[strength] if strength else 1000)
        return frame

    def on_silence(self, attributes: dict[str, str], frame: Frame) -> Frame:
        """Azure's: before or behind all that the voice says, or at each mark of a kind in what follows."""
        kind = attributes.get("type", "").strip().lower().removesuffix("-exact")
        ms = self.value(values.milliseconds, attributes, "value")
        if kind == "tailing":
            self.tails.append((self.depth() - 1, ms))
            return frame
        if kind in gaps.KINDS:
            self._gap(kind, ms)
            return frame
        if kind not in ("", "leading"):
            self.warn(f"mstts:silence 的 type {kind[:40]} 未支持，按就地静音处理")
        self._pause(ms)
        return frame

    def _gap(self, kind: str, ms: int) -> None:
        """From here on in the element around it, and where the text just before ends with such a mark."""
        if ms > elements.MAX_BREAK_MS:
            self._beyond()
        held = min(ms, elements.MAX_BREAK_MS)
        around = self.frames[-1]
        self.frames[-1] = replace(around, gaps=(*(one for one in around.gaps if one[0] != kind), (kind, held)))
        last = self.segments[-1] if len(self.segments) > self.entered else None
        if isinstance(last, Text) and gaps.after(last.text, frozenset([kind])):
            self.due = held

    def tail(self, depth: int) -> None:
        """The silence that an element, which ends now, ends with."""
        while self.tails and self.tails[-1][0] >= depth:
            self._pause(self.tails.pop()[1])

    def _pause(self, ms: int, begin: int | None = None) -> None:
        """Consecutive breaks add up, to ten seconds at most."""
        allowed = min(ms, elements.MAX_BREAK_MS - self.silence)
        if allowed < ms:
            self._beyond()
        self.silence += allowed
        self._still(Silence(allowed), begin)

    def _beyond(self) -> None:
        self.warn(f"连续停顿最长 {elements.MAX_BREAK_MS // 1000} 秒，超出部分已忽略")

    def _still(self, silence: Silence, begin: int | None = None) -> None:
        """Silences with nothing between them are one. begin: its place, if not the one at hand."""
        last = self.segments[-1] if self.segments else None
        if isinstance(last, Break):
            self.segments[-1] = replace(last, silence=last.silence + silence)
        else:
            self.add(Break(silence, self.offset if begin is None else begin))

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

    def on_audio(self, attributes: dict[str, str], frame: Frame) -> Frame:
        """The sound, or where it is not to be had the text inside."""
        src = attributes.get("src", "").strip()
        ms = self._heard(src, frame.name)
        if ms is None:
            return frame
        self._still(Silence(ms, (Sound(src),)))
        return replace(frame, silent=True)

    on_soundevent = on_audio

    def on_backgroundaudio(self, attributes: dict[str, str], frame: Frame) -> Frame:
        volume = self.value(values.factor, attributes, "volume") if "volume" in attributes else 1.0
        fades = [self.value(values.fade, attributes, name) if name in attributes else 0 for name in ("fadein", "fadeout")]
        self.under(Background(attributes.get("src", "").strip(), volume, *fades), frame.name)
        return frame

    def under(self, background: Background, name: str) -> None:
        """One for the whole document."""
        if self.background:
            self.warn("一份文档只有一个背景音，其余已忽略")
        elif self._heard(background.src, name):
            self.background = background

    def _heard(self, src: str, name: str) -> int | None:
        """The sound's ms, or None with a warning."""
        if not src:
            self.warn(f"<{name}> 没有 src，已忽略")
            return None
        try:
            if self.hear is None:
                raise SpeechError("sound_off", source=f"<{name}>")
            return self.hear(src)
        except SpeechError as error:
            self.warn(str(error))
            return None
