"""MP3 by LAME. In: float32 samples, part by part. Out: the file, with the tag that tells players its length.

libsndfile's own LAME makes the same frames in three times the time. LAME leaves the tag to whoever can go back to the beginning
of a file. Without it, players guess the length of a file of variable bit rate (a quarter off for speech) and play the encoder's
delay, 69 ms at 16 kHz, by which captions would be late.
"""

from __future__ import annotations

import struct

import lameenc
import numpy as np

VARIABLE = 4  # LAME's vbr_mtrh, libsndfile's choice too
QUALITY = 4  # of the variable bit rate, 0 best to 9: 42 kbit/s for speech at 16 kHz
SEARCH = 3  # how hard LAME looks for the shortest coding: 5 is a sixth faster and 1 % longer, 7 is heard
DELAY = 576  # samples that LAME puts in front
# kbit/s by the index in a frame's header: MPEG-1 (from 32 kHz on), MPEG-2 and 2.5
RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
HEADER = 4  # bytes of a frame's header
TAG = 156  # bytes from "Xing" to the tag's checksum


class Mp3:
    """Write parts, then finish(). rate: one that MP3 knows. Raises RuntimeError at any other."""

    def __init__(self, rate: int) -> None:
        self._rate, self._samples, self._body = rate, 0, bytearray()
        self._lame = lameenc.Encoder()
        self._lame.silence()
        self._lame.set_channels(1)
        self._lame.set_in_sample_rate(rate)
        self._lame.set_out_sample_rate(rate)
        self._lame.set_vbr(VARIABLE)
        self._lame.set_vbr_quality(QUALITY)
        self._lame.set_quality(SEARCH)

    @property
    def size(self) -> int:
        return len(self._body)

    def write(self, samples: np.ndarray) -> None:
        self._body += self._lame.encode(np.rint(samples * 32767).astype("<i2").tobytes())
        self._samples += len(samples)

    def finish(self) -> bytes:
        self._body += self._lame.flush()
        return _tagged(bytes(self._body), self._rate, self._samples)


def _frames(body: bytes, rate: int) -> list[int]:
    """Where each frame begins, and the end of the last."""
    places = [0]
    while places[-1] + HEADER <= len(body):
        places.append(places[-1] + _length(body[places[-1] + 2] >> 4, rate) + (body[places[-1] + 2] >> 1 & 1))
    return places


def _samples_a_frame(rate: int) -> int:
    return 1152 if rate >= 32000 else 576


def _length(index: int, rate: int) -> int:
    """Bytes of a frame of that bit rate, without padding."""
    kbits = (RATES_1 if rate >= 32000 else RATES_2)[index]
    return _samples_a_frame(rate) // 8 * kbits * 1000 // rate


def _tagged(body: bytes, rate: int, samples: int) -> bytes:
    """With a first, silent frame that tells of all others (http://gabriel.mp3-tech.org/mp3infotag.html)."""
    places = _frames(body, rate)
    side = 17 if rate >= 32000 else 9
    index = next(index for index in range(1, 15) if _length(index, rate) >= HEADER + side + TAG)
    length = _length(index, rate)
    count, total = len(places) - 1, length + len(body)
    seek = bytes((length + places[percent * count // 100]) * 255 // total for percent in range(100))
    padding = count * _samples_a_frame(rate) - DELAY - samples
    header = bytes([*body[:2], body[2] & 0x0C | index << 4, body[3]])
    tag = header + bytes(side) + b"Xing" + struct.pack(">III", 15, count, total) + seek + struct.pack(">I", 100 - 10 * QUALITY)
    # Version, method, then what nobody knows: low-pass, loudness, options; delay and padding of 12 bits each; lengths.
    tag += b"LAME3.100" + bytes([VARIABLE]) + bytes(10) + bytes([0]) + (DELAY << 12 | padding).to_bytes(3, "big")
    tag += bytes(4) + struct.pack(">IH", total, 0)
    return (tag + struct.pack(">H", _checksum(tag))).ljust(length, b"\0") + body


def _checksum(data: bytes) -> int:
    """CRC-16 as the tag has it (polynomial 0x8005, bits in reverse)."""
    rest = 0
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0xA001 if rest & 1 else 0)
    return rest
