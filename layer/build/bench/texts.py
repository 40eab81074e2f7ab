"""What is spoken. In: nothing. Out: sentences by their number of syllables, and texts of any length."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from time import time

from sambert.synthesizer import Synthesizer
from sambert.types import Request

SENTENCES = {
    8: "今天天气真的很好。",
    12: "我们一起去公园散步看花吧。",
    16: "老师说明天的比赛改到下午三点开始。",
    20: "火车穿过长长的隧道，窗外忽然变得明亮起来了。",
    24: "每到秋天来的时候，院子里的银杏树就会落下一地的金黄。",
    32: "他把信折好放进口袋，沿着河边慢慢走回家，一路上谁也没有再多说过一句话。",
}
TEN = "今天的晚霞真是美极了。"  # the cold start's first sentence


def joined(*syllables: int) -> str:
    """Several of the sentences as one."""
    return "，".join(SENTENCES[count].rstrip("。") for count in syllables) + "。"


LONG = {44: joined(24, 20), 60: joined(32, 20, 8)}


def text_of(characters: int) -> str:
    """A text of about so many characters, in sentences."""
    cycle = "".join(SENTENCES.values())
    return TEN if characters <= 10 else (cycle * (characters // len(cycle) + 1))[:characters]


def different(start: int | None = None) -> Iterator[str]:
    """Sentences of 20 syllables, no two alike, so that no cache knows them.

    start: where to begin counting; by default the time of day decides, because a bucket remembers earlier runs.
    """
    digits = "一二三四五六七八九"
    every = len(digits) ** 5
    for number in count(int(time()) * 997 if start is None else start):
        a, b, c, d, e = (digits[number % every // len(digits) ** place % len(digits)] for place in range(5))
        yield f"请把第{a}万{b}千{c}百{d}十{e}封信都送到河边去。"


def symbols_of(text: str, voice: Synthesizer) -> str:
    """The text as one string of KAN-TTS symbols, which the two halves of the model can be timed on apart."""
    from sambert.frontend import utterances

    symbols = [symbol for part in utterances(Request(text=text), voice.traits) for symbol in part.symbols]
    tail = f"emotion_neutral${voice.manifest.speakers[0]}"
    return " ".join(f"{{{each.phone}${each.tone}${each.syllable}${each.word}${tail}}}" for each in symbols)
