"""What each SSML element does. In: its attributes and what holds around it. Out: what holds inside; segments as they come.

The root, voices, words and marks are here; what else there is, by concern: ``speaking``, ``silences``, ``leaves``.
"""

from __future__ import annotations

from dataclasses import replace

from sambert.types import Background

from . import elements, values
from .document import Mark
from .frames import Frame
from .leaves import Leaves
from .silences import Silences
from .speaking import Speaking

_FREE = ("xml", "xsi:")  # how attributes begin that any element may have: xml:lang, xml:id, xmlns:mstts, xsi:schemaLocation


class Handlers(Speaking, Silences, Leaves):
    """The elements' meaning; ``on_<name>`` for each."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)
        self.words = 0

    def check_attributes(self, name: str, tag: str, attributes: dict[str, str]) -> None:
        """Names those that nothing heeds: a slip of the pen must not pass in silence."""
        known = elements.ATTRIBUTES.get(name)
        if known is not None:
            for attribute in attributes:
                if attribute not in known and not attribute.startswith(_FREE):
                    self.warn(f"{tag[:40]} 的 {attribute[:40]} 未支持，已忽略")

    def speak(self, attributes: dict[str, str]) -> Frame:
        frame = self._voice(attributes.get("voice", "").strip(), Frame("speak", self.base, self.own))
        form = attributes.get("format") or attributes.get("encodeType") or ""
        self.root = {
            "voice": attributes.get("voice", ""),
            "format": form.strip().lower(),
            "sample_rate": self.value(values.sample_rate, attributes, "sampleRate") if attributes.get("sampleRate") else 0,
        }
        for name in ("rate", "pitch"):
            if attributes.get(name, "").strip() == "2":  # on a scale of 500 nobody would ask for so little
                self.warn(f'speak 的 {name}="2" 按 -500 到 500 解读；两倍应写 2.0')
        if attributes.get("bgm"):
            named = {"backgroundMusicVolume": "50", **attributes}
            self.under(
                Background(named["bgm"].strip(), self.value(values.percentage, named, "backgroundMusicVolume")), "speak bgm"
            )
        return self.prosody(attributes, frame, values.speak_rate, values.speak_pitch, values.speak_volume)

    def on_w(self, _: dict[str, str], frame: Frame) -> Frame:
        self.words += 1
        return replace(frame, word=self.words)

    on_token = on_w

    def on_voice(self, attributes: dict[str, str], frame: Frame) -> Frame:
        name = attributes.get("name", "").strip()
        self.due, self.entered = None, len(self.segments)  # between what two voices say is no silence of either
        if not name:
            self.warn("voice 没有 name，已忽略")
        return self._voice(self._preferred(name), frame)

    def _preferred(self, names: str) -> str:
        """W3C's list of names with spaces between them: the first that is to be had, else all of it."""
        if self.own is None or self.own.name == names or self.find(names):
            return names
        return next((name for name in names.split() if name == self.own.name or self.find(name)), names)

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
        emotion = self.felt(frame.controls.emotion, who)
        return replace(frame, who=who, voice=name, controls=replace(frame.controls, emotion=emotion))

    def on_lang(self, attributes: dict[str, str], frame: Frame) -> Frame:
        language = values.plain(attributes.get("xml:lang", ""))
        if language not in ("", "zh") and not language.startswith(elements.LANGUAGES):
            self.warn(f"lang 的 {language[:40]} 未支持，其中的文字按普通话朗读")
        return frame

    def on_lexicon(self, _: dict[str, str], frame: Frame) -> Frame:
        self.warn("lexicon 不读取，其中的读音不生效")
        return replace(frame, silent=True)

    def on_mark(self, attributes: dict[str, str], frame: Frame) -> Frame:
        key = {"mark": "name", "bookmark": "mark", "vhml": "src"}[frame.name]
        name = attributes.get(key, "").strip()
        if not name:
            self.invalid(f"{frame.name} 缺少 {key}")
        self.add(Mark(name, self.offset))
        return frame

    on_bookmark = on_vhml = on_mark
