"""Peak memory of speaking. In: a pack and a number of characters. Out, as JSON: MB at the peak, seconds spoken.

The text is streamed and the audio thrown away, as a server does that encodes while it speaks.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sambert import Request, load_voice
from sambert_build.bench.process import Unmeasured
from sambert_build.bench.texts import text_of

CGROUPS = Path("/sys/fs/cgroup")
PERIOD_US = 100_000


def measure(pack: str, characters: int) -> dict[str, float]:
    voice = load_voice(pack)
    started, seconds = time.perf_counter(), 0.0
    for part in voice.stream(Request(text=text_of(characters))):
        seconds += len(part.samples) / part.sample_rate
    elapsed = time.perf_counter() - started
    return {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "seconds": seconds, "elapsed": elapsed}


@contextmanager
def quota(memory_mb: int, cpus: float) -> Iterator[tuple[str, ...]]:
    """A command prefix that runs a process under hard limits, as Lambda does. Raises Unmeasured where cgroups are not ours."""
    name = f"sambert-bench-{os.getpid()}"
    unified = (CGROUPS / "cgroup.controllers").is_file()
    folders = [CGROUPS / name] if unified else [CGROUPS / room / name for room in ("memory", "cpu")]
    limits = (
        {"memory.max": memory_mb << 20, "memory.swap.max": 0, "cpu.max": f"{round(cpus * PERIOD_US)} {PERIOD_US}"}
        if unified
        else {"memory.limit_in_bytes": memory_mb << 20, "cpu.cfs_quota_us": round(cpus * PERIOD_US)}
    )
    made = []
    try:
        try:
            for folder in folders:
                folder.mkdir()
                made.append(folder)
            for file, value in limits.items():
                next(each for each in folders if (each / file).exists()).joinpath(file).write_text(str(value))
        except (OSError, StopIteration) as error:
            raise Unmeasured(f"no cgroup of our own: {error}") from error
        enter = "; ".join(f"echo $$ > {folder / 'cgroup.procs'}" for folder in folders)
        yield ("sh", "-c", f'{enter}; exec "$@"', "sh")
    finally:
        for folder in made:
            folder.rmdir()


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
