"""Scores a voice. In: a voice pack (or audio with its texts). Out: error rates, quality, emotions, artefacts, as a table."""

from __future__ import annotations


def main(argv: list[str] | None = None) -> int:
    """The command line of ``sambert evaluate``; the ears are imported only when it runs."""
    from sambert_distill.evaluate.run import main as run

    return run(argv)
