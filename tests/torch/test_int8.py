"""The 8-bit variant of a pack: a pack like any other that sounds like the one it was made from."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import SYMBOLS, make

from sambert import load_voice
from sambert.errors import SpeechError
from sambert.torch.source import read_source
from sambert_build import int8_decoder
from sambert_build.int8 import int8_pack
from sambert_build.pack import build_pack


def test_blocks_keep_seven_bits_of_each_block():
    weight = np.random.RandomState(0).randn(8, 64).astype(np.float32)
    packed, scales = int8_decoder.blocks(weight)
    restored = ((packed.astype(np.float32) - 128).reshape(-1, 32) * scales[:, None]).reshape(8, 64)
    assert np.abs(restored - weight).max() <= np.abs(weight).max() / 254 + 1e-6


def test_variant_speaks_alike(tmp_path):
    pack = build_pack(read_source(make("nsf", tmp_path / "source")), tmp_path / "pack")
    exact, fast = load_voice(pack), load_voice(int8_pack(pack, tmp_path / "fast"))
    assert fast.manifest.name == "tiny-int8" and fast.manifest.digest != exact.manifest.digest
    mel = exact.mel(SYMBOLS["long"])
    assert fast.mel(SYMBOLS["long"]).shape == mel.shape
    wave, rough = exact.wave(mel), fast.wave(mel)
    assert np.square(wave - rough).sum() < 0.03 * np.square(wave).sum()


def test_refuses_a_pack_of_16_bits(tmp_path):
    pack = build_pack(read_source(make("plain", tmp_path / "source")), tmp_path / "pack", half=True)
    with pytest.raises(SpeechError) as caught:
        int8_pack(pack, tmp_path / "fast")
    assert caught.value.code == "source_invalid"
