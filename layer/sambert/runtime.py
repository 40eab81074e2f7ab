"""How ONNX Runtime is opened, and how many cores a sentence gets. In: a graph on disk. Out: a session of one thread.

A session never computes on several threads: those would meet after every operation, wake each other up and be in the way of
the next sentence. Where there are cores to spare, pieces of a sentence are spoken side by side instead.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnxruntime

MB_PER_VCPU = 1769  # of a Lambda, https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html


def threads() -> int:
    """Cores this process may use: SAMBERT_THREADS, or as many whole vCPUs as the function's memory buys, or 1.

    os.cpu_count() is no guide: a Lambda shows two CPUs whatever its share.
    """
    chosen = os.environ.get("SAMBERT_THREADS", "")
    if chosen.isdigit() and int(chosen) > 0:
        return int(chosen)
    memory = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    return max(1, int(memory) // MB_PER_VCPU) if memory.isdigit() else 1


class _AtWork:
    """How many sentences are being spoken in this process."""

    lock = threading.Lock()
    count = 0


@contextmanager
def at_work() -> Iterator[None]:
    """While a sentence is being spoken, from its first step on: none may take for idle the core that it will need."""
    with _AtWork.lock:
        _AtWork.count += 1
    try:
        yield
    finally:
        with _AtWork.lock:
            _AtWork.count -= 1


def share() -> int:
    """A sentence's share of ``threads()``: all of them where it is alone, one where every core has its own."""
    return max(1, threads() // max(1, _AtWork.count))


class _Arena:
    """Memory that all sessions take from and give back to: what one holds on to is there for the others, of other voices too."""

    lock = threading.Lock()
    made = False

    @classmethod
    def share(cls, options: onnxruntime.SessionOptions) -> None:
        with cls.lock:
            if not cls.made:
                kind, use = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, onnxruntime.OrtMemType.DEFAULT
                onnxruntime.create_and_register_allocator(onnxruntime.OrtMemoryInfo("Cpu", kind, 0, use), None)
                cls.made = True
        options.add_session_config_entry("session.use_env_allocators", "1")


def open_session(graph: Path) -> onnxruntime.InferenceSession:
    """A session whose weights stay memory-mapped where ONNX Runtime does not repack them.

    SAMBERT_PROFILE names a folder for ONNX Runtime's profile of each session, written when the session is closed.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # no two sentences have the same shapes: a plan for each only holds memory
    _Arena.share(options)
    profiles = os.environ.get("SAMBERT_PROFILE")
    if profiles:
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(profiles) / graph.stem)
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
