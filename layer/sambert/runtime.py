"""How ONNX Runtime is opened. In: a graph on disk. Out: a session that behaves well below one vCPU."""

from __future__ import annotations

import os
from pathlib import Path

import onnxruntime

MB_PER_VCPU = 1769  # of a Lambda, https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html


def threads() -> int:
    """SAMBERT_THREADS, or as many whole vCPUs as the function's memory buys, or 1.

    os.cpu_count() is no guide: a Lambda shows two CPUs whatever its share.
    """
    chosen = os.environ.get("SAMBERT_THREADS", "")
    if chosen.isdigit() and int(chosen) > 0:
        return int(chosen)
    memory = os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    return max(1, int(memory) // MB_PER_VCPU) if memory.isdigit() else 1


def open_session(graph: Path) -> onnxruntime.InferenceSession:
    """A session whose weights stay memory-mapped where ONNX Runtime does not repack them.

    SAMBERT_PROFILE names a folder for ONNX Runtime's profile of each session, written when the session is closed.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # no two sentences have the same shapes: a plan for each only holds memory
    # A spinning thread eats the share of a fractional vCPU that the working one needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    profiles = os.environ.get("SAMBERT_PROFILE")
    if profiles:
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(profiles) / graph.stem)
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
