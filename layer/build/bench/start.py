"""A cold start, step by step. In: a pack and when the process was started. Out, as JSON: seconds of each step.

Runs in a fresh process; CLOCK_MONOTONIC is the same for all processes of a machine, so the interpreter's own start counts.
"""

import sys
import time

BEGUN = time.monotonic()


def main() -> None:
    from json import dumps

    import sambert.acoustic.onnx
    import sambert.frontend.reader
    import sambert.vocoder.onnx  # noqa: F401  (what load_voice would import, so that it is counted as imports)
    from sambert import Request, load_voice
    from sambert_build.bench.texts import TEN

    imported = time.monotonic()
    voice = load_voice(sys.argv[1])
    loaded = time.monotonic()
    next(iter(voice.stream(Request(text=TEN))))
    spoken = time.monotonic()
    started = float(sys.argv[2])
    marks = {"interpreter": BEGUN - started, "imports": imported - BEGUN, "voice": loaded - imported, "sentence": spoken - loaded}
    print(dumps({**marks, "total": spoken - started, "cpu": time.process_time()}))


if __name__ == "__main__":
    main()
