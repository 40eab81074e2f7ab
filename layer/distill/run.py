"""``sambert distill CONFIG``: the command line. In: a config file. Out: its stages run, skipping what is done."""

from __future__ import annotations

import argparse

from sambert_distill import pipeline


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sambert distill", description="从大音色蒸馏一个小音色")
    parser.add_argument("config", help="配置文件（TOML），见 layer/distill/demo.toml")
    config = pipeline.Config.read(parser.parse_args(argv).config)
    print(pipeline.run(config, say=lambda line: print(line, flush=True)))
    return 0

