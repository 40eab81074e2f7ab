"""Samples to files. In: float32 samples. Out: bytes of a format in ``CONTENT_TYPES``."""

from sambert.audio.encode import CONTENT_TYPES, SAMPLE_RATES, Encoder, encode

__all__ = ["CONTENT_TYPES", "SAMPLE_RATES", "Encoder", "encode"]
