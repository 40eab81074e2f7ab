"""The voice pack on disk: a folder with voice.json, three ONNX graphs with their weights, tables.npz and a licence.

In: a folder. Out: a ``Pack``: the manifest and the small tables, verified. The graphs stay on disk until a back end maps them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from sambert.errors import SpeechError
from sambert.symbols import SymbolTable
from sambert.versions import PACK_FORMAT

MANIFEST = "voice.json"
ORIGIN = "origin.json"  # where a pack was built from, on the machine that built it; not part of the pack's digest
EXCITATIONS = ("harmonics", "pulses")
GRAPHS = ("text", "mel", "vocoder")


@dataclass(frozen=True)
class Manifest:
    """What voice.json says. hop in samples; f0_mean, f0_std in Hz for voices with a source; harmonics where that is NSF's sines.

    excitation: of a voice with a source, "harmonics" (KAN-TTS's NSF) or "pulses" (source-filter vocoders).

    trained_phones: those learned, None = all. prosody: "full", or "words" (see frontend.traits).
    context: mel frames on either side of a piece that the vocoder must see for the piece to come out exactly.
    """

    format: int
    name: str
    title: str
    language: str
    sample_rate: int
    hop: int
    channels: int
    fold: int
    context: int
    speakers: tuple[str, ...]
    emotions: tuple[str, ...]
    phones: tuple[str, ...]
    tones: tuple[str, ...]
    specials: int
    licence: str
    source: str
    engine: str
    digest: str
    files: dict[str, str]
    f0_mean: float | None = None
    f0_std: float | None = None
    harmonics: int | None = None
    excitation: str = "harmonics"
    trained_phones: tuple[str, ...] | None = None
    prosody: str = "full"

    @property
    def speakable(self) -> frozenset[str]:
        """Phones (and breaks) the voice has learned; all of its table where nothing else is said."""
        return frozenset(self.trained_phones or self.phones)

    @property
    def table(self) -> SymbolTable:
        return SymbolTable(self.phones, self.tones, self.speakers, self.specials)

    @property
    def nsf(self) -> bool:
        return self.f0_mean is not None

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Raises voice_missing, voice_corrupt, voice_version."""
        path = folder / MANIFEST
        if not path.is_file():
            raise SpeechError("voice_missing", path=str(folder))
        try:
            content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            version = content["format"]
            if version != PACK_FORMAT:
                raise SpeechError("voice_version", version=version, wanted=PACK_FORMAT)
            known = {field.name for field in fields(cls)}
            values = {key: tuple(v) if isinstance(v, list) else v for key, v in content.items() if key in known}
            if values.get("excitation", "harmonics") not in EXCITATIONS:
                raise ValueError(f"excitation {values['excitation']!r}")
            return cls(**values)
        except (ValueError, KeyError, TypeError) as error:
            raise SpeechError("voice_corrupt", path=str(folder), reason=f"{MANIFEST}: {error}") from error


@dataclass(frozen=True)
class Pack:
    """A verified pack. emotion: (rows, E); speaker: (rows, K); fillers: (9, d) of FP voices; positions: (L, d) if the
    voice's own table is not the formula's."""

    root: Path
    manifest: Manifest
    emotion: np.ndarray
    speaker: np.ndarray
    embedding: int
    fillers: np.ndarray | None = None
    positions: np.ndarray | None = None

    def graph(self, name: str) -> Path:
        return self.root / f"{name}.onnx"


def file_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_of(files: dict[str, str], manifest: dict[str, Any]) -> str:
    """One digest over the files' digests and everything else the manifest says."""
    said = {key: value for key, value in manifest.items() if key not in ("digest", "files")}
    text = json.dumps([sorted(files.items()), said], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def open_pack(folder: str | Path) -> Pack:
    """Verify and open. Raises voice_missing, voice_corrupt (a file is absent or changed), voice_version."""
    folder = Path(folder)
    manifest = Manifest.read(folder)
    for name, wanted in manifest.files.items():
        path = folder / name
        if path.parent != folder or not path.is_file():
            raise SpeechError("voice_corrupt", path=str(folder), reason=f"缺少 {name}")
        if file_digest(path) != wanted:
            raise SpeechError("voice_corrupt", path=str(folder), reason=f"{name} 的摘要不符")
    said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    if digest_of(manifest.files, said) != manifest.digest:
        raise SpeechError("voice_corrupt", path=str(folder), reason=f"{MANIFEST} 的摘要不符")
    with np.load(folder / "tables.npz", allow_pickle=False) as tables:
        return Pack(
            root=folder,
            manifest=manifest,
            emotion=tables["emotion"],
            speaker=tables["speaker"],
            embedding=int(tables["embedding"]),
            fillers=tables.get("fillers"),
            positions=tables.get("positions"),
        )
