"""Emotion names. In: what a caller wrote, Chinese or English. Out: a category of the KAN-TTS emotion table.

Which categories a voice really has is written in its manifest; this file only knows the words for them.
"""

from __future__ import annotations

from sambert.errors import SpeechError
from sambert.symbols import EMOTIONS

NEUTRAL = "neutral"

# category: the Chinese name shown to people, then other words accepted for it
NAMES = {
    "neutral": ("普通", "中性", "平静", "自然", "default", "normal"),
    "happy": ("开心", "高兴", "快乐", "喜悦", "cheerful", "joy"),
    "sad": ("悲伤", "难过", "伤心", "depressed"),
    "angry": ("愤怒", "生气"),
    "fear": ("恐惧", "害怕", "fearful"),
    "surprise": ("惊讶", "惊喜", "吃惊", "surprised"),
    "disgust": ("厌恶", "disgusted"),
    "hate": ("憎恨", "讨厌"),
    "calm": ("沉稳", "冷静"),
    "gentle": ("温柔",),
    "relax": ("放松",),
    "lyrical": ("抒情",),
    "serious": ("严肃",),
    "disgruntled": ("不满",),
    "satisfied": ("满意",),
    "disappointed": ("失望",),
    "excited": ("激动", "兴奋"),
    "anxiety": ("焦虑", "anxious"),
    "jealousy": ("嫉妒", "envious", "jealous"),
    "pity": ("同情", "怜悯"),
    "pleasure": ("愉悦",),
    "arousal": ("激昂",),
    "dominance": ("强势",),
}
_CATEGORIES = {word: category for category, words in NAMES.items() for word in (category, *words)}
ROWS = {name: row for row, name in enumerate(EMOTIONS)}


def label(category: str) -> str:
    """The Chinese name of a category, or the category itself."""
    return NAMES.get(category, (category,))[0]


def resolve(name: str, voice: str, available: tuple[str, ...]) -> str:
    """The category that ``name`` means. Raises unknown_emotion, naming those the voice has."""
    category = _CATEGORIES.get(name.strip().lower(), name.strip().lower())
    if category not in available:
        known = "、".join(f"{label(each)}（{each}）" for each in available)
        raise SpeechError("unknown_emotion", voice=voice, emotion=name, available=known)
    return category
