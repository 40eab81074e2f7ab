"""What each command does. In: parsed arguments. Out: an exit status (None = 0)."""

from __future__ import annotations

import importlib
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from sambert.errors import SpeechError
from sambert.pack import Manifest
from sambert.sounds import Library
from sambert.types import Request


def _emotion(argument: str) -> tuple[str, float]:
    """"happy:0.8" → ("happy", 0.8). Raises bad_request."""
    name, _, strength = argument.replace("：", ":").partition(":")
    try:
        return name, float(strength) if strength else 1.0
    except ValueError:
        raise SpeechError("bad_request", reason=f"情感强度不是数字：{argument}") from None


def _request(arguments: Namespace) -> Request:
    text = sys.stdin.read() if arguments.text == "-" else arguments.text
    emotion, intensity = _emotion(arguments.emotion)
    said = {"ssml": text} if arguments.ssml else {"text": text}
    return Request(
        **said, emotion=emotion, intensity=intensity, rate=arguments.rate, pitch=arguments.pitch, volume=arguments.volume
    )


def _sounds(arguments: Namespace) -> Library:
    """Where the document's sounds may come from. Raises bad_request."""
    try:
        return Library([one.strip() for one in arguments.audio_sources.split(",") if one.strip()])
    except ValueError as error:
        raise SpeechError("bad_request", reason=f"--audio-sources：{error}") from None


def say(arguments: Namespace, rest: list[str]) -> None:
    from sambert import marks
    from sambert.audio import Encoder
    from sambert.frontend import ssml
    from sambert.voices import Shelf, load_voice

    output, request = Path(arguments.output), _request(arguments)
    rate = arguments.sample_rate or (ssml.parse(request.ssml).sample_rate if request.ssml else None)
    voice = load_voice(arguments.voice, speaker=arguments.speaker)
    voice.others, voice.sounds = Shelf(), _sounds(arguments)
    encoder = Encoder(voice.manifest.sample_rate, output.suffix.lstrip(".").lower() or "wav", rate)
    times, warnings = [], []
    for part in voice.stream(request):
        encoder.write(part.samples)
        times += part.marks
        warnings += part.warnings
    content = encoder.finish()
    output.write_bytes(content)  # only now: an error above must not leave half a file
    if arguments.subtitles:
        subtitles = Path(arguments.subtitles)
        writers = {".srt": marks.to_srt, ".vtt": marks.to_vtt, ".json": marks.to_json}
        if subtitles.suffix not in writers:
            raise SpeechError("unknown_format", format=subtitles.suffix, available="、".join(writers))
        subtitles.write_text(writers[subtitles.suffix](times), encoding="utf-8")
    for warning in dict.fromkeys(warnings):
        print(f"提示：{warning}", file=sys.stderr)
    print(f"{output}  {encoder.duration_ms / 1000:.2f} 秒  {encoder.sample_rate} Hz")


def voices(arguments: Namespace, rest: list[str]) -> None:
    from sambert.emotions import label
    from sambert.voices import list_voices, voices_folder

    found = list_voices()
    if not found:
        print(f"{voices_folder()} 里还没有音色包；用 sambert build-voice 做一个")
    for name, manifest in found.items():
        emotions = "、".join(label(each) for each in manifest.emotions)
        print(f"{name}\t{manifest.title}\t{manifest.sample_rate} Hz\t{emotions}\t{manifest.licence}")


def serve(arguments: Namespace, rest: list[str]) -> int:
    """The local stack belongs to the checkout, not to the layer: it runs as a program of its own."""
    import os
    import subprocess

    root = Path(__file__).resolve().parents[3]
    if not (root / "infra" / "local").is_dir():
        raise SpeechError("not_found", path=str(root / "infra" / "local"))
    command = [sys.executable, "-m", "infra.local.serve"]
    return subprocess.call(command, cwd=root, env={**os.environ, "PORT": str(arguments.port)})


def _tools(module: str) -> Any:
    """A build-time module, or build_tools_missing where its environment is another one."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise SpeechError("build_tools_missing", module=error.name) from error


def build_voice(arguments: Namespace, rest: list[str]) -> None:
    source_tools, pack_tools = _tools("sambert.torch.source"), _tools("sambert_build.pack")
    root, origin = Path(arguments.source), arguments.source
    if not root.is_dir():
        root = _tools("sambert_build.download").snapshot(arguments.source, arguments.revision)
        origin = f"ModelScope {arguments.source}@{arguments.revision}"
    emotions = tuple(each.strip() for each in arguments.emotions.split(",")) if arguments.emotions else None
    out = pack_tools.build_pack(
        source_tools.read_source(root, arguments.voice),
        arguments.out,
        name=arguments.name,
        title=arguments.title,
        emotions=emotions,
        licence=arguments.licence,
        licence_file=Path(arguments.licence_file) if arguments.licence_file else None,
        origin=origin,
        weights="int8" if arguments.int8 else "fp16" if arguments.half else "fp32",
    )
    size = sum(path.stat().st_size for path in out.iterdir()) / 2**20
    print(f"{out}  {size:.1f} MB")
    if not emotions and len(Manifest.read(out).emotions) == 1:
        print("检查点不会说明训练过哪些情感；如有更多情感，请用 --emotions 写明", file=sys.stderr)


def distill(arguments: Namespace, rest: list[str]) -> int:
    return _tools("sambert_distill.run").main(rest)


def bench(arguments: Namespace, rest: list[str]) -> int:
    return _tools("sambert_build.bench").main(rest)


def evaluate(arguments: Namespace, rest: list[str]) -> int:
    return _tools("sambert_distill.evaluate").main(rest)
