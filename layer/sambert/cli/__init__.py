"""The ``sambert`` command. In: arguments. Out: files, or a server; errors in Chinese on stderr with exit status 1 or 2."""

from sambert.cli.main import main

__all__ = ["main"]
