"""What the front end must know of a voice. In: its manifest. Out: ``VoiceTraits``, with emotion names understood."""

from __future__ import annotations

from dataclasses import dataclass, field

from sambert.emotions import resolve

from .user_lexicon import UserLexicon


@dataclass(frozen=True, slots=True)
class VoiceTraits:
    """phones: those the voice was trained on; emotions: its categories; prosody: "full" where it knows #1 to #4 as prosodic
    words and phrases, "words" where it was trained with #1 after every word and #3, #4 at marks only; f0: its mean, in Hz;
    tells_f0: whether its mel carries F0; lexicon: readings of its own and the deployment's, which a request's go before."""

    phones: frozenset[str]
    emotions: tuple[str, ...] = ("neutral",)
    name: str = ""
    language: str = "zh-CN"
    prosody: str = "full"
    f0: float = 200.0
    tells_f0: bool = True
    lexicon: UserLexicon = field(default_factory=UserLexicon, compare=False)

    def emotion(self, name: str) -> str:
        """The voice's own name of an emotion given in English or Chinese. Raises unknown_emotion."""
        return resolve(name, self.name, self.emotions)
