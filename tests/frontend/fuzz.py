"""The whole front end, text or SSML → symbols, over many short random strings and mutated SSML documents; run by hand.

In: how many. Out: progress on the terminal and in a file (it goes on from there when started again); exit status 1 on a crash,
a hang or broken times.    python tests/frontend/fuzz.py 1000000 --progress /tmp/fuzz.json
"""

from __future__ import annotations

import argparse
import json
import random
import re
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from sambert import Request
from sambert.errors import SpeechError
from sambert.frontend import VoiceTraits, utterances

HANG = 20  # seconds for one short string
STEP = 10_000  # strings between two lines of progress
DOCUMENTS = [path.read_text("utf-8") for path in sorted((Path(__file__).parent / "ssml").glob("*/*.xml"))]
COMMON = "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能"
NUMERIC = "0123456789.,:/-~%+*°×=¥$€£°ⅧⅣ½①②千百万亿零两年月日时分秒kmgHzMB()"
PLANES = ((0x20, 0x7E), (0x80, 0x24F), (0x300, 0x52F), (0x2000, 0x2BFF), (0x3000, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFFFF),
          (0x1F000, 0x1FAFF), (0x20000, 0x323AF), (0, 0x10FFFF), (0xD800, 0xDFFF))  # fmt: skip
_VALUE = re.compile(r'(?<!xmlns)="([^"]*)"')
VALUES = ("", "0", "-1", "1e9", "9" * 30, "500ms", "10s", "+20%", "-3st", "50Hz", "x-high", "happy", "好", "ni3 hao3", "ymd",
          "digits", "none")  # fmt: skip
ELEMENTS = ("<break/>", '<break time="0ms"/>', "<p/>", "<s>二</s>", "<w>十二</w>", '<emphasis level="none">别</emphasis>',
            '<audio src="a">听<s>不到</s></audio>', '<audio src="ab">叮</audio>', '<mstts:silence type="Tailing" value="1s"/>',
            '<prosody amazon:max-duration="1s">快</prosody>', '<sub alias="甲乙">A<!-- -->B</sub>',
            '<mark name="m"/>', '<prosody rate="50%">慢<s>点</s></prosody>')  # fmt: skip
GRAINS = ["", "<", ">", '"', "&", "/", "]]>", "\0", "9", "好", "\ud800", "<s>", "-", "500ms", "%", "<break/>", "<w>", "</w>",
          "，。", "<emphasis>", "</emphasis>", '<voice name="x">', "12.5%", "&#x3000;", "<p/>"]  # fmt: skip
ENGLISH = frozenset(["aa", "ae", "ah", "ao", "b", "iy", "k", "s", "t"])  # enough to be taken for a voice with English
VOICES = tuple(
    VoiceTraits(phones, ("neutral", "happy", "sad"), "demo", prosody=prosody)
    for phones in (frozenset(), ENGLISH)
    for prosody in ("full", "words")
)


def string(randomly: random.Random) -> str:
    """Characters of several kinds mixed, 1 to 24 of them."""
    kinds = [randomly.choice((*PLANES, None, None, None)) for _ in range(randomly.randint(1, 3))]
    text = []
    for _ in range(randomly.randint(1, 24)):
        kind = randomly.choice(kinds)
        usual = randomly.choice((COMMON, NUMERIC, "，。！？、；：“”《》 "))
        text.append(chr(randomly.randint(*kind)) if kind else randomly.choice(usual))
    return "".join(text)


def document(randomly: random.Random) -> str:
    """A fixture mutated: a third in any character (seldom XML then), the others in attribute values, text and elements."""
    whole = randomly.choice(DOCUMENTS)
    for _ in range(randomly.randint(1, 4)):
        if not randomly.randrange(3):
            at = randomly.randrange(len(whole))
            whole = whole[:at] + randomly.choice((*GRAINS, whole[at] * 3)) + whole[at + 1 :]
        found = randomly.choice(list(_VALUE.finditer(whole)) or [None])
        if found and randomly.randrange(2):
            whole = whole[: found.start(1)] + randomly.choice(VALUES) + whole[found.end(1) :]
        at = whole.find(">", randomly.randrange(len(whole))) + 1
        inserted = randomly.choice((*ELEMENTS, string(randomly).replace("&", "&amp;").replace("<", "&lt;")))
        whole = whole[:at] + inserted + whole[at:]
    return whole


def request(number: int) -> Request:
    """The same for the same number. Two thirds plain strings, one third documents."""
    randomly = random.Random(number)
    return Request(ssml=document(randomly)) if number % 3 == 2 else Request(text=string(randomly))


def hear(src: str) -> int:
    """Every other sound is to be had, for 700 ms."""
    if len(src) % 2:
        return 700
    raise SpeechError("sound_forbidden", source=src)


def check(asked: Request, voice: VoiceTraits) -> str:
    """Reads it all. Returns what came of it: "spoken" or an error's code. Raises AssertionError where spans are no spans."""
    try:
        for piece in utterances(asked, voice, hear=hear):
            size = len(piece.symbols)
            edges = [edge for pause in piece.pauses for edge in (pause.first, pause.last)]
            assert edges == sorted(edges) and all(0 <= edge <= size for edge in edges), piece.pauses
            silences = [(piece.silence_ms, piece.sounds), *((pause.ms, pause.sounds) for pause in piece.pauses)]
            assert all(0 <= ms - 700 * len(sounds) <= 10_000 for ms, sounds in silences), piece
            for span in piece.spans:
                assert 0 <= span.first <= span.last <= size and 0 <= span.begin <= span.end, span
                assert span.kind == "mark" or (span.first < span.last and len(span.text) == span.end - span.begin > 0), span
    except SpeechError as error:
        return error.code
    return "spoken"


def resident() -> float:
    """MB of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def _hung(*_: object) -> None:
    raise TimeoutError


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--progress", type=Path)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    state = {"next": given.first, "seconds": 0.0, "rss_mb": [], "outcomes": {}, "failures": []}
    if given.progress and given.progress.exists():
        state = json.loads(given.progress.read_text())
    outcomes = Counter(state["outcomes"])
    signal.signal(signal.SIGALRM, _hung)
    started = time.perf_counter()
    for number in range(state["next"], given.first + given.count):
        signal.alarm(HANG)
        try:
            outcomes[check(request(number), VOICES[number % len(VOICES)])] += 1
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            state["failures"].append([number, repr(error)[:300]])
            outcomes["FAILED"] += 1
        finally:
            signal.alarm(0)
        if (number + 1) % STEP == 0 or number + 1 == given.first + given.count:
            now = time.perf_counter()
            state |= {"next": number + 1, "seconds": round(state["seconds"] + now - started, 1), "outcomes": dict(outcomes)}
            state["rss_mb"].append(round(resident(), 1))
            started = now
            print(number + 1, f"{state['seconds']:.0f} s", f"{state['rss_mb'][-1]} MB", dict(outcomes), flush=True)
            if given.progress:
                given.progress.write_text(json.dumps(state, indent=1))
    print("RSS first, last:", state["rss_mb"][0], state["rss_mb"][-1], "failures:", state["failures"][:20])
    return bool(state["failures"])


if __name__ == "__main__":
    sys.exit(main())
