"""Moves phone boundaries to where the phones sound.

In: per utterance its phones, the teacher's own durations and the sound. Out: frames a phone, again adding up exactly.

A teacher's token durations only order its decoder about: Kokoro speaks some 60 ms ahead of them, and hides the pause after
a clause in the syllable before it. A student with no attention to learn from needs the truth. So a small HMM (one Gaussian
a state, three states a phone) is started from the teacher's durations and realigned a few times by Viterbi.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

STATES = 3  # of a phone; a break has one state, silence, and may be skipped
REACH = 16  # frames a boundary may move from where the teacher put it
SILENCE = "sil"


@dataclass(frozen=True)
class Spoken:
    """phones: (S,) names, breaks begin with "#". frames: (S,) the teacher's. features: (T, D). lead: silence before, frames."""

    phones: Sequence[str]
    frames: np.ndarray
    features: np.ndarray
    lead: int


def _chain(phones: Sequence[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """State names, the phone each belongs to (−1: silence before the first), and which states may be skipped."""
    names, owner, skippable = [SILENCE], [-1], [True]
    for place, phone in enumerate(phones):
        states = [SILENCE] if phone[0] == "#" else [f"{phone}/{n}" for n in range(STATES)]
        names += states
        owner += [place] * len(states)
        # initials are short: their middle state may be skipped
        skippable += [phone[0] == "#"] if len(states) == 1 else [False, True, False]
    return names, np.array(owner), np.array(skippable)


def _first_guess(one: Spoken, shift: int) -> np.ndarray:
    """(T,) state index of every frame when each phone's teacher frames are cut evenly, moved earlier by ``shift``."""
    _, owner, _ = _chain(one.phones)
    path = np.zeros(len(one.features), int)
    end = one.lead - shift
    for place, count in enumerate(one.frames):
        states = np.flatnonzero(owner == place)
        clock = np.arange(count)
        begin, end = end, end + count
        inside = (begin + clock >= 0) & (begin + clock < len(path))
        path[(begin + clock)[inside]] = states[(clock * len(states) // max(count, 1))[inside]]
    path[max(end, 0) :] = len(owner) - 1
    return path


def _models(corpus: Sequence[Spoken], paths: Sequence[np.ndarray]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Mean and variance of every state; variances lean on the overall one so that rare phones stay sane."""
    gathered: dict[str, list[np.ndarray]] = defaultdict(list)
    for one, path in zip(corpus, paths, strict=True):
        names = np.array(_chain(one.phones)[0])[path]
        order = np.argsort(names, kind="stable")
        for name, rows in zip(*_groups(names[order], one.features[order]), strict=True):
            gathered[name].append(rows)
    overall = np.concatenate([one.features for one in corpus[:100]]).var(0)
    stacked = {name: np.concatenate(rows) for name, rows in gathered.items()}
    return {name: (rows.mean(0), (rows.var(0) * len(rows) + overall * 20) / (len(rows) + 20)) for name, rows in stacked.items()}


def _groups(names: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    unique, starts = np.unique(names, return_index=True)
    return unique, np.split(rows, starts[1:])


def _viterbi(scores: np.ndarray, skippable: np.ndarray) -> np.ndarray:
    """scores: (T, J) log-likelihoods. Returns the best (T,) monotone path from the first to the last state."""
    frames, states = scores.shape
    best = np.full(states, -np.inf)
    best[:2] = scores[0, :2]
    came = np.zeros((frames, states), np.int8)
    may_jump = np.concatenate([[False, False], skippable[1:-1]])
    for t in range(1, frames):
        step = np.concatenate([[-np.inf], best[:-1]])
        jump = np.where(may_jump, np.concatenate([[-np.inf, -np.inf], best[:-2]]), -np.inf)
        options = np.stack([best, step, jump])
        came[t] = options.argmax(0)
        best = options.max(0) + scores[t]
    path = np.empty(frames, int)
    path[-1] = states - 1
    for t in range(frames - 1, 0, -1):
        path[t - 1] = path[t] - came[t, path[t]]
    return path


def _decode(one: Spoken, models: dict[str, tuple[np.ndarray, np.ndarray]], shift: int) -> np.ndarray:
    names, owner, skippable = _chain(one.phones)
    fallback = models[SILENCE]
    means, variances = (np.stack(part) for part in zip(*(models.get(name, fallback) for name in names), strict=True))
    precise = 1 / variances
    scores = -0.5 * ((one.features**2) @ precise.T - 2 * one.features @ (means * precise).T)
    scores -= 0.5 * ((means**2 * precise).sum(1) + np.log(variances).sum(1))
    ends = one.lead - shift + np.cumsum(one.frames)
    clock = np.arange(len(one.features))[:, None]
    begins = np.concatenate([[0], ends - one.frames])[owner + 1]
    reach_end = np.concatenate([[one.lead], ends])[owner + 1] + REACH
    outside = (clock < begins - REACH) | (clock > reach_end)
    outside[:, 0] = clock[:, 0] > one.lead + REACH
    outside[:, -1] = False  # the last pause takes all that is left
    return _viterbi(np.where(outside, scores - 1e4, scores), skippable)


def realign(corpus: Sequence[Spoken], shift: int = 5, rounds: int = 4) -> list[tuple[int, np.ndarray]]:
    """Returns for each utterance the first frame of its first phone and (S,) frames a phone; lead + sum = its length.

    Breaks without a pause get 0 frames; every phone has at least 1.
    """
    paths = [_first_guess(one, shift) for one in corpus]
    for _ in range(rounds):
        models = _models(corpus, paths)
        paths = [_decode(one, models, shift) for one in corpus]
    aligned = []
    for one, path in zip(corpus, paths, strict=True):
        owners = _chain(one.phones)[1][path]
        counts = np.bincount(owners + 1, minlength=len(one.phones) + 1)
        aligned.append((int(counts[0]), counts[1:]))
    return aligned
