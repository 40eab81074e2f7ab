"""A pack in 8 bits is like any other and sounds like the one in 32."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from tiny import SYMBOLS, make

from sambert import load_voice
from sambert.torch.source import read_source
from sambert.vocoder import pieces
from sambert.vocoder.onnx import OnnxVocoder
from sambert_build import int8_decoder
from sambert_build.int8_blocks import by_phases
from sambert_build.pack import build_pack


def test_blocks_keep_seven_bits_of_each_block():
    weight = np.random.RandomState(0).randn(8, 64).astype(np.float32)
    packed, scales = int8_decoder.blocks(weight)
    restored = ((packed.astype(np.float32) - 128).reshape(-1, 32) * scales[:, None]).reshape(8, 64)
    assert np.abs(restored - weight).max() <= np.abs(weight).max() / 254 + 1e-6


@pytest.mark.parametrize(("scale", "size", "left"), [(2, 4, 1), (5, 11, 3), (5, 16, 0), (10, 23, 7)])
def test_transposed_convolution_by_phases(scale, size, left):
    x, kernel = torch.randn(1, 3, 8, dtype=torch.float64), torch.randn(3, 4, size, dtype=torch.float64)
    wanted = torch.conv_transpose1d(x, kernel, stride=scale)[0, :, left:][:, : 8 * scale]
    spread, pads = by_phases(kernel.numpy(), scale, left)
    padded = torch.nn.functional.pad(x, pads)
    given = torch.conv1d(padded, torch.from_numpy(spread.swapaxes(1, 2).copy()))[0]  # (scale · C', T)
    assert torch.allclose(given.reshape(scale, 4, 8).permute(1, 2, 0).reshape(4, -1), wanted)


def test_pieces_come_out_exactly(tmp_path, monkeypatch):
    voice = load_voice(build_pack(read_source(make("nsf", tmp_path / "source")), tmp_path / "fast", weights="int8"))
    voice._vocoder = OnnxVocoder(voice.pack)  # the compiled one's blocks begin elsewhere in every piece (test_kernels.py)
    mel = voice.mel(SYMBOLS["long"])
    whole = voice.wave(mel)
    monkeypatch.setattr(pieces, "PIECE", -(-len(mel) // 3))
    assert np.array_equal(voice.wave(mel), whole)


@pytest.mark.parametrize("way", ["onnx", "compiled"])
@pytest.mark.parametrize("flavour", ["nsf", "parallel", "source_filter"])
def test_variant_speaks_alike(tmp_path, flavour, way):
    source = read_source(make(flavour, tmp_path / "source"))
    exact = load_voice(build_pack(source, tmp_path / "pack"))
    fast = load_voice(build_pack(source, tmp_path / "fast", weights="int8"))
    if way == "onnx":
        fast._vocoder = OnnxVocoder(fast.pack)
    assert fast.manifest.digest != exact.manifest.digest
    mel = exact.mel(SYMBOLS["long"])
    assert fast.mel(SYMBOLS["long"]).shape == mel.shape
    wave, rough = exact.wave(mel), fast.wave(mel)
    assert np.square(wave - rough).sum() < 0.03 * np.square(wave).sum()
