"""A pack in 8 bits is like any other and sounds like the one in 32."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import SYMBOLS, make

from sambert import load_voice
from sambert.torch.source import read_source
from sambert_build import int8_decoder
from sambert_build.pack import build_pack


def test_blocks_keep_seven_bits_of_each_block():
    weight = np.random.RandomState(0).randn(8, 64).astype(np.float32)
    packed, scales = int8_decoder.blocks(weight)
    restored = ((packed.astype(np.float32) - 128).reshape(-1, 32) * scales[:, None]).reshape(8, 64)
    assert np.abs(restored - weight).max() <= np.abs(weight).max() / 254 + 1e-6


@pytest.mark.parametrize("flavour", ["nsf", "parallel", "source_filter"])
def test_variant_speaks_alike(tmp_path, flavour):
    source = read_source(make(flavour, tmp_path / "source"))
    exact = load_voice(build_pack(source, tmp_path / "pack"))
    fast = load_voice(build_pack(source, tmp_path / "fast", weights="int8"))
    assert fast.manifest.digest != exact.manifest.digest
    mel = exact.mel(SYMBOLS["long"])
    assert fast.mel(SYMBOLS["long"]).shape == mel.shape
    wave, rough = exact.wave(mel), fast.wave(mel)
    assert np.square(wave - rough).sum() < 0.03 * np.square(wave).sum()
