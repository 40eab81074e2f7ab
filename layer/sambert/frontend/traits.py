"""What the front end must know of a voice. In: its manifest. Out: ``VoiceTraits``, with emotion names understood."""

from __future__ import annotations

from dataclasses import dataclass

from sambert.errors import SpeechError

CHINESE_EMOTIONS = {
    "普通": "neutral", "中性": "neutral", "平静": "neutral", "开心": "happy", "高兴": "happy", "快乐": "happy", "悲伤": "sad",
    "伤心": "sad", "难过": "sad", "愤怒": "angry", "生气": "angry", "恐惧": "fear", "害怕": "fear", "惊讶": "surprise", "吃惊": "surprise",
    "厌恶": "disgust", "憎恨": "hate", "温柔": "gentle", "冷静": "calm", "放松": "relax", "抒情": "lyrical", "严肃": "serious",
    "不满": "disgruntled", "满意": "satisfied", "失望": "disappointed", "激动": "excited", "兴奋": "excited", "焦虑": "anxiety",
    "嫉妒": "jealousy", "怜悯": "pity", "愉悦": "pleasure", "激昂": "arousal",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VoiceTraits:
    """phones: those the voice was trained on; emotions: its categories; prosody: "full" where it knows #1 to #4 as prosodic
    words and phrases, "words" where it was trained with #1 after every word and #3, #4 at marks only."""

    phones: frozenset[str]
    emotions: tuple[str, ...] = ("neutral",)
    name: str = ""
    language: str = "zh-CN"
    prosody: str = "full"

    def emotion(self, name: str) -> str:
        """The voice's own name of an emotion given in English or Chinese. Raises unknown_emotion."""
        known = CHINESE_EMOTIONS.get(name.strip(), name.strip().lower())
        if known not in self.emotions and known != "neutral":
            raise SpeechError("unknown_emotion", voice=self.name, emotion=name, available="、".join(self.emotions))
        return known
