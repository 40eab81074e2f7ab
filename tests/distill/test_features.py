"""Teacher audio to training features: boundaries where the phones sound, emotions that go the way their recipes say."""

from __future__ import annotations

import numpy as np
import pytest

from sambert_distill import emotions, features, sound

RATE_BY_STRENGTH = (0.5, 1.0, 1.5, 2.0)


@pytest.fixture(scope="module")
def lines(corpus):
    return features.read_corpus(corpus)


def test_boundaries_move_to_where_the_phones_sound(lines):
    # the labels come 5 frames late; each syllable is 6 frames of noise and 10 of buzz
    for line in lines:
        ends = np.cumsum(line.frames) - features.HEAD
        assert np.abs(ends[:12] - np.cumsum([6, 10] * 6)).max() <= 1


def test_frames_cover_the_sound_exactly(lines):
    for line in lines:
        assert line.frames.sum() == len(line.f0) == len(line.samples) / sound.HOP == len(sound.mel(line.samples))


@pytest.mark.parametrize("name", emotions.RECIPES)
def test_an_emotion_is_stronger_the_stronger_it_is(lines, name):
    line, recipe = lines[0], emotions.RECIPES[name]
    analysis = emotions.analyse(line.samples, line.f0)
    lengths, pitches, levels = [len(line.f0)], [np.log2(line.f0[line.f0 > 0]).mean()], [sound.log_rms(line.samples)[5:80].mean()]
    for strength in RATE_BY_STRENGTH:
        samples, f0, frames = emotions.perform(analysis, line.frames, line.phones, recipe, strength)
        assert len(samples) == frames.sum() * sound.HOP == len(f0) * sound.HOP
        assert (frames[line.frames > 0] > 0).all()
        lengths.append(frames.sum())
        pitches.append(np.log2(f0[f0 > 0]).mean())
        levels.append(np.log(np.sqrt((samples**2).mean())))
    assert (np.sign(np.diff(lengths)) == -np.sign(recipe.rate - 1)).all()
    assert (np.sign(np.diff(pitches)) == np.sign(recipe.lift)).all()
    assert (np.sign(np.diff(levels[1:])) == np.sign(recipe.gain)).all()


def test_phone_means_ignore_what_is_not_counted():
    values, counted = np.array([1.0, 3.0, 9.0, 5.0]), np.array([True, True, False, False])
    assert features.phone_means(values, np.array([2, 0, 2]), counted).tolist() == [2.0, 0.0, 0.0]
