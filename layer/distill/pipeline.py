"""All stages of a distillation, in order. In: a config file (see demo.toml). Out: a voice as a ModelScope directory, its pack
and the scores of that. A stage leaves ``done/NAME.json`` with the settings it ran under; it runs again when those, or a stage
before it, changed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch
import yaml

from sambert.torch.acoustic import Sambert, Sizes
from sambert.torch.source import Source, filters, read_source
from sambert_build import pack
from sambert_build.unpack import Unpacked, unpack
from sambert_distill import acoustic, features, vocoder, voice
from sambert_distill.data import Features
from sambert_distill.lessons import Lesson, predict_mels
from sambert_distill.symbols import table_of
from sambert_distill.teachers import reading

EARS = Path(__file__).resolve().parents[2] / ".venv-eval" / "bin" / "python"


@dataclass(frozen=True)
class Config:
    """A config file with its paths made absolute. settings: the tables of the file."""

    path: Path
    settings: dict[str, Any]

    @classmethod
    def read(cls, path: str | Path) -> Config:
        path = Path(path).resolve()
        return cls(path, tomllib.loads(path.read_text(encoding="utf-8")))

    def place(self, *keys: str) -> Path | None:
        """The path under settings[key][key]…, or None where there is none."""
        value: Any = self.settings
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return None if value is None else (self.path.parent / value).resolve()

    @property
    def work(self) -> Path:
        return self.place("work")

    def sizes(self, which: str) -> dict[str, Any]:
        return yaml.safe_load(self.place("sizes", which).read_text(encoding="utf-8"))


def _plan(kind: type, settings: dict[str, Any]) -> Any:
    known = {field.name for field in fields(kind)}
    return kind(**{key: value for key, value in settings.items() if key in known})


def _warm(config: Config) -> Source | Unpacked | None:
    """What training begins with: a voice directory, or the pack of a voice that was distilled to the same sizes."""
    if pack_folder := config.place("warm", "pack"):
        am, voc = config.sizes("acoustic"), config.sizes("vocoder")
        return unpack(pack_folder, am["Model"]["KanTtsSAMBERT"]["params"], Sizes(**table_of(am).sizes),
                      voc["Model"]["Generator"]["params"])  # fmt: skip
    place = config.place("warm", "voice")
    return None if place is None else read_source(place)


def _others(config: Config) -> list[Path]:
    """Work folders of other voices, done at least as far, that share the vocoder: it learns more from more speakers."""
    return [(config.path.parent / other).resolve() for other in config.settings["vocoder"].get("others", [])]


def read_corpus(config: Config, say: Callable[[str], None]) -> None:
    """Lines and the teacher's reading of them; without a [teacher] the corpus folder is already whole."""
    if "teacher" in config.settings:
        reading.run(config.settings, config.path.parent, say)


def make_features(config: Config, say: Callable[[str], None]) -> None:
    table = table_of(config.sizes("acoustic"))
    settings, out = config.settings["features"], config.work / "features"
    earlier = [(config.path.parent / one).resolve() for one in settings.get("earlier", [])]
    new = config.work / "features-new" if earlier else out
    scales = earlier[0] / "scales.npz" if earlier else config.place("features", "scales")
    features.build(config.place("corpus", "folder"), new, table.encode, settings["emotional_per_line"],
                   scales, settings.get("new_speaker", False) and not earlier, say)  # fmt: skip
    if earlier:
        features.join([*earlier, new], out)


def train_acoustic(config: Config, say: Callable[[str], None]) -> None:
    sizes, warm = config.sizes("acoustic"), _warm(config)
    acoustic.train(config.work / "features", sizes["Model"]["KanTtsSAMBERT"]["params"], table_of(sizes).sizes, config.work,
                   _plan(acoustic.Plan, config.settings["acoustic"]), warm and warm.am_state, say)  # fmt: skip


def train_vocoder(config: Config, say: Callable[[str], None]) -> None:
    """First on the teacher's mels: what the voice sounds like at best. Warmed by another voice whose vocoder is of that kind."""
    warm, params = _warm(config), config.sizes("vocoder")["Model"]["Generator"]["params"]
    begun = warm.voc_state if warm and filters(warm.voc_params) == filters(params) else None
    lessons = [Lesson.read(work / "features") for work in (config.work, *_others(config))]
    vocoder.train(lessons, params, config.work, _plan(vocoder.Plan, config.settings["vocoder"]), begun, say)


def tune_vocoder(config: Config, say: Callable[[str], None]) -> None:
    """Then half on the mels that the acoustic model makes itself: small voices win or lose here."""
    sizes, settings = config.sizes("acoustic"), config.settings["tune"]
    model = Sambert(sizes["Model"]["KanTtsSAMBERT"]["params"], Sizes(**table_of(sizes).sizes))
    model.load_state_dict(_acoustic(config)["average"])
    lines = Features(config.work / "features")
    rows = lines.rows(held_out=False)
    if not (config.work / "predicted.npy").exists():
        predict_mels(model.eval(), lines, config.work / "predicted.npy", rows[:: max(1, len(rows) // settings["lines"])])
    lessons = [Lesson.read(work / "features", own) for work in (config.work, *_others(config))
               for own in (None, work / "predicted.npy")]  # fmt: skip
    vocoder.train(lessons, config.sizes("vocoder")["Model"]["Generator"]["params"], config.work / "tuned",
                  _plan(vocoder.Plan, settings), _average(config.work / "vocoder.pt")["average"], say)  # fmt: skip


def write_voice(config: Config, say: Callable[[str], None]) -> None:
    am, voc = _acoustic(config), _average(config.work / "tuned" / "vocoder.pt")
    sizes = config.sizes("acoustic")
    phones = Features(config.work / "features").phones(table_of(sizes).phones)
    voice.write(config.work / "voice", config.settings["name"], sizes, config.sizes("vocoder"), am["average"], voc["average"],
                _scales(config), (am["step"], voc["step"]), phones)  # fmt: skip
    say(f"voice directory: {config.work / 'voice'}")


def build_pack(config: Config, say: Callable[[str], None]) -> None:
    """With weights in 16 bits: half the megabytes."""
    settings = config.settings
    out = pack.build_pack(read_source(config.work / "voice"), config.place("pack"), name=settings["name"], weights="fp16",
                          title=settings.get("title"), licence=settings.get("licence", "unknown"),
                          licence_file=config.place("licence_file"),
                          origin=settings.get("source", f"sambert distill {config.path.name}"))  # fmt: skip
    say(f"pack: {out}, {sum(path.stat().st_size for path in out.iterdir()) / 2**20:.1f} MB")


def score_pack(config: Config, say: Callable[[str], None]) -> None:
    """``sambert evaluate`` beside the teacher, in the environment that has the ears. Raises RuntimeError where there is none."""
    settings = config.settings["evaluation"]
    python = sys.executable if importlib.util.find_spec("faster_whisper") else str(EARS)
    if not Path(python).exists():
        raise RuntimeError("评测环境还没有装好，请先运行 make setup-eval")
    command = [python, "-m", "sambert_distill.evaluate", config.place("pack"), "--json", config.work / "scores.json",
               "--cache", config.place("evaluation", "cache") or config.work / "evaluation",
               "--scales", config.work / "features" / "scales.npz", "--spectrograms", config.work / "spectrograms"]  # fmt: skip
    for option in ("teacher", "teacher_kind", "sentences"):
        if option in settings:
            command += [f"--{option.replace('_', '-')}", settings[option]]
    if files := config.place("evaluation", "teacher_files"):
        command += ["--teacher-files", files]
    subprocess.run([str(word) for word in command], check=True)
    say(f"scores: {config.work / 'scores.json'}")


STAGES: dict[str, Callable[[Config, Callable[[str], None]], None]] = {
    "corpus": read_corpus,
    "features": make_features,
    "acoustic": train_acoustic,
    "vocoder": train_vocoder,
    "tune": tune_vocoder,
    "voice": write_voice,
    "pack": build_pack,
    "evaluation": score_pack,
}
OPTIONAL = {"pack", "evaluation"}  # run only where the config has a key of their name
READS = {"corpus": ("corpus", "teacher"), "features": ("features",), "acoustic": ("sizes", "warm", "acoustic"),
         "vocoder": ("sizes", "warm", "vocoder"), "tune": ("tune",), "voice": ("name",),
         "pack": ("pack", "title", "licence", "licence_file", "source"), "evaluation": ("evaluation",)}  # fmt: skip


def _average(path: Path) -> dict[str, Any]:
    return torch.load(path, map_location="cpu", weights_only=True)


def _acoustic(config: Config) -> dict[str, Any]:
    """The trained checkpoint; with old_share, its average mixed with the weights that training began with. A voice that learned
    a little from few lines keeps what it knew of many."""
    stored, share = _average(config.work / "acoustic.pt"), config.settings["acoustic"].get("old_share", 0.0)
    if share:
        old = _warm(config).am_state
        stored["average"] = {name: torch.lerp(now, old[name], share) if now.is_floating_point() else now
                             for name, now in stored["average"].items()}  # fmt: skip
    return stored


def _scales(config: Config) -> features.Scales:
    return features.Scales.load(config.work / "features" / "scales.npz")


def _digests(config: Config) -> Iterator[tuple[str, str]]:
    """Each stage with a digest of its settings and of all stages before it."""
    running = hashlib.sha256()
    for stage in STAGES:
        running.update(json.dumps({key: config.settings.get(key) for key in READS[stage]}, sort_keys=True).encode())
        yield stage, running.hexdigest()[:16]


def run(config: Config, say: Callable[[str], None] = print) -> Path:
    """Run what is not done yet. Returns the voice directory."""
    done = config.work / "done"
    done.mkdir(parents=True, exist_ok=True)
    for stage, digest in _digests(config):
        if stage in OPTIONAL and stage not in config.settings:
            continue
        mark = done / f"{stage}.json"
        if mark.exists() and json.loads(mark.read_text())["digest"] == digest:
            say(f"{stage}: done before")
            continue
        began = time.time()
        say(f"{stage}: begins")
        STAGES[stage](config, say)
        mark.write_text(json.dumps({"digest": digest, "seconds": round(time.time() - began)}))
    return config.work / "voice"
