"""How fast a voice speaks. In: a pack, a back end, rounds. Out, as JSON: seconds of each sentence and of each half of the model.

Wall and CPU time side by side: on one thread they are equal unless the machine is busy with something else.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from sambert import Request, load_voice
from sambert.synthesizer import Synthesizer
from sambert_build.bench.texts import LONG, SENTENCES, symbols_of, text_of

STREAMED = 300  # characters


def timed(work: Callable[[], Any], rounds: int) -> dict[str, float]:
    """Medians, after one call that is not counted."""
    work()
    wall, cpu = [], []
    for _ in range(rounds):
        before = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - before[0])
        cpu.append(time.process_time() - before[1])
    return {"wall": median(wall), "cpu": median(cpu)}


def _sentence(voice: Synthesizer, syllables: int, text: str, rounds: int) -> dict[str, Any]:
    symbols = symbols_of(text, voice)
    mel = voice.mel(symbols)
    return {
        "syllables": syllables,
        "seconds": len(voice.wave(mel)) / voice.manifest.sample_rate,
        "am": timed(lambda: voice.mel(symbols), rounds),
        "vocoder": timed(lambda: voice.wave(mel), rounds),
    }


def _request(voice: Synthesizer, syllables: int, text: str, rounds: int) -> dict[str, Any]:
    """Text to samples through the door, front end and all."""
    request = Request(text=text)
    seconds = len(voice.speak(request).samples) / voice.manifest.sample_rate
    return {"syllables": syllables, "seconds": seconds, **timed(lambda: voice.speak(request), rounds)}


def measure(voice: Synthesizer, rounds: int) -> dict[str, Any]:
    every = {**SENTENCES, **LONG}
    stream = Request(text=text_of(STREAMED))
    return {
        "sentences": [_sentence(voice, count, text, rounds) for count, text in every.items()],
        "requests": [_request(voice, count, text, rounds) for count, text in SENTENCES.items()],
        "first_audio": timed(lambda: next(iter(voice.stream(stream))), rounds),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("voice")
    parser.add_argument("--backend", choices=("onnx", "torch"), default="onnx")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print(json.dumps(measure(load_voice(arguments.voice, arguments.backend), arguments.rounds)))


if __name__ == "__main__":
    main()
