"""Measuring in processes of their own. In: a module of this package and its arguments. Out: the JSON its last line holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
TIMEOUT_S = 1800


class Unmeasured(RuntimeError):
    """A measurement that this machine or set-up does not allow; the message is the reason, for the table."""


def build_python() -> Path:
    """The build environment's interpreter. Raises Unmeasured."""
    python = ROOT / ".venv-build" / "bin" / "python"
    if not python.is_file():
        raise Unmeasured("needs torch: make setup-build")
    return python


def environment(threads: int) -> dict[str, str]:
    """Every library that counts CPUs by itself is told how many there are."""
    count = str(threads)
    return {**os.environ, "SAMBERT_THREADS": count, "OMP_NUM_THREADS": count, "OPENBLAS_NUM_THREADS": count}


def worker(
    module: str,
    *arguments: str | Path,
    threads: int = 1,
    python: str | Path = sys.executable,
    prefix: tuple[str, ...] = (),
    timeout_s: float = TIMEOUT_S,
) -> Any:
    """Run ``python -m sambert_build.bench.<module>``. prefix: a command that starts it. Raises Unmeasured with its last words."""
    command = [*prefix, str(python), "-m", f"sambert_build.bench.{module}", *map(str, arguments)]
    try:
        done = subprocess.run(
            command, env=environment(threads), cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise Unmeasured(f"{module}: more than {timeout_s:.0f} s") from None
    if done.returncode:
        words = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise Unmeasured(f"{module}: {words[-1][-200:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])
