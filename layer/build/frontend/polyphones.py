"""Trains the polyphone model of the front end, and packs the recurrent network it listens to.

In: SOURCES with g2pL (train and dev splits), CPP (dev split; both Apache-2.0) and g2pM (the network's weights), see README.md.
Test splits are never read. Out, under layer/sambert/frontend/data/: polyphone*, recurrent*.

    python -m sambert_build.frontend.polyphones SOURCES [--held-out]

With --held-out a tenth of the sentences is kept out of training and the accuracy on it is printed; nothing is written.
One thread, about three minutes.
"""

from __future__ import annotations

import pickle
import sys
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from sambert.frontend import polyphones, readings
from sambert.frontend.lexicon import DATA
from sambert.frontend.recurrent import Scores, recurrent
from sambert.frontend.words import segment

SPLITS = (("g2pl", "train"), ("g2pl", "dev"), ("cpp", "dev"))
RARE_SOURCE = 5.0  # weight of a CPP sentence where g2pL has hundreds for the same character and CPP twenty
STRENGTH = 3.0  # inverse regularisation
FEWEST = 3  # examples a character needs
SMALLEST = 0.04  # weights below it are left out
FOLDS = 10


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


def unified(label: str) -> str:
    return label.replace("u:", "v")


def pack_network(folder: Path) -> None:
    """g2pM's pickles → arrays for recurrent.py. The pickles are trusted: they come from the pinned wheel."""
    weights = pickle.loads((folder / "np_ckpt.pkl").read_bytes())
    rows = pickle.loads((folder / "char2idx.pkl").read_bytes())
    classes = pickle.loads((folder / "class2idx.pkl").read_bytes())
    known = sorted((ord(character), row) for character, row in rows.items() if len(character) == 1)
    np.save(DATA / "recurrent_codes.npy", np.array([code for code, _ in known], np.uint32))
    np.save(DATA / "recurrent_rows.npy", np.array([row for _, row in known], np.uint16))
    embedding = weights["embedding.weight"]
    scale = np.abs(embedding).max(axis=0) / 127
    np.save(DATA / "recurrent_embedding.npy", np.round(embedding / scale).astype(np.int8))
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
    np.savez(DATA / "recurrent.npz", **{name: array.astype(np.float16) for name, array in arrays.items()})
    (DATA / "recurrent.txt").write_text("\n".join(unified(name) for name in classes) + "\n", "utf-8")


def examples(sources: Path) -> list[Example]:
    found = []
    for source, split in SPLITS:
        sentences = (sources / source / f"{split}.sent").read_text("utf-8").splitlines()
        labels = (sources / source / f"{split}.lb").read_text("utf-8").splitlines()
        for sentence, label in zip(sentences, labels, strict=True):
            left, character, right = sentence.split("▁")
            text, place = left + character + right, len(left)
            words = segment(text)
            hint = readings.hints(text, words)[place]
            network = recurrent().scores(text, [place])[0]
            row = polyphones.features(text, words, [place])[0]
            fold = zlib.crc32(text.encode()) % FOLDS
            found.append(Example(character, unified(label), row, network, hint, fold, source))
    return found


def fit(group: list[Example]) -> tuple[tuple[str, ...], dict[int, float], np.ndarray]:
    """readings, sparse weights by 32-bit key, dense weights (readings, inputs) of one character."""
    names = tuple(sorted({one.label for one in group}))
    if len(names) < 2:
        return names, {}, np.zeros((1, 0))
    numbers: dict[int, int] = {}
    rows, columns = [], []
    for row, one in enumerate(group):
        for key in set(one.features[one.features > 0].tolist()):
            rows.append(row)
            columns.append(numbers.setdefault(key, len(numbers)))
    sparse = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(group), len(numbers)))
    dense = np.array([polyphones.dense_inputs(names, one.network, one.hint)[:-1] for one in group])
    labels = [names.index(one.label) for one in group]
    solver = {"solver": "liblinear"} if len(names) == 2 else {"max_iter": 200}
    mixed = len({one.source for one in group}) > 1
    importance = [RARE_SOURCE if mixed and one.source == "cpp" else 1.0 for one in group]
    fitted = LogisticRegression(C=STRENGTH, **solver).fit(hstack([sparse, csr_matrix(dense)]).tocsr(), labels, importance)
    weights, constant = fitted.coef_, fitted.intercept_
    if len(names) == 2:  # one vector for the second reading: half of it for, half against the first
        weights, constant = np.concatenate([-weights, weights]) / 2, np.concatenate([-constant, constant]) / 2
    features = np.array(list(numbers), np.uint64)
    keys = polyphones.reading_keys(features, len(names))
    values = weights[:, : len(numbers)].T
    kept = np.abs(values) >= SMALLEST
    sparse_weights = dict(zip(keys[kept].tolist(), values[kept].tolist(), strict=True))
    return names, sparse_weights, np.concatenate([weights[:, len(numbers) :], constant[:, None]], axis=1)


def train(groups: dict[str, list[Example]]) -> None:
    """Fits every character and writes the model."""
    lines, dense, sparse = [], [], {}
    for character in sorted(groups):
        if len(groups[character]) >= FEWEST:
            names, weights, inputs = fit(groups[character])
            lines.append(" ".join((character, *names)))
            dense.append(inputs.ravel())
            sparse.update(weights)
    keys = np.array(sorted(sparse), np.uint32)
    values = np.array([sparse[key] for key in keys.tolist()])
    step = np.quantile(np.abs(values), 0.9999) / 127
    np.save(DATA / "polyphone_keys.npy", keys)
    np.save(DATA / "polyphone_weights.npy", np.clip(np.round(values / step), -127, 127).astype(np.int8))
    np.save(DATA / "polyphone_dense.npy", np.concatenate(dense).astype(np.float16))
    (DATA / "polyphones.txt").write_text("\n".join([repr(float(step)), *lines]) + "\n", "utf-8")
    print(f"{len(lines)} characters, {len(keys)} weights")


def score(found: list[Example], groups: dict[str, list[Example]]) -> None:
    """Accuracy on fold 0 after training on the others, for the model as it is written (quantised)."""
    train({character: [one for one in group if one.fold] for character, group in groups.items()})
    made = polyphones.Model()
    right, seen = Counter(), Counter()
    for one in found:
        if one.fold:
            continue
        if one.character in made.characters:
            answer = made.answer(one.character, one.features, one.network, one.hint)
        else:
            answer = one.hint.syllable if one.hint else readings.default(one.character)
        seen[one.source] += 1
        right[one.source] += answer == one.label
    print({source: round(100 * right[source] / seen[source], 2) for source in seen}, dict(seen))


def main(sources: Path, held_out: bool) -> None:
    pack_network(sources / "g2pM")
    found = examples(sources)
    groups = defaultdict(list)
    for one in found:
        groups[one.character].append(one)
    if held_out:
        score(found, groups)
    else:
        train(groups)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--held-out" in sys.argv)
