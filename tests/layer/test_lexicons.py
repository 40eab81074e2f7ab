"""Whose readings a voice of a deployment goes by: heard in the samples, and told by the digest that object keys carry."""

from __future__ import annotations

import numpy as np
import pytest

from sambert import Request
from sambert.errors import SpeechError
from sambert.frontend.user_lexicon import UserLexicon
from sambert.voices import Shelf, voices_folder

HOUSE = UserLexicon({"单于": "dan1 yu2", "重来": "zhong4 lai2"})


@pytest.fixture
def folder(demo, tmp_path, monkeypatch):
    """Two voices of one pack; the second has a lexicon of its own."""
    pack = voices_folder() / demo
    for name in (demo, "second"):
        (tmp_path / name).mkdir()
        for path in pack.iterdir():
            (tmp_path / name / path.name).symlink_to(path)
    (tmp_path / "second" / "lexicon.txt").write_text("单于 shan4 yu4\n", "utf-8")
    monkeypatch.setenv("SAMBERT_VOICES", str(tmp_path))
    return tmp_path


def heard(shelf: Shelf, name: str, text: str, **more) -> np.ndarray:
    return shelf.open(name).speak(Request(text=text, **more)).samples


def test_the_deployments_readings_hold_for_every_voice_and_the_voices_own_go_before_them(folder, demo):
    shelf, bare = Shelf(2, HOUSE), Shelf(2)
    for name, reading in ((demo, "dan1 yu2"), ("second", "shan4 yu4")):
        assert np.array_equal(heard(shelf, name, "单于"), heard(bare, demo, "单于", lexicon={"单于": reading}))
        assert np.array_equal(heard(shelf, name, "重来"), heard(bare, demo, "重来", lexicon={"重来": "zhong4 lai2"}))
    assert not np.array_equal(heard(bare, demo, "单于"), heard(shelf, demo, "单于"))


def test_a_voice_that_ssml_switches_to_keeps_its_own(folder, demo):
    switched = Shelf(2).open(demo).speak(Request(ssml='<speak><voice name="second">单于</voice></speak>')).samples
    assert np.array_equal(switched, heard(Shelf(2), "second", "单于"))


def test_what_changes_the_sound_changes_the_digest(folder, demo):
    digests = [Shelf(1).lexicon(demo).digest, Shelf(1).lexicon("second").digest, Shelf(1, HOUSE).lexicon("second").digest]
    (folder / "second" / "lexicon.txt").write_text("单于 shan4 yu2\n", "utf-8")
    digests.append(Shelf(1).lexicon("second").digest)
    assert digests[0] == "" and len(set(digests)) == len(digests)


def test_a_broken_lexicon_of_a_voice_is_named(folder):
    (folder / "second" / "lexicon.txt").write_text("单于 shan4\n", "utf-8")
    with pytest.raises(SpeechError) as caught:
        Shelf(1).open("second")
    assert caught.value.code == "bad_lexicon_file" and caught.value.detail["line"] == 1
