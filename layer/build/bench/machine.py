"""The machine itself. In: nothing. Out: its name, its load and the fastest it can multiply matrices."""

from __future__ import annotations

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np

SIZE = 1024  # a product that no cache line is wasted on
REPEATS = 12


def describe() -> dict[str, Any]:
    """load: other work of the last minute, in CPUs; a busy machine makes wall times worthless."""
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")] \
        if info.is_file() else []  # fmt: skip
    return {
        "cpu": names[0] if names else platform.processor() or platform.machine(),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def peak_gflops() -> float:
    """The best of some fp32 matrix products through numpy's BLAS, by CPU time: what one thread can reach."""
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((SIZE, SIZE), np.float32) for _ in range(2))
    best = float("inf")
    for _ in range(REPEATS):
        started = time.process_time()
        a @ b
        best = min(best, time.process_time() - started)
    return 2 * SIZE**3 / best / 1e9


if __name__ == "__main__":
    print(json.dumps({"gflops": peak_gflops()}))
