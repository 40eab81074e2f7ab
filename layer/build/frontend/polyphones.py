"""Trains the polyphone model of the front end, and packs the recurrent network it listens to.

In: the sentences of labelled.py, and SOURCES with g2pM (the network's weights), see README.md.
Out, under layer/sambert/frontend/data/: polyphone*, recurrent*.

    python -m sambert_build.frontend.polyphones SOURCES [--held-out]

With --held-out the accuracy by cross-validation is printed: each fifth of the sentences is read by a model trained on the others;
data/ is left as it is (the network packed there is the one that is used).
One thread, about four minutes, and as long again for the folds.
"""

from __future__ import annotations

import pickle
import sys
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from sambert.frontend import polyphones, readings
from sambert.frontend.lexicon import DATA
from sambert.frontend.normalize.scan import fold
from sambert.frontend.recurrent import Scores, recurrent, shapes
from sambert.frontend.words import segment

from .labelled import labelled, unified
from .tables import plain, rows, store

# Weights of a sentence by its source. g2pL has hundreds for a character, CPP and everyday.txt some twenty.
ALONE, BESIDE_G2PL = {"cpp": 1.0}, {"g2pl": 1.0, "cpp": 10.0}
WITH_EVERYDAY, BESIDE_BOTH = {"cpp": 3.0, "everyday": 1.0}, {"g2pl": 1.0, "cpp": 20.0, "everyday": 4.0}
SOUGHT = 0.7  # how much of everyday.txt's liking for rare readings is taken out of it
LISTED = "pinyin-data/pinyin.txt"
UNSEEN = 2  # readings a character may get though none of its examples has them
SAMPLE = 20  # examples that tell whether the network knows a character
STRENGTH = 2.0  # inverse regularisation
# What holds for every character before its own examples are seen: how far to trust the network's log-probability and the
# dictionary. (A conditional logit over all characters of CPP's dev split; the network is too sure of itself.)
TRUST_NETWORK, TRUST_DICTIONARY = 0.45, 2.6
OWN_TRUST = 0.2  # scale of the same inputs where a character learns to differ from that: small, so that it takes many examples
STEPS = 60
FEWEST = 2  # examples a character needs to learn from them; else it keeps what holds for every character
SMALLEST = 0.04  # weights below it are left out
FOLDS = 5


@dataclass(frozen=True)
class Example:
    """One marked character: what is known of it and how it is read."""

    character: str
    label: str
    features: np.ndarray
    network: Scores
    hint: polyphones.Hint | None
    fold: int
    source: str


def pack_network(folder: Path) -> None:
    """g2pM's pickles → arrays for recurrent.py. The pickles are trusted: they come from the pinned wheel."""
    weights = pickle.loads((folder / "np_ckpt.pkl").read_bytes())
    rows = pickle.loads((folder / "char2idx.pkl").read_bytes())
    classes = pickle.loads((folder / "class2idx.pkl").read_bytes())
    known = sorted((ord(character), row) for character, row in rows.items() if len(character) == 1)
    store(DATA / "recurrent_codes.npy", np.array([code for code, _ in known], np.uint32))
    store(DATA / "recurrent_rows.npy", np.array([row for _, row in known], np.uint16))
    embedding = weights["embedding.weight"]
    scale = np.abs(embedding).max(axis=0) / 127
    store(DATA / "recurrent_embedding.npy", np.round(embedding / scale).astype(np.int8))
    sides = ("", "_reverse")
    bias = [weights[f"lstm.bias_ih_l0{side}"] + weights[f"lstm.bias_hh_l0{side}"] for side in sides]
    over = np.stack([weights[f"lstm.weight_hh_l0{side}"].T for side in sides])
    halved = np.concatenate([np.full(64, 0.5), np.ones(32), np.full(32, 0.5)])  # see recurrent.py: sigmoid by tanh
    arrays = {
        "scale": scale,
        "into": np.stack([weights[f"lstm.weight_ih_l0{side}"].T for side in sides]),
        "bias": np.stack(bias)[:, None],
        "over": over * halved,
        "hidden": weights["logit_layer.0.weight"].T,
        "hidden_bias": weights["logit_layer.0.bias"],
        "out": weights["logit_layer.2.weight"].T,
        "out_bias": weights["logit_layer.2.bias"],
    }
    flat = [np.reshape(arrays[name], shape).ravel() for name, shape in shapes(len(classes)).items()]
    store(DATA / "recurrent_weights.npy", np.concatenate(flat).astype(np.float16))
    (DATA / "recurrent.txt").write_text("\n".join(unified(name) for name in classes) + "\n", "utf-8")


def examples(sources: Path) -> list[Example]:
    found = []
    for source, written, place, label in labelled(sources):
        text = fold(written)  # as ``pinyin`` sees it
        words = segment(text)
        hint = readings.hints(text, words)[place]
        network = recurrent().scores(text, [place])[0]
        row = polyphones.features(text, words, [place])[0]
        part = zlib.crc32(text.encode()) % FOLDS
        found.append(Example(text[place], label, row, network, hint, part, source))
    return found


def listed(sources: Path) -> dict[str, list[str]]:
    """Every reading a character has in pinyin-data."""
    return {chr(int(key[2:], 16)): [plain(one) for one in value.split(",")] for key, value in rows(sources / LISTED)}


def choices(group: list[Example], known: list[str]) -> tuple[str, ...]:
    """The readings a character may get: those of its examples, and of the listed ones the likeliest to the network."""
    seen = {one.label for one in group}
    heard = _heard()
    trusted = _met(group, {*known, *seen}, heard)
    unseen = [one for one in dict.fromkeys(known) if trusted and one not in seen and one in heard]
    unseen.sort(key=lambda reading: -sum(one.network.get(reading, 0.0) for one in group))
    return tuple(sorted([*seen, *unseen[: UNSEEN if group else None]]))


@cache
def _heard() -> list[str]:
    """The readings that the network knows at all."""
    return (DATA / "recurrent.txt").read_text("utf-8").split()


def _met(group: list[Example], readings: set[str], heard: list[str]) -> bool:
    """Whether the network was trained on a character: of all readings there are it mostly likes one of these best.

    It was not on 烟, which is marked only where it is written 菸, and would read it yin1.
    """
    best = [max(heard, key=lambda reading: one.network.get(reading, 0.0)) for one in group[:SAMPLE]]
    return 2 * sum(one in readings for one in best) >= len(best)


def fit(group: list[Example], names: tuple[str, ...]) -> tuple[dict[int, float], np.ndarray]:
    """Sparse weights by 32-bit key and dense weights (readings, inputs) of one character with the readings ``names``.

    A softmax over the readings, regularised towards what holds for every character instead of towards nothing.
    """
    if len(names) < 2:
        return {}, np.zeros((1, 0))
    prior = _prior(len(names))
    if len(group) < FEWEST:
        return {}, prior
    features, sparse = _matrix(group)
    dense = np.array([polyphones.dense_inputs(names, one.network, one.hint) for one in group])
    scale = np.full(dense.shape[1], OWN_TRUST)
    scale[-1] = 1.0  # the constant
    labels = np.eye(len(names))[[names.index(one.label) for one in group]]
    start = dense @ prior.T + _sought(group, labels)
    weights = _softmax(sparse, dense * scale, start, labels, _importance(group))
    keys = polyphones.reading_keys(features, len(names))
    values = weights[: len(features)]
    kept = np.abs(values) >= SMALLEST
    sparse_weights = dict(zip(keys[kept].tolist(), values[kept].tolist(), strict=True))
    return sparse_weights, prior + (weights[len(features) :] * scale[:, None]).T


def _importance(group: list[Example]) -> np.ndarray:
    sources = {one.source for one in group}
    common, everyday = "g2pl" in sources, "everyday" in sources
    weights = (BESIDE_BOTH if everyday else BESIDE_G2PL) if common else (WITH_EVERYDAY if everyday else ALONE)
    return np.array([[weights[one.source]] for one in group])


def _sought(group: list[Example], labels: np.ndarray) -> np.ndarray:
    """By how much more often, as a logarithm, everyday.txt has each reading than the other sources have it, (group, readings);
    nothing for their sentences.

    It was written for all readings alike. With this added to the scores while they are fitted, its sentences tell in what company
    a reading is found, and the other sources how often.
    """
    everyday = np.array([one.source == "everyday" for one in group])
    if everyday.all() or not everyday.any():
        return np.zeros(labels.shape)
    here, there = labels[everyday].sum(axis=0) + 0.5, labels[~everyday].sum(axis=0) + 1.0
    return SOUGHT * everyday[:, None] * np.log((here / here.sum()) / (there / there.sum()))


def _matrix(group: list[Example]) -> tuple[np.ndarray, csr_matrix]:
    """The hashes that occur, and which example (row) has which of them (column)."""
    found = [np.unique(one.features[one.features > 0]) for one in group]
    features, columns = np.unique(np.concatenate(found), return_inverse=True)
    rows = np.repeat(np.arange(len(group)), [len(row) for row in found])
    return features, csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(group), len(features)))


def _prior(readings: int) -> np.ndarray:
    """Dense weights of a character of which nothing is known, (readings, inputs); the inputs are those of ``dense_inputs``."""
    prior = np.zeros((readings, polyphones.inputs(readings)))
    for number in range(readings):
        prior[number, number] = TRUST_NETWORK
        prior[number, readings + number] = TRUST_DICTIONARY / polyphones.TOLD
    return prior


def _softmax(sparse: csr_matrix, dense: np.ndarray, start: np.ndarray, labels: np.ndarray, importance: np.ndarray) -> np.ndarray:
    """Weights (sparse + dense inputs, readings) that, added to the scores ``start``, make ``labels`` likely; L2, L-BFGS."""
    size = sparse.shape[1], labels.shape[1]
    columns = sparse.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, size[1])
        scores = start + sparse @ weights[: size[0]] + dense @ weights[size[0] :]
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        error = (np.exp(logs) - labels) * importance
        gradient = np.concatenate([columns @ error, dense.T @ error]) + weights / STRENGTH
        return -(importance * labels * logs).sum() + (weights**2).sum() / (2 * STRENGTH), gradient.ravel()

    first = np.zeros((size[0] + dense.shape[1]) * size[1])
    return minimize(loss, first, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x.reshape(-1, size[1])


def train(groups: dict[str, list[Example]], known: dict[str, list[str]], out: Path) -> None:
    """Fits every character and writes the model to the folder ``out``.

    Also those with one example or (of a fold) none: the network has met every character of CPP in training. It has not met the
    other polyphones it has readings for, and on those it says whatever comes; they are left to the dictionary.
    """
    lines, dense, sparse = [], [], {}
    for character in sorted(groups):
        names = choices(groups[character], known.get(character, []))
        if names:
            weights, inputs = fit(groups[character], names)
            lines.append(" ".join((character, *names)))
            dense.append(inputs.ravel())
            sparse.update(weights)
    keys = np.array(sorted(sparse), np.uint32)
    values = np.array([sparse[key] for key in keys.tolist()])
    step = np.quantile(np.abs(values), 0.9999) / 127
    store(out / "polyphone_keys.npy", keys)
    store(out / "polyphone_weights.npy", np.clip(np.round(values / step), -127, 127).astype(np.int8))
    store(out / "polyphone_dense.npy", np.concatenate(dense).astype(np.float16))
    (out / "polyphones.txt").write_text("\n".join([repr(float(step)), *lines]) + "\n", "utf-8")
    print(f"{len(lines)} characters, {len(keys)} weights")


def score(groups: dict[str, list[Example]], known: dict[str, list[str]]) -> None:
    """Accuracy on each fold after training on the others, for the model as it is written (quantised)."""
    common = {character for character, group in groups.items() if any(one.source == "g2pl" for one in group)}
    right, seen = Counter(), Counter()
    for part in range(FOLDS):
        others = {character: [one for one in group if one.fold != part] for character, group in groups.items()}
        with TemporaryDirectory() as folder:
            train(others, known, Path(folder))
            made = polyphones.Model(Path(folder))
        for one in (one for group in groups.values() for one in group if one.fold == part):
            name = f"{one.source}, also in g2pl" if one.source != "g2pl" and one.character in common else one.source
            seen[name] += 1
            right[name] += _answer(made, one) == one.label
    for name in seen:
        print(f"{name}: {100 * right[name] / seen[name]:.2f} % of {seen[name]}")


def _answer(made: polyphones.Model, one: Example) -> str:
    if one.character in made.characters:
        return made.answers([polyphones.Asked(one.character, one.features, one.network, one.hint)])[0]
    return one.hint.syllable if one.hint else readings.default(one.character)


def main(sources: Path, held_out: bool) -> None:
    if not held_out:
        pack_network(sources / "g2pM")
    groups = defaultdict(list)
    for one in examples(sources):
        groups[one.character].append(one)
    known = listed(sources)
    if held_out:
        score(groups, known)
    else:
        train(groups, known, DATA)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--held-out" in sys.argv)
