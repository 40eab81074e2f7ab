"""From corpus to a voice directory in a few steps, stopped and resumed; and what makes the student special."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import yaml

from sambert import load_voice
from sambert.errors import SpeechError
from sambert.torch.acoustic import Sambert, Sizes
from sambert.torch.source import read_source, vocoder_of
from sambert_build.unpack import unpack
from sambert_distill import features, pipeline, student
from sambert_distill.data import Features
from sambert_distill.features import Scales
from sambert_distill.speedups import quicken
from sambert_distill.symbols import table_of

SMALL_AM = {"embedding_dim": 32, "encoder_num_units": 32, "encoder_num_layers": 1, "encoder_ffn_inner_dim": 32,
            "decoder_num_units": 32, "decoder_num_layers": 1, "decoder_ffn_inner_dim": 32, "decoder_prenet_units": [16, 16],
            "postnet_ffn_inner_dim": 32, "postnet_num_memory_units": 32, "postnet_lstm_units": 16, "predictor_ffn_inner_dim": 16,
            "predictor_num_memory_units": 16, "predictor_lstm_units": 8, "dur_pred_lstm_units": 8,
            "dur_pred_prenet_units": [8, 8]}  # fmt: skip


@pytest.fixture(scope="module")
def config(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("distill")
    sizes = pipeline.Path(pipeline.__file__).parent / "sizes"
    am, voc = (yaml.safe_load((sizes / f"{room}.yaml").read_text()) for room in ("am", "voc"))
    am["Model"]["KanTtsSAMBERT"]["params"].update(SMALL_AM)
    voc["Model"]["Generator"]["params"] |= {"width": 16, "inner": 16, "slow_blocks": 1, "fast_blocks": 1}
    for room, content in (("am", am), ("voc", voc)):
        (folder / f"{room}.yaml").write_text(yaml.safe_dump(content))
    (folder / "voice.toml").write_text(
        f"""name = "tiny"
work = "work"
pack = "pack"
licence = "CC0-1.0"
[corpus]
folder = "{corpus}"
[features]
emotional_per_line = 1
[sizes]
acoustic = "am.yaml"
vocoder = "voc.yaml"
[acoustic]
steps = 3
frames = 300
bf16 = false
[vocoder]
steps = 2
pieces = 2
frames = 20
[tune]
steps = 2
pieces = 2
frames = 20
lines = 4
"""
    )
    return pipeline.Config.read(folder / "voice.toml")


@pytest.fixture(scope="module")
def made(config):
    said: list[str] = []
    return pipeline.run(config, said.append), said


def test_the_pipeline_ends_in_a_readable_voice(made):
    source = read_source(made[0])
    assert tuple(source.trained["emotions"]) == ("neutral", "happy", "sad", "angry", "fear", "surprise")
    assert set(source.trained["phones"]) == {"s_c", "a_c", "#4"}
    assert source.f0_mean > 100
    source.acoustic(), source.vocoder()


def test_the_pack_is_built_from_it(config, made):
    manifest = load_voice(config.place("pack")).manifest
    assert (manifest.name, manifest.licence) == ("tiny", "CC0-1.0") and "happy" in manifest.emotions


def test_the_pack_can_be_trained_further(config, made):
    """Weights and scales come back out of it: as exact as its 16 bits, and 8 in the vocoder's products."""
    am, voc = (config.sizes(room)["Model"] for room in ("acoustic", "vocoder"))
    params, source = am["KanTtsSAMBERT"]["params"], read_source(made[0])
    found = unpack(config.place("pack"), params, Sizes(**source.table.sizes), voc["Generator"]["params"])
    ids = source.table.encode([("s_c", "tone1", "s_begin", "word_begin"), ("a_c", "tone1", "s_end", "word_begin")] * 4)
    again = Sambert(params, Sizes(**source.table.sizes))
    again.load_state_dict(found.am_state, strict=True)
    wanted = student.speak(source.acoustic(), ids, "sad", 1.5)
    np.testing.assert_allclose(student.speak(again.eval(), ids, "sad", 1.5), wanted, atol=5e-3)
    vocoder, mel, pulses = vocoder_of(voc["Generator"]["params"]), torch.randn(1, 82, 20), torch.randn(1, 2, 4000)
    vocoder.load_state_dict(found.voc_state, strict=True)
    with torch.no_grad():
        torch.testing.assert_close(vocoder.eval()(mel, pulses), source.vocoder()(mel, pulses), atol=0.02, rtol=0.02)
    kept, trained = Scales.load(config.place("pack")), Scales.load(config.work / "features" / "scales.npz")
    for name in ("mel", "f0", "energy"):
        np.testing.assert_allclose(getattr(kept, name), getattr(trained, name), rtol=1e-5)


def test_a_corpus_grows_without_its_old_lines_being_made_anew(config, made):
    first = config.work / "features"
    settings = {**config.settings, "work": "grown", "features": {"emotional_per_line": 2, "earlier": [str(first)]}}
    grown = pipeline.Config(config.path, settings)
    pipeline.make_features(grown, lambda _: None)
    old, both = Features(first), Features(grown.work / "features")
    assert len(both) == len(old) + 12
    for key in ("mel", "pitch"):
        np.testing.assert_array_equal(both.part(key, 3), old.part(key, 3))
        np.testing.assert_array_equal(both.part(key, len(old)), old.part(key, 0))
    np.testing.assert_array_equal(both.samples(len(old), 2, 5), old.samples(0, 2, 5))
    other = Scales.load(first / "scales.npz")
    replace(other, f0=other.f0 + 1).save(grown.work / "features-new" / "scales.npz")
    with pytest.raises(ValueError, match="other scales"):
        features.join([first, grown.work / "features-new"], grown.work / "never")


def test_a_voice_trained_further_may_keep_what_it_knew(config, made):
    pack_folder = config.place("pack")
    settings = {**config.settings, "work": "further", "warm": {"pack": str(pack_folder)}}
    settings["acoustic"] = {"steps": 1, "frames": 300, "rate": 0.1, "keep_emotions": True, "old_share": 1.0}
    settings["features"] = {"emotional_per_line": 1, "scales": str(pack_folder)}
    del settings["pack"]
    further = pipeline.Config(config.path, settings)
    voice = read_source(pipeline.run(further, lambda _: None))
    sizes = config.sizes("acoustic")["Model"]["KanTtsSAMBERT"]["params"]
    old = unpack(pack_folder, sizes, Sizes(**voice.table.sizes), voice.voc_params).am_state
    torch.testing.assert_close(voice.am_state, old)
    assert not torch.equal(torch.load(further.work / "acoustic.pt", weights_only=True)["average"]["mel_postnet.fc.weight"],
                           old["mel_postnet.fc.weight"])  # fmt: skip


def test_a_pack_of_other_sizes_is_no_beginning(config, made):
    voc = config.sizes("vocoder")["Model"]["Generator"]["params"]
    am = yaml.safe_load((pipeline.Path(pipeline.__file__).parent / "sizes" / "am.yaml").read_text())
    with pytest.raises(SpeechError) as refused:
        unpack(config.place("pack"), am["Model"]["KanTtsSAMBERT"]["params"], Sizes(**table_of(am).sizes), voc)
    assert refused.value.code == "source_invalid"


def test_a_second_run_skips_what_is_done(config, made):
    said: list[str] = []
    pipeline.run(config, said.append)
    assert said == [f"{stage}: done before" for stage in pipeline.STAGES if stage != "evaluation"]


def test_training_goes_on_where_it_was_stopped(config, made):
    for mark in ("acoustic", "voice"):
        (config.work / "done" / f"{mark}.json").unlink()
    config.settings["acoustic"]["steps"] = 5
    said: list[str] = []
    pipeline.run(config, said.append)
    assert "resumed at step 3" in said
    assert torch.load(config.work / "acoustic.pt", weights_only=True)["step"] == 5


def test_the_speaking_student_is_the_one_the_engine_runs(made):
    """All decoder steps at once give what the engine's step-by-step decoder gives."""
    source = read_source(made[0])
    model = source.acoustic()
    ids = source.table.encode([("s_c", "tone1", "s_begin", "word_begin"), ("a_c", "tone1", "s_end", "word_begin")] * 8)
    rows = model.emo_tokenizer.weight.detach()
    feeling = rows[1] + 1.5 * (rows[5] - rows[1])
    batch = torch.from_numpy(ids)[None]
    engine = model.infer(batch, feeling.expand(1, len(ids), -1), model.speaker(torch.zeros_like(batch[..., 0])))
    at_once = student.speak(model, ids, "happy", 1.5)
    np.testing.assert_allclose(at_once, engine.postnet[0].numpy(), atol=1e-5)


def test_feedback_stays_cut_through_training(made):
    model = read_source(made[0]).acoustic()
    prenets = (model.mel_decoder.mel_dec.prenet, model.variance_adaptor.duration_predictor.prenet)
    assert all(not parameter.any() for prenet in prenets for parameter in prenet.parameters())


def test_quick_convolutions_have_the_same_gradients(config):
    sizes = config.sizes("acoustic")
    model = Sambert(sizes["Model"]["KanTtsSAMBERT"]["params"], Sizes(**table_of(sizes).sizes))
    plain = model.mel_postnet.fsmn.memory_block_lst[0].conv_dw
    x = torch.randn(2, plain.in_channels, 150, requires_grad=True)
    wanted = torch.autograd.grad(F.conv1d(x, plain.weight, groups=plain.groups).square().sum(), [x, plain.weight])
    keys = list(model.state_dict())
    assert list(quicken(model).state_dict()) == keys
    found = torch.autograd.grad(plain(x).square().sum(), [x, plain.weight])
    for a, b in zip(wanted, found, strict=True):
        torch.testing.assert_close(a, b, atol=1e-3, rtol=1e-3)


def test_marks_of_stages_carry_their_settings(config, made):
    digests = {stage: json.loads((config.work / "done" / f"{stage}.json").read_text())["digest"] for stage in pipeline.STAGES
               if stage != "evaluation"}  # fmt: skip
    assert len(set(digests.values())) == len(digests)
