"""Arguments of ``sambert`` and its commands. Each command imports what it needs only when it runs.

In: argv. Out: an exit status: 0 done, 1 the request or the voice is wrong, 2 the command line is wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from sambert.errors import SpeechError
from sambert.versions import ENGINE


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="sambert", description="情感中文语音合成，纯 CPU，无需 torch")
    top.add_argument("--version", action="version", version=f"sambert {ENGINE}")
    commands = top.add_subparsers(dest="command", required=True, metavar="命令")

    say = commands.add_parser("say", help="朗读一段文字并写入音频文件")
    say.add_argument("text", help="要朗读的文字；- 表示从标准输入读取")
    say.add_argument("-o", "--output", default="out.wav", help="输出文件，格式由扩展名决定（wav mp3 flac ogg opus pcm）")
    say.add_argument("--voice", default="demo", help="音色名或音色包路径")
    say.add_argument("--speaker", help="多说话人音色中的说话人")
    say.add_argument("--emotion", default="neutral", help="情感，可带强度，例如 happy:0.8 或 开心:1.5（强度 0–2）")
    say.add_argument("--rate", type=float, default=1.0, help="语速 0.5–2")
    say.add_argument("--pitch", type=float, default=0.0, help="音高，半音 -12–12")
    say.add_argument("--volume", type=float, default=50.0, help="音量 0–100，50 为原样")
    say.add_argument("--sample-rate", type=int, help="输出采样率，缺省为音色自身的采样率")
    say.add_argument("--ssml", action="store_true", help="输入是 SSML 文档")
    say.add_argument(
        "--audio-sources",
        metavar="PREFIXES",
        default=os.environ.get("SAMBERT_AUDIO_SOURCES", ""),
        help="SSML 中的声音可以从哪里取，逗号分隔，例如 https://cdn.example.com/sounds/,file:///home/me/sounds/；缺省不取",
    )
    say.add_argument("--subtitles", metavar="FILE", help="同时写出字幕（.srt .vtt .json）")

    serve = commands.add_parser("serve", help="在本机启动 S3、接口和网页")
    serve.add_argument("--port", type=int, default=8000)

    commands.add_parser("voices", help="列出已安装的音色")

    build = commands.add_parser("build-voice", help="把 ModelScope / KAN-TTS 音色做成音色包（需要 make setup-build）")
    build.add_argument("source", help="音色目录，或 ModelScope 模型 id")
    build.add_argument("out", help="音色包写到哪里")
    build.add_argument("--voice", help="目录里有多个音色时选哪一个")
    build.add_argument("--name", help="音色包的名字，缺省与原音色同名")
    build.add_argument("--title", help="给人看的名字")
    build.add_argument("--emotions", help="训练过的情感，逗号分隔，例如 neutral,happy,sad")
    build.add_argument("--revision", help="ModelScope 模型的版本（用 id 时必填，以免内容悄悄改变）")
    build.add_argument("--licence", default="unknown", help="许可证名称（SPDX）")
    weights = build.add_mutually_exclusive_group()
    weights.add_argument("--half", action="store_true", help="权重以 16 位存放，音色包减半")
    weights.add_argument("--int8", action="store_true", help="用 8 位运算：大音色约快一倍，代价见 docs/bench.zh-CN.md")
    build.add_argument("--licence-file", help="许可证全文")

    for name, help_text in (
        ("distill", "从大音色蒸馏小音色（需要 make setup-build）"),
        ("bench", "测量速度、冷启动和内存"),
        ("evaluate", "测量可懂度和音质（需要 make setup-eval）"),
    ):
        commands.add_parser(name, help=help_text, add_help=False)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status."""
    arguments, rest = parser().parse_known_args(argv)
    if rest and arguments.command not in ("distill", "bench", "evaluate"):
        parser().error(f"无法识别的参数：{' '.join(rest)}")
    from sambert.cli import commands

    try:
        return getattr(commands, arguments.command.replace("-", "_"))(arguments, rest) or 0
    except SpeechError as error:
        print(f"错误 [{error.code}]：{error.message}", file=sys.stderr)
        return 1
