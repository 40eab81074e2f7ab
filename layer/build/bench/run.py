"""The whole measurement, or that of a deployed function. In: command-line arguments. Out: build/bench.md, build/bench.json."""

from __future__ import annotations

import argparse
import compileall
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sambert.errors import SpeechError
from sambert.voices import voices_folder
from sambert_build.bench import function, listeners, machine, memory, price, report, sound
from sambert_build.bench.process import ROOT, Unmeasured, build_python, worker
from sambert_build.bench.texts import FIGURES, TEN

OUT = ROOT / "build"
FULL = OUT / "bench-voice"
LIMIT_MB, QUOTA_CPUS = 1536, 0.87  # a 1,536 MB Lambda
SHORT, LONG = 10, 10_000  # characters
STARTS = 5


def attempt(work: Callable[[], Any]) -> Any:
    """The result, or {"skipped": why}: one thing that cannot be measured here must not hide all the others."""
    try:
        return work()
    except Unmeasured as reason:
        print(f"  skipped: {reason}", file=sys.stderr)
        return {"skipped": str(reason)}


def full_voice(variant: str) -> Path:
    """The generated full-size voice or its 8-bit variant; made once. Raises Unmeasured where torch is not there to make it."""
    if not (FULL / variant).is_dir():
        worker("full_voice", FULL, python=build_python())
    return FULL / variant


def _start(pack: Path) -> dict[str, float]:
    """Medians over fresh processes; the first, which finds the files on disk and not in memory, is not counted."""
    runs = [worker("start", pack, repr(time.monotonic())) for _ in range(STARTS + 1)][1:]
    return {key: sorted(run[key] for run in runs)[STARTS // 2] for key in runs[0]}


def _limited(pack: Path) -> dict[str, float]:
    with memory.quota(LIMIT_MB, QUOTA_CPUS) as prefix:
        return worker("memory", pack, 1000, prefix=prefix)


def _front_end() -> dict[str, Any]:
    """Like ``_start``. With byte code, as the image has it: without, most of a start is the compiler's."""
    compileall.compile_dir(ROOT / "layer" / "sambert", quiet=1)
    found: dict[str, Any] = {"speed": worker("front_end", "speed")}
    for name, text in {"prose": TEN, "figures": FIGURES[0]}.items():
        runs = [worker("front_end", "start", text) for _ in range(2 * STARTS)][1:]
        found[name] = {key: sorted(run[key] for run in runs) for key in ("numpy", "first", "mb")}
    return found


def measure_voice(pack: Path, arguments: argparse.Namespace, found: dict[str, Any], keep: Callable[[], None]) -> None:
    """Everything about one voice, into found; kept after each step: minutes of figures must not be lost with the next."""
    rounds = ("--rounds", str(arguments.rounds))

    def torch() -> Any:
        return worker("speed", pack, "--backend", "torch", "--rounds", "2", python=build_python())

    def reference() -> Any:
        return worker("reference", pack, "--checkout", arguments.reference.resolve(), python=build_python())

    steps: dict[str, Callable[[], Any]] = {
        "onnx": lambda: worker("speed", pack, *rounds),
        "onnx_2_threads": lambda: worker("speed", pack, *rounds, threads=2),
        "torch": torch,
        **({"reference": reference} if arguments.reference else {}),
        "gflop": lambda: worker("arithmetic", pack),
        "start": lambda: _start(pack),
        "memory": lambda: {"short": worker("memory", pack, SHORT), "long": worker("memory", pack, arguments.long)},
        "limited": lambda: _limited(pack),
        "listeners": lambda: listeners.measure(pack, arguments.port, arguments.seconds),
    }
    for name, step in steps.items():
        if name not in arguments.skip:
            print(f"  {name}", file=sys.stderr, flush=True)
            found[name] = attempt(step)
            if name == "onnx" and "sentences" in found[name]:
                found["dollars_per_million"] = price.per_million(report.rtf(found["onnx"]["requests"]))
            keep()


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    packs: dict[str, Callable[[], Path]] = {
        "demo": lambda: voices_folder() / "demo",
        "full": lambda: full_voice("full"),
        "full-int8": lambda: full_voice("full-int8"),
    }
    chosen = {name: packs.get(name, lambda name=name: Path(name)) for name in arguments.voice}
    found: dict[str, Any] = {"machine": {**machine.describe(), **worker("machine")}, "voices": {}}

    def keep() -> None:
        save(found, report.tables(found), arguments.out)

    if "front_end" not in arguments.skip:
        print("front end", file=sys.stderr, flush=True)
        found["front_end"] = attempt(_front_end)
        keep()
    for name, find in chosen.items():
        print(name, file=sys.stderr, flush=True)
        pack = attempt(find)
        voice = found["voices"][Path(name).name] = pack if isinstance(pack, dict) else {}
        keep()
        if isinstance(pack, Path):
            measure_voice(pack, arguments, voice, keep)
    return found


def save(found: dict[str, Any], text: str, folder: Path, name: str = "bench") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / f"{name}.md").write_text(text, encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sambert bench", description="Speed, cold start, memory and price on this machine")
    parser.add_argument("--voice", action="append", help="demo, full (generated), full-int8 or a pack; repeatable")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds a sentence")
    parser.add_argument("--seconds", type=float, default=15, help="how long each crowd of listeners asks")
    parser.add_argument("--long", type=int, default=LONG, help="characters of the long text that memory is measured on")
    parser.add_argument("--port", type=int, default=17400, help="the local server's first port; it takes ten")
    parser.add_argument("--skip", action="append", default=[], help="leave a step out; repeatable")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of bench.md and bench.json")
    parser.add_argument("--reference", type=Path, metavar="CHECKOUT", help="time KAN-TTS's own code with the same weights, too")
    parser.add_argument("--sound", type=Path, nargs=2, metavar=("PACK", "VARIANT"), help="compare how two packs sound instead")
    parser.add_argument("--function", help="measure this deployed Lambda instead (needs AWS credentials)")
    parser.add_argument("--region", help="the function's region")
    parser.add_argument("--calls", type=int, default=30, help="requests to the deployed function")
    return parser


def main(argv: Sequence[str]) -> int:
    arguments = _parser().parse_args(argv)
    arguments.voice = arguments.voice or ["demo", "full", "full-int8"]
    if arguments.sound:
        try:
            found = sound.measure(*arguments.sound)
        except ModuleNotFoundError as error:  # the ears live in the evaluation environment
            raise SpeechError("build_tools_missing", module=error.name) from error
        text = sound.report(found)
        save(found, text, arguments.out, "sound")
    elif arguments.function:
        import boto3

        client = boto3.client("lambda", region_name=arguments.region)
        found = function.measure(client, arguments.function, arguments.calls)
        text = report.function_table(found)
        save(found, text, arguments.out)
    else:
        found = measure(arguments)
        text = report.tables(found)
    print(text)
    return 0
