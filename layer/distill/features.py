"""Teacher audio → what the student trains on, neutral and emotional, in one file.

In: a corpus folder (audio/ID.flac, labels.jsonl.gz: see facts of the corpus). Out: ``features.npz`` with all utterances laid
end to end (mel, F0, energy a frame; ids, frames, pitch, energy a symbol), ``sound.npy`` with their samples, and the
statistics that scale them.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import soundfile

from sambert_distill import align, emotions, sound

HEAD = 3  # frames of silence kept before the first phone, counted as its own: a stop needs its closure
TAIL = 10  # frames of silence kept after the last phone
HELD_OUT_EVERY = 43  # one utterance in so many is never trained on


@dataclass(frozen=True)
class Line:
    """One neutral utterance, cut to its speech. f0: (T,) Hz, 0 unvoiced; frames: (S,) summing to T; samples: (T · HOP,)."""

    name: str
    text: str
    symbols: tuple[tuple[str, ...], ...]
    frames: np.ndarray
    f0: np.ndarray
    samples: np.ndarray

    @property
    def phones(self) -> tuple[str, ...]:
        return tuple(symbol[0] for symbol in self.symbols)


@dataclass(frozen=True)
class Scales:
    """mel: (2, 80) mean and std a band. f0: mean, std in Hz. energy: mean, std of log-RMS."""

    mel: np.ndarray
    f0: np.ndarray
    energy: np.ndarray

    @classmethod
    def load(cls, path: Path) -> Scales:
        """path: what ``save`` wrote, or the pack of a distilled voice."""
        if path.is_dir():
            manifest = json.loads((path / "voice.json").read_text(encoding="utf-8"))
            with np.load(path / "tables.npz") as tables:
                return cls(tables["mel_scale"], np.array([manifest["f0_mean"], manifest["f0_std"]]), tables["energy_scale"])
        with np.load(path) as stored:
            return cls(np.stack([stored["mel_mean"], stored["mel_std"]]), stored["f0_mean_std"], stored["log_rms_mean_std"])

    def save(self, path: Path) -> None:
        np.savez(path, mel_mean=self.mel[0], mel_std=self.mel[1], f0_mean_std=self.f0, log_rms_mean_std=self.energy)


def read_corpus(folder: Path) -> list[Line]:
    """Read, realign and trim every utterance."""
    with gzip.open(folder / "labels.jsonl.gz", "rt", encoding="utf-8") as rows:
        labels = [json.loads(row) for row in rows]
    audio = [soundfile.read(folder / "audio" / f"{label['id']}.flac", dtype="float32")[0] for label in labels]
    spoken = [_spoken(label, samples) for label, samples in zip(labels, audio, strict=True)]
    lines = []
    for label, samples, (lead, frames) in zip(labels, audio, align.realign(spoken), strict=True):
        frames[-1] = min(frames[-1], TAIL)
        head = min(HEAD, lead)
        lead, frames[0] = lead - head, frames[0] + head
        end = lead + int(frames.sum())
        f0 = voiced_only(np.array(label["f0_hz"], np.float32))
        symbols = tuple(tuple(symbol) for symbol in label["symbols"])
        cut = samples[lead * sound.HOP : end * sound.HOP]
        lines.append(Line(label["id"], label["text"], symbols, frames, f0[lead:end], cut))
    return lines


def voiced_only(f0: np.ndarray) -> np.ndarray:
    """F0 as a teacher tells it → the same, 0 where unvoiced and on the ramps at the edges of voicing."""
    return np.where(f0 < 0.45 * np.median(f0[f0 > sound.VOICED_ABOVE]), 0.0, f0).astype(f0.dtype)


def _spoken(label: dict, samples: np.ndarray) -> align.Spoken:
    features = sound.cepstra(samples)[: len(label["f0_hz"])]
    phones = [symbol[0] for symbol in label["symbols"]]
    return align.Spoken(phones, np.array(label["frames"]), features, label["lead_frames"])


def variants(line: Line, index: int, per_line: int) -> Iterator[tuple[str, float, np.ndarray, np.ndarray, np.ndarray]]:
    """emotion, strength, samples, f0, frames of ``per_line`` emotional versions; the same ones for the same index."""
    chance = np.random.default_rng(index)
    names = list(emotions.RECIPES)
    # walking through the emotions keeps them equally frequent
    chosen = [names[(index * per_line + n) % len(names)] for n in range(per_line)]
    analysis = emotions.analyse(line.samples, line.f0)
    for emotion in chosen:
        strength = float(chance.choice(emotions.STRENGTHS, p=emotions.CHANCES))
        yield emotion, strength, *emotions.perform(analysis, line.frames, line.phones, emotions.RECIPES[emotion], strength)


def phone_means(values: np.ndarray, frames: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Mean of values (T,) over each phone's counted frames; 0 where it has none."""
    ends = np.cumsum(frames)
    sums, counts = (np.concatenate([[0.0], np.cumsum(part)]) for part in (values * counted, counted.astype(float)))
    total, number = sums[ends] - sums[ends - frames], counts[ends] - counts[ends - frames]
    return (total / np.maximum(number, 1)).astype(np.float32)


def extract(samples: np.ndarray, f0: np.ndarray, frames: np.ndarray) -> dict[str, np.ndarray]:
    """Unscaled features of one utterance: mel (T, 80), f0 (T,) filled, voiced (T,), loud (T,), frames (S,)."""
    return {
        "mel": sound.mel(samples).astype(np.float16),
        "f0": emotions.fill(f0).astype(np.float32),
        "voiced": f0 > 0,
        "loud": sound.log_rms(samples),
        "frames": frames.astype(np.int16),
    }


def scales_of(lines: Sequence[dict[str, np.ndarray]]) -> Scales:
    """Statistics of neutral speech: what emotions do must show up as a difference from it."""
    mel = np.concatenate([line["mel"] for line in lines]).astype(np.float32)
    f0 = np.concatenate([line["f0"][line["voiced"]] for line in lines])
    loud = np.concatenate([line["loud"] for line in lines])
    return Scales(np.stack([mel.mean(0), mel.std(0)]), np.array([f0.mean(), f0.std()]), np.array([loud.mean(), loud.std()]))


def build(corpus: Path, out: Path, encode: Callable[[Sequence[Sequence[str]]], np.ndarray], per_line: int = 2,
          scales: Path | None = None, new_speaker: bool = False, say: Callable[[str], None] = print) -> None:  # fmt: skip
    """Write out/features.npz, out/scales.npz and out/lines.json. encode: symbols → ids (S, 4). scales: reuse these, or of
    another speaker only the mel's: a warm vocoder knows those bands, but F0 and loudness are this speaker's own."""
    out.mkdir(parents=True, exist_ok=True)
    began, rows, cards, sounds = time.time(), [], [], []
    lines = read_corpus(corpus)
    say(f"{len(lines)} utterances aligned, {time.time() - began:.0f} s")
    for index, line in enumerate(lines):
        versions = [("neutral", 0.0, line.samples, line.f0, line.frames), *variants(line, index, per_line)]
        for emotion, strength, samples, f0, frames in versions:
            rows.append({**extract(samples, f0, frames), "ids": encode(line.symbols).astype(np.int16)})
            sounds.append(np.clip(samples * (32767 / sound.HEADROOM), -32768, 32767).astype(np.int16))
            cards.append({"name": line.name, "text": line.text, "emotion": emotion, "strength": strength,
                          "held_out": index % HELD_OUT_EVERY == HELD_OUT_EVERY // 2})  # fmt: skip
        if index % 50 == 49:
            say(f"{index + 1} of {len(lines)} utterances, {time.time() - began:.0f} s")
    used = scales_of(rows[:: per_line + 1])
    if scales:
        known = Scales.load(scales)
        used = replace(used, mel=known.mel) if new_speaker else known
    used.save(out / "scales.npz")
    _write(out / "features.npz", rows, used)
    np.save(out / "sound.npy", np.concatenate(sounds))
    (out / "lines.json").write_text(json.dumps(cards, ensure_ascii=False), encoding="utf-8")


def _write(path: Path, rows: list[dict[str, np.ndarray]], scales: Scales) -> None:
    for row in rows:
        voiced, frames = row.pop("voiced"), row["frames"].astype(int)
        f0 = (row.pop("f0") - scales.f0[0]) / scales.f0[1]
        loud = (row.pop("loud") - scales.energy[0]) / scales.energy[1]
        mel = (row["mel"].astype(np.float32) - scales.mel[0]) / scales.mel[1]
        row["mel"] = np.concatenate([mel, f0[:, None], voiced[:, None]], 1).astype(np.float16)
        row["pitch"] = phone_means(f0, frames, voiced)
        row["energy"] = phone_means(loud, frames, np.ones_like(voiced))
    flat = {key: np.concatenate([row[key] for row in rows]) for key in rows[0]}
    np.savez(path, symbols=[len(row["ids"]) for row in rows], lengths=[len(row["mel"]) for row in rows], **flat)


def join(parts: Sequence[Path], out: Path) -> None:
    """Feature folders, one behind the other: a corpus grows without its old lines being made anew. The scales are the first's.

    Raises ValueError where others are scaled otherwise.
    """
    scales = [Scales.load(part / "scales.npz") for part in parts]
    for part, one in zip(parts, scales, strict=True):
        if not all(np.allclose(getattr(one, each.name), getattr(scales[0], each.name)) for each in fields(Scales)):
            raise ValueError(f"{part} was made with other scales than {parts[0]}: give it [features] scales")
    out.mkdir(parents=True, exist_ok=True)
    stored = [dict(np.load(part / "features.npz")) for part in parts]
    np.savez(out / "features.npz", **{key: np.concatenate([one[key] for one in stored]) for key in stored[0]})
    np.save(out / "sound.npy", np.concatenate([np.load(part / "sound.npy") for part in parts]))
    cards = [card for part in parts for card in json.loads((part / "lines.json").read_text(encoding="utf-8"))]
    (out / "lines.json").write_text(json.dumps(cards, ensure_ascii=False), encoding="utf-8")
    scales[0].save(out / "scales.npz")
