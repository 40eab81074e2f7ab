"""Symbol tables of a student. In: its KAN-TTS acoustic configuration. Out: the SymbolTable its ids come from."""

from __future__ import annotations

from typing import Any

from sambert.symbols import SymbolTable
from sambert.torch.source import symbol_table


def table_of(config: dict[str, Any]) -> SymbolTable:
    return symbol_table(config["linguistic_unit"], True)
