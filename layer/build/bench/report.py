"""What was measured, as Markdown. In: the dictionary that bench.json holds. Out: text. No figure is made up here: what was
not measured says why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sambert_build.bench.price import CHARACTERS_PER_SECOND, cpu_share, per_million

BACK_ENDS = {
    "onnx": "onnx back end, 1 thread",
    "onnx_2_threads": "onnx back end, 2 threads",
    "torch": "our torch reference, 1 thread",
    "reference": "KAN-TTS (torch; symbols to samples), 1 thread",
}
SPOKEN = (8, 32)  # syllables of the sentences that the headline real-time factor is taken over


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def rtf(rows: list[dict[str, Any]], clock: str = "wall") -> float:
    """Seconds of work for a second of speech, over requests as a whole."""
    return sum(row[clock] for row in rows) / sum(row["seconds"] for row in rows)


def half(rows: list[dict[str, Any]], name: str, clock: str = "wall") -> float:
    """The same for one half of the model, over sentences of 8 to 32 syllables."""
    rows = [row for row in rows if SPOKEN[0] <= row["syllables"] <= SPOKEN[1]]
    return sum(row[name][clock] for row in rows) / sum(row["seconds"] for row in rows)


def growth(rows: list[dict[str, Any]]) -> float:
    """Real-time factor of the longest sentence over that of the shortest, both halves together."""

    def factor(row: dict[str, Any]) -> float:
        return (row["am"]["wall"] + row["vocoder"]["wall"]) / row["seconds"]

    return factor(rows[-1]) / factor(rows[0])


def _why(found: Any) -> str:
    return f"not measured: {found['skipped']}" if isinstance(found, dict) and "skipped" in found else "not measured"


def _speed(voice: dict[str, Any]) -> str:
    rows = []
    for key, title in BACK_ENDS.items():
        if key == "reference" and key not in voice:  # only where a checkout was given
            continue
        found = voice.get(key, {})
        if "sentences" not in found:
            rows.append([title, _why(found), "", "", "", ""])
            continue
        sentences = found["sentences"]
        halves = [f"{half(sentences, name):.3f}" for name in ("am", "vocoder")]
        whole, cpu = rtf(found["requests"]), rtf(found["requests"], "cpu")
        first = f"{found['first_audio']['wall']:.2f} s" if "first_audio" in found else "–"
        rows.append([title, *halves, f"{whole:.3f} ({cpu:.3f})", f"×{growth(sentences):.2f}", first])
    head = ("RTF, 8–32 syllables", "acoustic", "vocoder", "request (CPU time)", "growth 8→60", "first audio of 300 characters")
    return table(head, rows) + _against(voice)


def _against(voice: dict[str, Any]) -> str:
    """KAN-TTS over ours, both in this run, symbols to samples on one thread."""
    ours, theirs = (voice.get(key, {}).get("sentences") for key in ("onnx", "reference"))
    if not ours or not theirs:
        return ""
    halves = {name: half(theirs, name, "cpu") / half(ours, name, "cpu") for name in ("am", "vocoder")}
    whole = sum(half(theirs, name, "cpu") for name in halves) / sum(half(ours, name, "cpu") for name in halves)
    return (
        f"\nKAN-TTS takes ×{whole:.1f} as long in the same run (CPU time): acoustic ×{halves['am']:.1f}, "
        f"vocoder ×{halves['vocoder']:.1f}.\n"
    )


def _arithmetic(voice: dict[str, Any], peak: float) -> str:
    counted, timed = voice.get("gflop", {}), voice.get("onnx", {})
    if "skipped" in counted:
        return f"Arithmetic {_why(counted)}\n"
    if "vocoder" not in counted or "sentences" not in timed:
        return ""
    rows = []
    for name, title in (("am", "acoustic"), ("vocoder", "vocoder")):
        speed = counted[name] / half(timed["sentences"], name, "cpu")
        rows.append([title, f"{counted[name]:.2f}", f"{speed:.0f}", f"{100 * speed / peak:.0f} %"])
    return table(("arithmetic", "GFLOP a second of speech", "GFLOP/s achieved", "of this machine's GEMM peak"), rows)


def _start(voice: dict[str, Any]) -> str:
    found = voice.get("start", {})
    if "total" not in found:
        return f"Cold start {_why(found)}\n"
    keys = ("interpreter", "imports", "voice", "sentence", "total", "cpu")
    head = ("cold start, s", "interpreter", "imports", "voice", "first sentence", "total", "CPU time")
    return table(head, [["files in page cache", *(f"{found[key]:.2f}" for key in keys)]])


def _memory(voice: dict[str, Any]) -> str:
    found, limited, served = (voice.get(key, {}) for key in ("memory", "limited", "listeners"))
    rows = []
    if "short" in found:
        short, long = found["short"]["mb"], found["long"]["mb"]
        minutes = found["long"]["seconds"] / 60
        rows.append(["10 characters", f"{short:.0f}"])
        rows.append([f"long text ({minutes:.0f} min of speech), streamed", f"{long:.0f} (+{long - short:.0f})"])
    else:
        rows.append(["streaming", _why(found)])
    met = f"{limited['mb']:.0f}; RTF {limited['elapsed'] / limited['seconds']:.3f}" if "mb" in limited else _why(limited)
    rows.append(["1,536 MB and 0.87 CPU as hard limits", met])
    rows.append(["HTTP server, one slot", f"{served['memory_mb']:.0f}" if "memory_mb" in served else _why(served)])
    return table(("peak memory", "MB"), rows)


def _listeners(voice: dict[str, Any]) -> str:
    found = voice.get("listeners", {})
    if "alone" not in found:
        return f"Listeners {_why(found)}\n"
    rows = []
    for each in found["crowds"]:
        times = (f"{each[key]:.2f} s" for key in ("mean", "p50", "p99"))
        rows.append([str(each["listeners"]), *times, f"{each['per_minute']:.0f}", str(each["errors"])])
    alone = found["alone"]
    text = table(("listeners, 20 characters", "mean", "p50", "p99", "requests a minute", "errors"), rows)
    again = f"The same sentence again: {1000 * found['repeated']:.1f} ms (×{alone['p50'] / found['repeated']:.0f})."
    return f"{text}\nOne slot, one listener: p50 {alone['p50']:.2f} s, p99 {alone['p99']:.2f} s. {again}\n"


def _front_end(found: dict[str, Any]) -> str:
    """Medians in words, best to worst in brackets; speech at 4.5 characters a second is what ×real time is over."""
    if "speed" not in found:
        return f"Front end {_why(found)}\n"

    def ms(values: list[float]) -> str:
        low, middle, high = (1000 * value for value in (values[0], _median(values), values[-1]))
        return f"{middle:.0f} ms ({low:.0f}–{high:.0f})"

    rows = []
    for name, title in (("prose", "prose"), ("figures", "dense with figures")):
        start, rate = found[name], found["speed"][name]
        times = rate["worst"] / CHARACTERS_PER_SECOND
        rows.append([
            title, ms(start["numpy"]), f"{ms(start['first'])}, ×{_median(start['first']) / _median(start['numpy']):.1f}",
            f"{_median(start['mb']):.0f} MB", f"{rate['worst']:,.0f}–{rate['best']:,.0f} (×{times:,.0f} real time)",
        ])  # fmt: skip
    head = ("front end alone", "numpy's import", "its own, with a first sentence", "memory over numpy", "characters/s of CPU")
    return table(head, rows) + f"\nAfter both texts it is {found['speed']['mb']:.0f} MB over numpy.\n"


def _median(values: list[float]) -> float:
    return values[len(values) // 2]


def tables(found: dict[str, Any]) -> str:
    """All of it."""
    machine = found["machine"]
    parts = [
        "# sambert bench\n",
        f"{machine['cpu']}, {machine['cpus']} CPUs, {machine['system']}, Python {machine['python']}; "
        f"load at the start {machine['load']}; GEMM peak of one thread {machine['gflops']:.0f} GFLOP/s (fp32). Medians.\n",
    ]
    if "front_end" in found:
        parts.append(_front_end(found["front_end"]))
    for name, voice in found["voices"].items():
        parts.append(f"## {name}\n")
        if "skipped" in voice:
            parts.append(f"{_why(voice)}\n")
            continue
        parts += [_speed(voice), _arithmetic(voice, machine["gflops"]), _start(voice), _memory(voice), _listeners(voice)]
        if "dollars_per_million" in voice:
            parts.append(
                f"${voice['dollars_per_million']:.2f} per million characters on Lambda (1,536 MB, arm64, {CHARACTERS_PER_SECOND} "
                f"characters a second, this machine's core taken for Lambda's): ${per_million(1):.2f} × RTF of a whole core, of "
                f"which the function has {cpu_share():.2f}.\n"
            )
    return "\n".join(part for part in parts if part)


def function_table(found: dict[str, Any]) -> str:
    def seconds(value: float | None) -> str:
        return "–" if value is None else f"{value:.2f} s"

    rows = [
        ["calls, errors", f"{found['calls']}, {found['errors']}"],
        ["warm p50, p99 (from here)", f"{seconds(found['p50'])}, {seconds(found['p99'])}"],
        ["cold starts, init", ", ".join(f"{each:.0f} ms" for each in found["cold_starts_ms"]) or "none seen"],
        ["billed, median", f"{found['billed_ms']:.0f} ms"],
        ["memory, highest", f"{found['memory_mb']:.0f} MB"],
        ["the same sentence again", seconds(found["repeated"])],
    ]
    return f"# {found['function']}\n\n" + table(("20 characters", "measured"), rows)
