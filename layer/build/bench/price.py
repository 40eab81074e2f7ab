"""What speech costs. In: a real-time factor on one full core. Out: US dollars per million Chinese characters."""

from __future__ import annotations

CHARACTERS_PER_SECOND = 4.5
MB_PER_VCPU = 1769  # Lambda's CPU share grows with memory
DOLLARS_PER_GB_S = {"arm64": 0.0000133334, "x86_64": 0.0000166667}  # us-east-1, late 2026


def per_million(rtf: float, architecture: str = "arm64", memory_mb: int = 1536) -> float:
    """Compute alone. Below one vCPU a function takes longer by as much as its share is smaller."""
    share = min(1.0, memory_mb / MB_PER_VCPU)
    seconds = 1e6 / CHARACTERS_PER_SECOND * rtf / share
    return seconds * memory_mb / 1024 * DOLLARS_PER_GB_S[architecture]
