"""What the front end must know of a voice. In: its manifest. Out: ``VoiceTraits``, with emotion names understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sambert.emotions import resolve


@dataclass(frozen=True, slots=True)
class VoiceTraits:
    """phones: those the voice was trained on; emotions: its categories; prosody: "full" where it knows #1 to #4 as prosodic
    words and phrases, "words" where it was trained with #1 after every word and #3, #4 at marks only; f0: its mean, in Hz;
    lexicon: readings of its own ("单于" → "chan2 yu2"), which those of a request go before."""

    phones: frozenset[str]
    emotions: tuple[str, ...] = ("neutral",)
    name: str = ""
    language: str = "zh-CN"
    prosody: str = "full"
    f0: float = 200.0
    lexicon: Mapping[str, str] = field(default_factory=dict, hash=False)

    def emotion(self, name: str) -> str:
        """The voice's own name of an emotion given in English or Chinese. Raises unknown_emotion."""
        return resolve(name, self.name, self.emotions)
