"""What a teacher reads. In: the files in ``lines/``, other collections. Out: ``Line``s, each with its source and licence.

Text, not sound: everyday lines written for this project lie beside this file, one kind a file; larger collections are read from
where the user has them, because their licences are not ours.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

OWN = Path(__file__).with_name("lines")
_PLAIN = re.compile(r"[一-鿿，。！？、；：]{6,60}")  # CPP lines with anything else are left out: their reading is a guess


@dataclass(frozen=True)
class Line:
    """id: stays the same as long as the text does, wherever the line is moved to. kind: "dialogue", "questions", …"""

    id: str
    text: str
    kind: str
    source: str
    licence: str


def line(text: str, kind: str, source: str, licence: str) -> Line:
    return Line(f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:8]}", text, kind, source, licence)


def own() -> list[Line]:
    """The lines written for this project."""
    return [line(text, path.stem, "sambert-lambda", "Apache-2.0")
            for path in sorted(OWN.glob("*.txt")) for text in path.read_text(encoding="utf-8").split("\n") if text]  # fmt: skip


def cpp(path: Path) -> list[Line]:
    """Sentences of a file of the CPP set (data/dev.sent of github.com/kakaobrain/g2pM): ▁ surrounds the asked-for character."""
    texts = (text.replace("▁", "").strip() for text in path.read_text(encoding="utf-8").split("\n"))
    source = "Wikipedia, by way of CPP, github.com/kakaobrain/g2pM"
    return [line(text, "cpp", source, "CC-BY-SA-3.0") for text in dict.fromkeys(texts) if _PLAIN.fullmatch(text)]


def write(path: Path, lines: Iterable[Line]) -> None:
    """Whole or not at all."""
    beside = path.with_suffix(".tmp")
    beside.write_text("".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in lines), encoding="utf-8")
    beside.replace(path)


def read(path: Path) -> list[Line]:
    return [Line(**json.loads(row)) for row in path.read_text(encoding="utf-8").splitlines()]
