"""Writes a voice pack from a ModelScope / KAN-TTS voice.

In: a ``Source``. Out: a folder that ``sambert.load_voice`` plays, complete or not there at all.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from math import prod
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
import torch

from sambert.acoustic.positions import sinusoid_table
from sambert.emotions import NEUTRAL, ROWS
from sambert.errors import SpeechError
from sambert.pack import GRAPHS, MANIFEST, ORIGIN, digest_of, file_digest
from sambert.torch.acoustic import Sambert
from sambert.torch.source import Source, filters
from sambert.versions import ENGINE, PACK_FORMAT
from sambert.vocoder.compiled import FILE
from sambert_build.acoustic_graph import mel_graph, text_graph
from sambert_build.half import eighth, halve
from sambert_build.kernels import compiled, fits, write
from sambert_build.published import emotions_of
from sambert_build.source_filter_graph import source_filter_context, source_filter_graph
from sambert_build.vocoder_graph import vocoder_context, vocoder_graph

EXTERNAL_FROM = 1024  # bytes: larger weights lie beside the graph, where they can be memory-mapped


def build_pack(
    source: Source,
    out: str | Path,
    *,
    name: str | None = None,
    title: str | None = None,
    emotions: tuple[str, ...] | None = None,
    licence: str = "unknown",
    licence_file: Path | None = None,
    origin: str | None = None,
    weights: Literal["fp32", "fp16", "int8"] = "fp32",
) -> Path:
    """Write the pack to ``out``: a new folder, an empty one, or a pack that is replaced when everything is ready. Raises
    source_invalid; folder_taken where something else lies there.

    emotions: those the voice was trained with; by default what the source says, or is published of it, or neutral alone:
    a checkpoint has a row for every emotion and does not tell which were ever trained. weights: fp32 is exact; fp16 is half the
    size; int8 takes half the time and a quarter of the size (what it does to the sound: docs/bench.md).
    """
    out = Path(out).resolve()  # "." has no parent of its own
    if out.exists() and not (out / MANIFEST).exists() and (not out.is_dir() or any(out.iterdir())):
        raise SpeechError("folder_taken", path=str(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        _write_graphs(source, work, weights)
        manifest = _manifest(source, name or source.name, title, _emotions(source, emotions), licence, origin)
        manifest["weights"] = weights
        if licence_file is not None:
            shutil.copyfile(licence_file, work / "LICENSE")
        else:
            (work / "LICENSE").write_text(f"{licence}\n", encoding="utf-8")
        _seal(work, manifest)
        if weights == "int8":
            from sambert_build.int8 import quantise  # slow to import

            quantise(work, source.voc_params, _arrays(source.vocoder()))  # plays the voice, so it had to be whole before
            _seal(work, manifest)
        _note_origin(source, work)
        for path in work.iterdir():
            path.chmod(0o644)  # tempfile and onnx are more careful than a shared folder of voices can use
        work.chmod(0o755)
        _replace(out, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return out


def _replace(out: Path, work: Path) -> None:
    """Put ``work`` where ``out`` is. What people laid beside an older pack, such as its model card, stays."""
    if out.is_dir():
        known = json.loads((out / MANIFEST).read_text(encoding="utf-8")) if any(out.iterdir()) else {}
        ours = {MANIFEST, ORIGIN, *known.get("files", ())}
        for path in out.iterdir():
            if path.name not in ours and not (work / path.name).exists():
                path.rename(work / path.name)
        shutil.rmtree(out)
    work.rename(out)


def _seal(folder: Path, manifest: dict[str, Any]) -> None:
    """Write voice.json over whatever files are there."""
    files = {path.name: file_digest(path) for path in sorted(folder.iterdir()) if path.name != MANIFEST}
    sealed = manifest | {"digest": digest_of(files, manifest), "files": files}
    (folder / MANIFEST).write_text(json.dumps(sealed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _note_origin(source: Source, folder: Path) -> None:
    """For the torch back end on this machine; git and the image leave it out."""
    note = {"path": str(source.root.resolve()), "voice": source.name}
    (folder / ORIGIN).write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")


def _emotions(source: Source, given: tuple[str, ...] | None) -> tuple[str, ...]:
    emotions = given or tuple(source.trained.get("emotions", ())) or emotions_of(source.name)
    unknown = [each for each in emotions if each not in ROWS]
    if unknown:
        raise SpeechError("source_invalid", reason=f"情感表里没有：{'、'.join(unknown)}")
    return (NEUTRAL, *(each for each in emotions if each != NEUTRAL))


def _arrays(model: torch.nn.Module) -> dict[str, np.ndarray]:
    return {name: tensor.numpy() for name, tensor in model.state_dict().items()}


def _write_graphs(source: Source, folder: Path, weights: str) -> None:
    acoustic, params = source.acoustic(), source.voc_params
    state, vocoder = _arrays(acoustic), _arrays(source.vocoder())
    models = (text_graph(source.am_params, state), mel_graph(source.am_params, state), _vocoder_graph(params, vocoder, weights))
    for name, model in zip(GRAPHS, models, strict=True):
        onnx.save_model(
            halve(model) if weights == "fp16" else model,
            folder / f"{name}.onnx",
            save_as_external_data=True,
            location=f"{name}.bin",
            size_threshold=EXTERNAL_FROM,
        )
    if weights == "fp32" and fits(params):
        write(folder / FILE, *compiled(params, vocoder))
    np.savez(folder / "tables.npz", **_tables(source, acoustic, state))


def _vocoder_graph(params: dict[str, Any], state: dict[str, np.ndarray], weights: str) -> onnx.ModelProto:
    if filters(params):
        graph = source_filter_graph(params, state)
        return eighth(graph) if weights == "fp16" else graph
    # Kernels evaluated in points bear neither 16 bits nor 8: their errors would be put together with factors of up to 8.
    return vocoder_graph(params, state, fast=weights == "fp32")


def _tables(source: Source, acoustic: Sambert, state: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    stored = state["text_encoder.ling_enc.position_enc.position_enc"][0]
    tables = {
        "emotion": state["emo_tokenizer.weight"],
        "speaker": source.speaker_vector if source.speaker_vector is not None else state["spk_tokenizer.weight"],
        "embedding": np.asarray(stored.shape[1]),
    }
    if np.abs(stored - sinusoid_table(*stored.shape)).max() > 1e-6:
        tables["positions"] = stored
    for name, scale in source.trained.get("scales", {}).items():  # not needed to speak, but to train the voice further
        tables[f"{name}_scale"] = np.asarray(scale, np.float32)
    if acoustic.filler_ids is not None:
        with torch.no_grad():
            tables["fillers"] = acoustic.filler_rows().numpy()
    return tables


def _manifest(
    source: Source, name: str, title: str | None, emotions: tuple[str, ...], licence: str, origin: str | None
) -> dict[str, Any]:
    params = source.voc_params
    pulsed, nsf = filters(params), params.get("nsf_params")
    if (pulsed or bool(nsf)) != bool(source.am_params.get("NSF", False)):
        raise SpeechError("source_invalid", reason="声学模型和声码器必须同样有或没有 F0（NSF）")
    table = asdict(source.table)
    return {
        "format": PACK_FORMAT,
        "name": name,
        "title": title or name,
        "language": source.language,
        "sample_rate": source.sample_rate,
        "hop": params["hop"] if pulsed else prod(params["upsample_scales"]),
        "channels": source.am_params["num_mels"],
        "fold": source.am_params["outputs_per_step"],
        "context": source_filter_context(params) if pulsed else vocoder_context(params),
        "emotions": list(emotions),
        **{key: list(value) if isinstance(value, tuple) else value for key, value in table.items()},
        "licence": licence,
        "source": origin or source.name,
        "engine": ENGINE,
        "f0_mean": source.f0_mean,
        "f0_std": source.f0_std,
        "trained_phones": source.trained.get("phones"),
        "prosody": source.trained.get("prosody", "full"),
        "harmonics": nsf["nb_harmonics"] if nsf else None,
        "excitation": "pulses" if pulsed else "harmonics",
    }
