"""Listeners at the local server. In: a voice and a port. Out: latencies, requests a minute and the server's peak memory.

The server is `make serve`'s: uvicorn, the whole HTTP function and a real S3 (SeaweedFS), all on this machine, and so are
the listeners. Each asks again as soon as it is answered, always for a sentence that nobody asked for before.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Any

from sambert_build.bench.process import ROOT, Unmeasured, environment
from sambert_build.bench.texts import different

HOST = "127.0.0.1"
READY_S, STOP_S, ANSWER_S = 60, 15, 60
COUNTS = (1, 2, 4, 8)
REPEATS = 30  # of a sentence that is in the bucket already


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so large a share of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def summary(latencies: list[float], errors: int, elapsed: float) -> dict[str, Any]:
    if not latencies:
        raise Unmeasured("no request was answered")
    return {
        "answers": len(latencies),
        "errors": errors,
        "mean": mean(latencies),
        "p50": median(latencies),
        "p99": percentile(latencies, 0.99),
        "per_minute": 60 * len(latencies) / elapsed,
    }


@contextmanager
def server(voice: Path, port: int, slots: int) -> Iterator[subprocess.Popen[bytes]]:
    """A running server that speaks with the voice in this folder. Raises Unmeasured with what it said."""
    chosen = {"PORT": str(port), "SAMBERT_VOICES": str(voice.parent), "SAMBERT_VOICE": voice.name, "SAMBERT_SLOTS": str(slots)}
    with tempfile.TemporaryFile("w+") as said:  # a pipe that nobody reads fills up after 500 requests, and then the server waits
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.serve"],
            cwd=ROOT,
            env={**environment(os.cpu_count() or 1), **chosen},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            deadline = time.monotonic() + READY_S
            while not _healthy(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    process.kill()
                    said.seek(0)
                    words = said.read().strip().splitlines()
                    raise Unmeasured(f"the local server did not start: {words[0] if words else 'no reason given'}")
                time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _healthy(port: int) -> bool:
    try:
        return _answer(http.client.HTTPConnection(HOST, port, timeout=2), "GET", "/healthz", None)
    except OSError:
        return False


def _answer(connection: http.client.HTTPConnection, method: str, path: str, body: dict[str, str] | None) -> bool:
    encoded = None if body is None else json.dumps(body)
    connection.request(method, path, encoded, {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read()
    return response.status == 200


@dataclass
class Crowd:
    """Some listeners for some seconds. ``next_text`` gives each request's sentence."""

    port: int
    next_text: Callable[[], str]
    latencies: list[float] = field(default_factory=list)
    errors: int = 0

    def listen(self, listeners: int, seconds: float) -> dict[str, Any]:
        begun = time.monotonic()
        threads = [threading.Thread(target=self._listen, args=(begun + seconds,)) for _ in range(listeners)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {"listeners": listeners, **summary(self.latencies, self.errors, time.monotonic() - begun)}

    def _listen(self, until: float) -> None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=ANSWER_S)
        while time.monotonic() < until:
            asked = time.monotonic()
            try:
                answered = _answer(connection, "POST", "/api/tts", {"text": self.next_text()})
            except OSError:
                answered = False
                connection.close()
            if answered:
                self.latencies.append(time.monotonic() - asked)
            else:
                self.errors += 1


def peak_mb(process: subprocess.Popen[bytes]) -> float:
    """The most memory the server has had so far. Raises Unmeasured."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError as error:
        raise Unmeasured("no /proc here") from error
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def measure(voice: Path, port: int, seconds: float) -> dict[str, Any]:
    """One listener at a server of one slot, as Lambda has it, for latency and memory; then crowds at one slot a CPU.

    Both servers may use every CPU: a sentence alone takes all of them, one of a crowd its own.
    """
    texts, lock = different(), threading.Lock()

    def new() -> str:
        with lock:
            return next(texts)

    with server(voice, port, 1) as process:
        alone = Crowd(port, new).listen(1, seconds)
        memory = peak_mb(process)
        again = new()
        connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_S)
        times = []
        for _ in range(REPEATS):
            asked = time.monotonic()
            _answer(connection, "POST", "/api/tts", {"text": again})
            times.append(time.monotonic() - asked)
    with server(voice, port, os.cpu_count() or 1) as process:
        crowds = [Crowd(port, new).listen(count, seconds) for count in COUNTS]
    return {"alone": alone, "memory_mb": memory, "first": times[0], "repeated": median(times[1:]), "crowds": crowds}
