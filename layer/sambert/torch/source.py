"""Reads a voice as ModelScope or KAN-TTS lays it out on disk.

In: a model directory (configuration.json, voices/NAME/…) or one voice's own directory (am/, voc/). Out: a ``Source`` with
both configurations, both state dicts and everything the weights need to be understood. Never executes what it loads.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any
from zipfile import is_zipfile

import numpy as np
import torch
import yaml

from sambert.acoustic.filled_pauses import FILLERS
from sambert.errors import SpeechError
from sambert.symbols import BREAKS, SymbolTable
from sambert.torch.acoustic import Sambert, Sizes
from sambert.torch.source_filter import SourceFilter
from sambert.torch.vocoder import Generator

TRAINED = "trained.json"
VOCODERS = {"hifigan": Generator, "source_filter": SourceFilter}
CHECKPOINT = re.compile(r"checkpoint_(\d+)\.pth$")


@dataclass(frozen=True)
class Source:
    """A voice before it is a pack.

    f0_mean, f0_std: Hz, what the F0 channel is scaled by (NSF only). trained: what the voice has really learned, where its
    folder says so in trained.json (our own voices do; ModelScope's do not): lists "emotions" and "phones", and "prosody",
    which is "words" if its labels had #1 after every word and #3, #4 at marks only.
    """

    name: str
    root: Path
    language: str
    sample_rate: int
    table: SymbolTable
    am_params: dict[str, Any]
    am_state: dict[str, torch.Tensor]
    voc_params: dict[str, Any]
    voc_state: dict[str, torch.Tensor]
    f0_mean: float | None = None
    f0_std: float | None = None
    speaker_vector: np.ndarray | None = None
    trained: dict[str, Any] = field(default_factory=dict)

    def acoustic(self) -> Sambert:
        """The acoustic model with its weights, strictly loaded, ready to speak."""
        model = Sambert(self.am_params, Sizes(**self.table.sizes))
        _load(model, self.am_state, self.root / "am")
        if self.am_params.get("FP", False):
            ids = [self.table.encode(filler) for filler in FILLERS]
            model.filler_ids = torch.from_numpy(np.stack(ids))
        return model.eval()

    def vocoder(self) -> Generator | SourceFilter:
        """The vocoder with its weights, strictly loaded, weight norm folded."""
        model = vocoder_of(self.voc_params)
        _load(model, self.voc_state, self.root / "voc")
        return model.eval().fold_weight_norm()


def filters(params: dict[str, Any]) -> bool:
    """Whether Model.Generator.params are of a source-filter vocoder."""
    return params.get("kind") == "source_filter"


def vocoder_of(params: dict[str, Any]) -> Generator | SourceFilter:
    """An untrained vocoder of the kind that Model.Generator.params name: KAN-TTS's own where they name none."""
    kind = params.get("kind", "hifigan")
    if kind not in VOCODERS:
        raise SpeechError("source_invalid", reason=f"不支持的声码器 {kind}，可用：{'、'.join(VOCODERS)}")
    return VOCODERS[kind](params)


def _load(model: torch.nn.Module, state: dict[str, torch.Tensor], where: Path) -> None:
    try:
        model.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise SpeechError("source_invalid", reason=f"{where}: {error}") from error


def newest_checkpoint(folder: Path) -> Path:
    """checkpoint_N.pth with the highest N, as ModelScope picks it."""
    found = [(int(match[1]), path) for path in folder.glob("*.pth") if (match := CHECKPOINT.search(path.name))]
    if not found:
        raise SpeechError("source_invalid", reason=f"{folder} 里没有 checkpoint_N.pth")
    return max(found)[1]


def _weights(path: Path, *keys: str) -> dict[str, torch.Tensor]:
    # Memory-mapped: a vocoder checkpoint carries 0.9 GB of discriminators and optimiser that we never read. Files from
    # before torch 1.6 are no zip archives and cannot be mapped.
    try:
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=is_zipfile(path))
    except (OSError, EOFError, RuntimeError, UnpicklingError) as error:
        raise SpeechError("source_invalid", reason=f"{path} 无法读取：{error}") from error
    for key in keys:
        if not isinstance(content, dict) or key not in content:
            raise SpeechError("source_invalid", reason=f"{path} 缺少 {'.'.join(keys)}")
        content = content[key]
    return {name: tensor.float() for name, tensor in content.items()}


def _yaml(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise SpeechError("source_invalid", reason=f"缺少 {path}")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def voice_folder(root: Path, name: str | None) -> Path:
    """The folder of one voice below a model directory: the named one, or the first of voices.json."""
    if (root / "am").is_dir() and (root / "voc").is_dir():
        return root
    listed = (_json(root / "voices" / "voices.json") or {}).get("voices", [])
    if name is None:
        below = root / "voices"
        listed = listed or sorted(p.name for p in below.iterdir() if p.is_dir()) if below.is_dir() else listed
        name = listed[0] if listed else None
    folder = root / "voices" / str(name)
    if name is None or not (folder / "am").is_dir():
        raise SpeechError("source_invalid", reason=f"{root} 里没有音色 {name or ''}（已有：{'、'.join(listed) or '无'}）")
    return folder


def _has_mask(root: Path, folder: Path) -> bool:
    """False on legacy cards, whose symbol tables are one row shorter."""
    for place in (root, folder, folder.parent.parent):
        card = _json(place / "configuration.json")
        if card is not None:
            unit = card.get("model", {}).get("am", {}).get("linguistic_unit", {})
            return bool(unit.get("has_mask", True))
    return True


def symbol_table(unit: dict[str, Any], has_mask: bool) -> SymbolTable:
    languages = json.loads((Path(__file__).parent / "languages.json").read_text(encoding="utf-8"))
    language = unit.get("language", "PinYin")
    if language not in languages:
        raise SpeechError("source_invalid", reason=f"不支持的语言 {language}，可用：{'、'.join(languages)}")
    if "byte_index" in unit.get("lfeat_type_list", ""):
        raise SpeechError("source_invalid", reason="不支持以字节为输入的模型（byte_index）")
    tables = languages[language]
    speakers = tuple(unit["speaker_list"].strip().split(","))
    return SymbolTable((*tables["phones"], *BREAKS), tuple(tables["tones"]), speakers, 3 if has_mask else 2)


def _f0_scale(params: dict[str, Any], folder: Path) -> tuple[float | None, float | None]:
    """The F0 channel times std plus mean is Hz; "global" voices scale a fixed range instead."""
    if not params.get("NSF", False):
        return None, None
    if params.get("nsf_norm_type", "mean_std") == "global":
        low, high = params.get("nsf_f0_global_minimum", 30.0), params.get("nsf_f0_global_maximum", 730.0)
        return float(low), float(high - low)
    if not (folder / "am" / "mvn.npy").is_file():
        raise SpeechError("source_invalid", reason=f"缺少 {folder / 'am' / 'mvn.npy'}")
    mean, std = np.load(folder / "am" / "mvn.npy", allow_pickle=False).reshape(2)
    return float(mean), float(std)


def read_source(root: str | Path, name: str | None = None) -> Source:
    """Read the voice ``name`` (default: the first) of the model directory ``root``. Raises source_invalid."""
    root = Path(root)
    if not root.is_dir():
        raise SpeechError("source_invalid", reason=f"{root} 不是目录")
    folder = voice_folder(root, name)
    am, voc = _yaml(folder / "am" / "config.yaml"), _yaml(folder / "voc" / "config.yaml")
    try:
        am_params, voc_params = am["Model"]["KanTtsSAMBERT"]["params"], voc["Model"]["Generator"]["params"]
        unit = am["linguistic_unit"]
        rate = int((voc.get("audio_config") or am["audio_config"])["sampling_rate"])
        table = symbol_table(unit, _has_mask(root, folder))
    except KeyError as error:
        raise SpeechError("source_invalid", reason=f"{folder} 的 config.yaml 缺少 {error}") from error
    if voc_params.get("out_channels", 1) != 1:
        raise SpeechError("source_invalid", reason="不支持多子带（PQMF）声码器")
    f0_mean, f0_std = _f0_scale(am_params, folder)
    vector = None
    if am_params.get("SE", False):
        if not (folder / "am" / "se.npy").is_file():
            raise SpeechError("source_invalid", reason=f"缺少 {folder / 'am' / 'se.npy'}")
        vector = np.load(folder / "am" / "se.npy", allow_pickle=False).reshape(1, -1).astype(np.float32)
    return Source(
        name=folder.name,
        root=folder,
        language=unit.get("language", "PinYin"),
        sample_rate=rate,
        table=table,
        am_params=am_params,
        am_state=_weights(newest_checkpoint(folder / "am" / "ckpt"), "model"),
        voc_params=voc_params,
        voc_state=_weights(newest_checkpoint(folder / "voc" / "ckpt"), "model", "generator"),
        f0_mean=f0_mean,
        f0_std=f0_std,
        speaker_vector=vector,
        trained=_json(folder / TRAINED) or {},
    )
