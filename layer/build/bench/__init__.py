"""Speed, start-up, memory and price on this machine: ``sambert bench``.

In: command-line arguments. Out: a table on the terminal, build/bench.md and build/bench.json. Every measurement runs in
processes of its own; nothing here is imported at run time.
"""

from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Exit status. Imports late, because the worker processes import this package too."""
    from sambert_build.bench.run import main as run

    return run(argv)
