"""What speech costs. In: a real-time factor on one full core. Out: US dollars per million Chinese characters."""

from __future__ import annotations

CHARACTERS_PER_SECOND = 4.5
MB_PER_VCPU = 1769  # Lambda's CPU share grows with memory
DOLLARS_PER_GB_S = {"arm64": 0.0000133334, "x86_64": 0.0000166667}  # us-east-1, late 2026


def cpu_share(memory_mb: int = 1536) -> float:
    """CPUs that a function of so much memory has, one at most: we speak on one."""
    return min(1.0, memory_mb / MB_PER_VCPU)


def per_million(rtf: float, architecture: str = "arm64", memory_mb: int = 1536) -> float:
    """Compute alone. Below one vCPU a function takes longer by as much as its share is smaller: at 1,536 MB and arm64 this is
    $5.12 × RTF of a whole core, which is $4.44 × RTF as measured under that share (facts/platform.md).
    """
    seconds = 1e6 / CHARACTERS_PER_SECOND * rtf / cpu_share(memory_mb)
    return seconds * memory_mb / 1024 * DOLLARS_PER_GB_S[architecture]
