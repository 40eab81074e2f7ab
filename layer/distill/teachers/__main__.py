"""``python -m sambert_distill.teachers CONFIG [--until HH:MM]``: only the lines and the teacher's reading, no torch needed."""

from __future__ import annotations

import argparse
import datetime
import tomllib
from pathlib import Path

from sambert_distill.teachers.reading import run


def main() -> None:
    parser = argparse.ArgumentParser(description="老师朗读语料")
    parser.add_argument("config", type=Path, help="配置文件（TOML）里的 [corpus] 和 [teacher]")
    parser.add_argument("--until", type=datetime.time.fromisoformat, help="到这个时刻（UTC）停下，下次接着读")
    given = parser.parse_args()
    now = datetime.datetime.now(datetime.UTC)
    until = now.replace(hour=given.until.hour, minute=given.until.minute, second=0).timestamp() if given.until else None
    path = given.config.resolve()
    run(tomllib.loads(path.read_text(encoding="utf-8")), path.parent, until=until)


if __name__ == "__main__":
    main()
