"""Both back ends against what KAN-TTS's own classes gave (golden/), and against each other."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from make_golden import SEED, THIN
from tiny import FLAVOURS, SYMBOLS, make

from sambert import load_voice
from sambert.errors import SpeechError
from sambert.torch.source import read_source
from sambert.vocoder.compiled import CompiledVocoder
from sambert.vocoder.kernels import SWITCH, library
from sambert_build.pack import build_pack

GOLDEN = Path(__file__).parent / "golden"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "voice-v0"


@pytest.fixture(scope="module")
def voices(tmp_path_factory):
    """flavour → the pack's folder, built when first asked for."""
    root, built = tmp_path_factory.mktemp("voices"), {}

    def build(flavour: str) -> Path:
        if flavour not in built:
            built[flavour] = build_pack(read_source(make(flavour, root / "sources" / flavour)), root / "packs" / flavour)
        return built[flavour]

    return build


@pytest.mark.parametrize("backend", ["torch", "onnx", "compiled"])
@pytest.mark.parametrize("flavour", FLAVOURS)
def test_speaks_as_the_reference(voices, monkeypatch, flavour, backend):
    if backend != "torch":  # the compiled vocoder is the onnx back end's where it can run
        monkeypatch.setenv(SWITCH, backend)
        library.cache_clear()
    voice = load_voice(voices(flavour), backend="torch" if backend == "torch" else "onnx")
    if backend == "compiled" and not isinstance(voice._vocoder, CompiledVocoder):
        pytest.skip("a source-filter vocoder" if library() else "kernels.c is not compiled here, or this processor lacks AVX2")
    with np.load(GOLDEN / f"{flavour}.npz") as golden:
        for name, symbols in SYMBOLS.items():
            mel = voice.mel(symbols)[::THIN]
            assert mel.shape == golden[name].shape
            np.testing.assert_allclose(mel, golden[name], atol=1e-4)
        wave = voice.wave(golden["mel_of_wave"], seed=SEED)[: len(golden["wave"])]
        np.testing.assert_allclose(wave, golden["wave"], atol=1e-3)


@pytest.fixture(autouse=True)
def as_ever():
    """The choice of a vocoder is made once a process."""
    yield
    library.cache_clear()


@pytest.mark.parametrize("flavour", ["nsf", "causal", "source_filter"])
def test_back_ends_agree_in_pieces(voices, flavour):
    """A mel longer than one vocoder piece: the seams must not be heard."""
    onnx, torch = (load_voice(voices(flavour), backend=each) for each in ("onnx", "torch"))
    mel = np.tile(onnx.mel(SYMBOLS["long"]), (6, 1))
    source = read_source(make(flavour, voices(flavour).parent / f"whole-{flavour}"))
    import torch as pytorch

    from sambert.vocoder.pieces import PIECE, excited

    assert len(mel) > PIECE
    frames, source_signal = excited(mel, onnx.manifest)
    if source_signal is not None:
        source_signal = pytorch.from_numpy(source_signal)[None]
    with pytorch.no_grad():
        whole = source.vocoder()(pytorch.from_numpy(np.ascontiguousarray(frames)).T[None], source_signal)[0, 0].numpy()
    assert np.abs(whole).max() > 0.01
    for voice in (onnx, torch):
        np.testing.assert_allclose(voice.wave(mel), whole, atol=1e-4)


def test_excitation_follows_the_seed(voices):
    voice = load_voice(voices("nsf"))
    mel = voice.mel(SYMBOLS["short"])
    assert np.array_equal(voice.wave(mel, seed=3), voice.wave(mel, seed=3))
    assert not np.array_equal(voice.wave(mel, seed=3), voice.wave(mel, seed=4))


def test_torch_stream_is_torchs():
    import torch

    from sambert.vocoder.excitation import TorchStream

    for count in (16, 100, 4096 + 7):
        torch.manual_seed(11)
        wanted = torch.rand(8).numpy(), torch.randn(count).numpy()
        stream = TorchStream(11)
        np.testing.assert_allclose(stream.uniform(8), wanted[0], atol=1e-7)
        np.testing.assert_allclose(stream.normal(count), wanted[1], atol=1e-5)


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/voice-v0 is not beside this checkout")
@pytest.mark.parametrize("backend", ["torch", "onnx"])
def test_a_trained_voice_speaks_as_the_reference(tmp_path, monkeypatch, backend):
    """Straight from a ModelScope directory, without building a pack by hand."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    voice = load_voice(SHARED, backend=backend)
    symbols = json.loads((SHARED / "reference" / "symbols.json").read_text())
    with np.load(SHARED / "reference" / "mels.npz") as mels:
        for name, sequence in symbols.items():
            np.testing.assert_allclose(voice.mel(sequence), mels[name], atol=1e-4)


def test_controls_act_alike_on_both_back_ends(voices):
    from sambert.synthesizer import _neutral_input

    spoken = []
    for backend in ("torch", "onnx"):
        voice = load_voice(voices("nsf"), backend=backend)
        ids = voice.manifest.table.parse(SYMBOLS["long"])
        count = len(ids)
        given = _neutral_input(ids[:, :4], voice.pack.emotion[ids[:, 4]], voice.pack.speaker[ids[:, 5]])
        slope = np.linspace(0.5, 1.5, count, dtype=np.float32)
        given = type(given)(given.ids, given.emotion, given.speaker, slope, slope, -slope)
        spoken.append(voice._acoustic.mel(given))
    assert np.array_equal(spoken[0].durations, spoken[1].durations)
    np.testing.assert_allclose(spoken[0].frames, spoken[1].frames, atol=1e-3)


def test_strict_loading_names_what_is_wrong(tmp_path):
    import torch

    source = make("plain", tmp_path / "v")
    path = source / "voices/tiny/am/ckpt/checkpoint_7.pth"
    content = torch.load(path, weights_only=True)
    content["model"].pop("mel_postnet.fc.bias")
    torch.save(content, path)
    with pytest.raises(SpeechError, match=r"mel_postnet\.fc\.bias") as caught:
        read_source(source).acoustic()
    assert caught.value.code == "source_invalid"


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path):
    import pickle

    import torch

    class Evil:
        def __reduce__(self):
            return (Path(tmp_path / "ran").touch, ())

    source = make("plain", tmp_path / "v")
    evil = {"model": Evil()}
    for number, save in ((8, torch.save), (9, lambda content, path: path.write_bytes(pickle.dumps(content)))):
        save(evil, source / f"voices/tiny/am/ckpt/checkpoint_{number}.pth")
        with pytest.raises(SpeechError) as caught:
            read_source(source)
        assert caught.value.code == "source_invalid"
    assert not (tmp_path / "ran").exists()


def test_chooses_the_voice_by_name(tmp_path):
    source = make("plain", tmp_path / "v")
    assert read_source(source, "tiny").name == "tiny"
    assert read_source(source / "voices" / "tiny").name == "tiny"
    with pytest.raises(SpeechError, match="nobody"):
        read_source(source, "nobody")


def test_a_pack_replaces_a_pack_and_nothing_else(tmp_path):
    source = read_source(make("plain", tmp_path / "v"))
    taken, pack = tmp_path / "taken", tmp_path / "pack"
    taken.mkdir()
    (taken / "diary.txt").write_text("mine")
    with pytest.raises(SpeechError, match="folder_taken"):
        build_pack(source, taken)
    assert (taken / "diary.txt").read_text() == "mine"
    build_pack(source, pack, name="first")
    (pack / "README.md").write_text("its card")
    build_pack(source, pack, name="second")
    assert load_voice(pack).manifest.name == "second"
    assert (pack / "README.md").read_text() == "its card"


@pytest.mark.parametrize("flavour", ["parallel", "source_filter"])
def test_half_weights_halve_the_pack_and_keep_the_sound(tmp_path, voices, flavour):
    folder = build_pack(read_source(make(flavour, tmp_path / "v")), tmp_path / "half", weights="fp16")
    whole, half = load_voice(voices(flavour)), load_voice(folder)
    weights = [sum(path.stat().st_size for path in voice.pack.root.glob("*.bin")) for voice in (whole, half)]
    assert weights[1] < 0.6 * weights[0]
    mel = whole.mel(SYMBOLS["short"])
    np.testing.assert_allclose(half.mel(SYMBOLS["short"]), mel, atol=0.02)
    np.testing.assert_allclose(half.wave(mel), whole.wave(mel), atol=0.02)


def test_a_source_filter_vocoder_speaks_at_the_pitch_it_is_told():
    """Pulses as many a second as F0 says, and none where nothing is voiced."""
    from sambert.vocoder.excitation import pulses

    f0, voiced = np.full(100, 125.0), np.repeat([1.0, 0.0], 50)
    comb, noise = pulses(f0, voiced, 200, 16000)
    peaks = np.flatnonzero(comb > 0.9 * comb.max())
    assert set(np.diff(peaks[::2]).tolist()) == {128}  # each falls between two samples; 125 Hz at 16 kHz
    assert not comb[10000:].any()
    for signal in (comb[:10000], noise):
        assert 0.95 < np.square(signal).mean() < 1.05
    assert np.array_equal(pulses(f0, voiced, 200, 16000, seed=3), pulses(f0, voiced, 200, 16000, seed=3))


def test_a_source_filter_vocoder_never_passes_full_scale():
    import torch

    from sambert.torch.source_filter import limited

    loud = torch.linspace(-3, 3, 601)
    bent = limited(loud)
    assert bent.abs().max() <= 1 and (bent.diff() >= 0).all()
    assert torch.equal(bent[loud.abs() < 0.69], loud[loud.abs() < 0.69])
