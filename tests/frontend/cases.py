"""Lists of cases kept as text. In: a file with [sections]. Out: section → its lines, without comments and empty ones."""

from __future__ import annotations

from pathlib import Path


def sections(name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []  # before the first section
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("# "):
            lines.append(line)
    return found
