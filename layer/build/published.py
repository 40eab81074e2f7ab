"""What is published about ModelScope's voices. In: a voice's name. Out: the emotions it was trained with.

Source: Alibaba Cloud NLS Help Center, "SSML标记语言介绍" (2025-04). Categories without a row in the KAN-TTS table
(embarrassed, newscast, …) cannot be asked of a checkpoint and are left out.
"""

from __future__ import annotations

from sambert.emotions import NEUTRAL

_COMMON = ("neutral", "happy", "angry", "sad", "fear", "hate", "surprise")
_VOICES = {
    "zhifeng_emo": ("angry", "fear", "happy", "neutral", "sad", "surprise"),
    "zhibing_emo": ("angry", "fear", "happy", "neutral", "sad", "surprise"),
    "zhibei_emo": _COMMON,
    "zhitian_emo": _COMMON,
    "zhizhe_emo": _COMMON,
    "zhiyan_emo": (*_COMMON, "arousal"),
    "zhimiao_emo": ("serious", "sad", "disgust", "jealousy", "happy", "fear", "surprise", "neutral", "gentle", "angry"),
}


def emotions_of(voice: str) -> tuple[str, ...]:
    """Of a voice we know nothing about, only neutral is safe to promise."""
    return _VOICES.get(voice.lower(), (NEUTRAL,))
