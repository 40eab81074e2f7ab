"""Chinese text in, speech out. ``load_voice`` opens a voice; ``Request`` says what to speak.

>>> from sambert import Request, load_voice
>>> speech = load_voice("demo").speak(Request(text="今天天气真好。", emotion="happy", intensity=0.8))
"""

from typing import TYPE_CHECKING, Any

from sambert.types import Request, Speech

if TYPE_CHECKING:
    from sambert.voices import load_voice

__all__ = ["Request", "Speech", "load_voice"]


def __getattr__(name: str) -> Any:
    # The front end must import in a blink, without ONNX Runtime.
    if name == "load_voice":
        from sambert.voices import load_voice

        return load_voice
    raise AttributeError(name)
