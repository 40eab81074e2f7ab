"""The compiled vocoder against plain arithmetic and against ONNX Runtime's."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tiny import SYMBOLS, make

from sambert import load_voice
from sambert.errors import SpeechError
from sambert.pack import MANIFEST, digest_of, file_digest
from sambert.torch.source import read_source
from sambert.vocoder import kernels, pieces
from sambert.vocoder.compiled import FILE, CompiledVocoder, read
from sambert.vocoder.onnx import OnnxVocoder
from sambert_build.kernels import convolution, product, write
from sambert_build.pack import build_pack

pytestmark = pytest.mark.skipif(kernels.library() is None, reason="kernels.c is not compiled here, or this processor lacks AVX2")
SLOPE = 0.1


def _given(rng, time, channels):
    return rng.standard_normal((time, channels)).astype(np.float32)


def _kernel(rng, outputs, inputs, taps):
    kernel = rng.standard_normal((outputs, inputs, taps)) / np.sqrt(inputs * taps)
    return kernel.astype(np.float32), rng.standard_normal(outputs).astype(np.float32)


def _plain(signal, kernel, bias, dilation, left, slope=SLOPE):
    """The same convolution as a sum over taps, float64."""
    time, taps = len(signal), kernel.shape[2]
    bent = np.where(signal > 0, signal, slope * signal.astype(np.float64))
    padded = np.pad(bent, ((left, dilation * taps), (0, 0)))
    return bias + sum(padded[tap * dilation :][:time] @ kernel[:, :, tap].T for tap in range(taps))


def _layer(kernel, bias, dilation, left, limits=None, slope=SLOPE):
    parts = convolution(kernel, bias, limits)
    arrays = [parts.get(name) for name in ("weights", "bias", "steps", "scales")]
    return kernels.Convolution(*arrays, kernel.shape[1], kernel.shape[2], dilation, left, slope)


def _run(layer, signal, **more):
    out = more.pop("out", np.zeros((len(signal), layer.bias.size), np.float32))
    return layer(signal, out, np.empty(layer.scratch, np.uint8), **more)


@pytest.mark.parametrize("taps", [1, 2, 3, 4, 5, 7, 8, 11, 16])
@pytest.mark.parametrize("dilation", [1, 3, 7])
def test_convolution_is_the_sum_over_its_taps(taps, dilation):
    rng = np.random.default_rng(taps)
    kernel, bias = _kernel(rng, 48, 16, taps)
    for time in (1, 2, 5, 24, 97, 1201):
        for left in (0, (taps - 1) * dilation // 2, (taps - 1) * dilation):
            signal = _given(rng, time, 16)
            wanted = _plain(signal, kernel, bias, dilation, left)
            np.testing.assert_allclose(_run(_layer(kernel, bias, dilation, left), signal), wanted, atol=2e-5)
            whole = _run(_layer(kernel, bias, dilation, left, (signal.min() * SLOPE, signal.max())), signal)
            np.testing.assert_allclose(whole, wanted, atol=0.02)


@pytest.mark.parametrize("limits", [None, (-0.5, 5.0)])
def test_results_are_added_up(limits):
    rng = np.random.default_rng(1)
    signal, kernel = _given(rng, 333, 32), _kernel(rng, 32, 32, 7)
    layer = _layer(*kernel, 3, 9, limits)
    alone = _run(layer, signal)
    added, lying = _given(rng, 333, 32), _given(rng, 333, 32)
    np.testing.assert_allclose(_run(layer, signal, added=added), alone + added, atol=1e-5)
    np.testing.assert_allclose(_run(layer, signal, out=added.copy(), onto=True), alone + added, atol=1e-5)
    np.testing.assert_allclose(_run(layer, signal, added=added, out=lying.copy(), onto=True), alone + added + lying, atol=1e-5)
    both = added.copy()
    np.testing.assert_allclose(_run(layer, signal, added=both, out=both), alone + added, atol=1e-5)


def test_whole_numbers_lose_little():
    rng = np.random.default_rng(2)
    signal, (kernel, bias) = _given(rng, 2000, 128), _kernel(rng, 128, 128, 11)
    exact = _plain(signal, kernel, bias, 1, 5)
    whole = _run(_layer(kernel, bias, 1, 5, (-0.5, 5.0)), signal)
    assert 10 * np.log10(np.square(exact).mean() / np.square(whole - exact).mean()) > 55


def test_what_is_much_too_loud_is_cut_off_and_never_wraps():
    """Sums have 32 bits: all signals at their limit, all weights with the sign that makes the sum greatest."""
    kernel, bias = np.ones((16, 256, 4), np.float32), np.zeros(16, np.float32)
    quiet, loud = (np.full((64, 256), size, np.float32) for size in (1.0, 1e6))
    layer = _layer(kernel, bias, 1, 0, (0.0, 1.0))
    np.testing.assert_allclose(_run(layer, quiet)[:60], 1024, rtol=1e-3)
    heard = _run(layer, loud)[:60]
    assert np.isfinite(heard).all()
    assert (heard > 1024).all(), "a sum that wraps turns negative"


def test_product_is_a_convolution_of_any_stride():
    rng = np.random.default_rng(3)
    kernel, bias = rng.standard_normal((20, 1, 9)).astype(np.float32), rng.standard_normal(20).astype(np.float32)
    parts = product(kernel, bias)
    layer, signal = kernels.Product(parts["weights"], parts["bias"], 9), rng.standard_normal(200).astype(np.float32)
    given = layer(signal, 20, 10, np.empty(20 * 32, np.float32))
    wanted = np.stack([kernel[:, 0] @ signal[at : at + 9] for at in range(0, 200, 10)]) + bias
    np.testing.assert_allclose(given[:, :20], wanted, atol=1e-5)
    assert not given[:, 20:].any()
    with pytest.raises(ValueError, match="expected"):
        layer(signal, 21, 10, np.empty(21 * 32, np.float32))


def test_a_layer_refuses_what_it_would_read_beyond():
    rng = np.random.default_rng(4)
    kernel, bias = _kernel(rng, 16, 16, 3)
    layer = _layer(kernel, bias, 1, 1)
    signal, scratch = _given(rng, 10, 16), np.empty(layer.scratch, np.uint8)
    for wrong in ((signal, np.empty(9 * 16, np.float32), scratch), (signal[:, ::2], np.empty(160, np.float32), scratch)):
        with pytest.raises(ValueError, match="expected"):
            layer(*wrong)
    with pytest.raises(ValueError, match="expected"):
        layer(signal, np.empty((10, 16), np.float32), scratch[:-1])
    with pytest.raises(ValueError, match="16 channels"):
        layer(signal.reshape(20, 8), np.empty((20, 16), np.float32), scratch)
    with pytest.raises(ValueError, match="expected"):
        kernels.Convolution(layer.weights[:-1], layer.bias, None, None, 16, 3, 1, 1, SLOPE)
    with pytest.raises(ValueError, match="dilation"):
        kernels.Convolution(layer.weights, layer.bias, None, None, 16, 3, 0, 1, SLOPE)


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """(flavour, weights) → the pack, built when first asked for."""
    root, built = tmp_path_factory.mktemp("packs"), {}

    def build(flavour, weights="fp32"):
        if (flavour, weights) not in built:
            source = read_source(make(flavour, root / f"{flavour}-{weights}-source"))
            built[flavour, weights] = build_pack(source, root / f"{flavour}-{weights}", weights=weights)
        return built[flavour, weights]

    return build


@pytest.mark.parametrize("weights", ["fp32", "int8"])
@pytest.mark.parametrize("flavour", ["plain", "nsf", "causal"])
def test_speaks_as_onnx_runtime_does(packs, monkeypatch, flavour, weights):
    voice, exact = load_voice(packs(flavour, weights)), load_voice(packs(flavour))
    assert isinstance(voice._vocoder, CompiledVocoder)
    exact._vocoder = OnnxVocoder(exact.pack)
    mel = np.tile(exact.mel(SYMBOLS["long"]), (6, 1))
    wanted = exact.wave(mel)
    assert len(mel) > pieces.PIECE, "a seam is to be spoken too"
    within = 1e-5 if weights == "fp32" else 0.02 * np.abs(wanted).max()
    np.testing.assert_allclose(voice.wave(mel), wanted, atol=within)
    monkeypatch.setattr(pieces, "PIECE", 50)
    np.testing.assert_allclose(voice.wave(mel), wanted, atol=within)


def test_threads_do_not_meet(packs):
    voice = load_voice(packs("nsf"))
    mels = [np.tile(voice.mel(SYMBOLS["long"]), (times, 1)) for times in (1, 2, 3, 4)]
    wanted = [voice.wave(mel) for mel in mels]
    with ThreadPoolExecutor(4) as threads:
        for wave, want in zip(threads.map(voice.wave, mels * 5), wanted * 5, strict=True):
            assert np.array_equal(wave, want)


def test_a_switch_chooses(packs, monkeypatch):
    monkeypatch.setenv(kernels.SWITCH, "onnx")
    kernels.library.cache_clear()
    try:
        assert isinstance(load_voice(packs("plain"))._vocoder, OnnxVocoder)
    finally:
        monkeypatch.undo()
        kernels.library.cache_clear()


@pytest.mark.parametrize("harm", ["header", "smaller", "absent", "taps"])
def test_a_file_that_does_not_fit_is_refused(packs, tmp_path, harm):
    """Even where somebody renewed the pack's digests: the compiled code must never be given a wrong size."""
    about, arrays = read(packs("plain") / FILE)
    if harm == "smaller":
        arrays["conv_pre.weights"] = arrays["conv_pre.weights"][:-16]
    elif harm == "absent":
        del arrays["up.0.bias"]
    elif harm == "taps":
        about["stages"][0]["blocks"][0]["taps"] = 90
    folder = tmp_path / "pack"
    folder.mkdir()
    for path in packs("plain").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    write(folder / FILE, about, arrays)
    if harm == "header":
        (folder / FILE).write_bytes(b"\xff" * 100)
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"][FILE] = file_digest(folder / FILE)
    manifest["digest"] = digest_of(manifest["files"], manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(SpeechError) as caught:
        load_voice(folder)
    assert caught.value.code == "voice_corrupt"
