"""The first two stages of a distillation: which lines, and the teacher's reading of them.

In: the tables [corpus] and [teacher] of a config file. Out: a corpus folder that the features stage reads.

    [corpus]
    folder = "…"     # sound and labels; what is there already is kept, so it may also be a finished corpus without [teacher]
    hours = 2.0      # of speech, about
    cpp = "…"        # optional: a file of CPP sentences (data/dev.sent of github.com/kakaobrain/g2pM)
    known = ["…"]    # optional: lines.jsonl or labels.jsonl.gz of corpora that need not be repeated
    [teacher]
    kind = "kokoro"  # or "sambert"
    voice = "…"      # a style of Kokoro's, or a voice pack's name or path
    cache = "…"      # Kokoro: where make setup-teacher put kokoro-js-1.2.1.tgz
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sambert_distill import corpus
from sambert_distill.corpus.choose import choose, coverage
from sambert_distill.teachers import Teacher
from sambert_distill.teachers.record import mend, record


def open_teacher(settings: dict[str, Any], base: Path) -> Teacher:
    """The teacher of a [teacher] table; its paths are relative to ``base``."""
    match settings["kind"]:
        case "kokoro":
            from sambert_distill.teachers.kokoro import KokoroTeacher

            return KokoroTeacher(settings["voice"], (base / settings["cache"]).resolve())
        case "sambert":
            from sambert_distill.teachers.sambert import SambertTeacher

            return SambertTeacher.of(settings["voice"])
    raise ValueError(f"没有这种老师：{settings['kind']}（可选 kokoro、sambert）")


def choose_lines(settings: dict[str, Any], base: Path, teacher: Teacher, say: Callable[[str], None]) -> list[corpus.Line]:
    """The lines of a [corpus] table, best first; kept in the folder as chosen.jsonl, and read from there the next time."""
    kept = (base / settings["folder"]).resolve() / "chosen.jsonl"
    if not kept.exists():
        offered = corpus.own() + (corpus.cpp(base / settings["cpp"]) if "cpp" in settings else [])
        known = [line for path in settings.get("known", ()) for line in known_lines(base / path)]
        heard = {line.text for line in known}
        say(f"choosing among {len(offered)} lines")
        chosen = choose([line for line in offered if line.text not in heard], teacher.traits, settings["hours"], known)
        kept.parent.mkdir(parents=True, exist_ok=True)
        corpus.write(kept, chosen)
        say(f"{len(chosen)} lines: {coverage(chosen, teacher.traits)}")
    return corpus.read(kept)


def known_lines(path: Path) -> list[corpus.Line]:
    """Lines of an earlier corpus, from its lines.jsonl or its labels."""
    if path.suffix == ".gz":
        return [corpus.Line(label["id"], label["text"], "known", str(path), "") for label in mend(path, read_only=True)]
    return corpus.read(path)


def run(settings: dict[str, Any], base: Path, say: Callable[[str], None] = print, until: float | None = None) -> None:
    """Both stages. settings: a whole config. until: time.time() to stop at; the next run goes on from there."""
    teacher = open_teacher(settings["teacher"], base)
    lines = choose_lines(settings["corpus"], base, teacher, say)
    folder = (base / settings["corpus"]["folder"]).resolve()
    hours = record(teacher, lines, folder, until=until, say=say)
    (folder / "coverage.json").write_text(json.dumps({"hours": round(hours, 3), **coverage(lines, teacher.traits)}))
