"""Sounds that SSML plays among the speech and under it. In: addresses out of a document. Out: samples at a voice's rate.

``Library`` knows where sounds may come from; without a prefix, nowhere. ``Sounds`` is what one request uses of it.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sambert.errors import SpeechError
from sambert.limits import SOUND_BYTES, SOUND_SECONDS, SOUNDS, SOUNDS_WAIT

from .sources import Address, allowed, prefixes

if TYPE_CHECKING:
    from .fetch import Fetch

__all__ = ["Library", "Sounds"]

KEPT_SAMPLES = 6_000_000  # of the sounds used last, 24 MB: decoding a minute's music takes as long as speaking a sentence
KEPT_SECONDS = 300  # after which a sound is fetched again


class Library:
    """Where sounds may come from, and those used last. Threads may share it."""

    def __init__(self, written: Sequence[str] = (), others: Mapping[str, Fetch] | None = None) -> None:
        """written: prefixes such as https://cdn.example.com/sounds/; others: how to fetch other schemes than https, http and
        file. Raises ValueError for a prefix that is unsafe, or of a scheme that nobody fetches."""
        self.among = prefixes(written)
        self._fetch: dict[str, Fetch] = dict(others or {})
        if self.among:
            from .fetch import Files, Web

            web = Web(self.among)
            self._fetch |= {"https": web, "http": web, "file": Files(self.among)}
        for one in self.among:
            if one.scheme not in self._fetch:
                raise ValueError(f"{one.shown!r}: nothing here can fetch {one.scheme}://")
        self._kept: OrderedDict[tuple[Address, int], tuple[np.ndarray, float]] = OrderedDict()
        self._lock = threading.Lock()

    def samples(self, address: Address, rate: int, wait: float) -> np.ndarray:
        """A sound at ``rate``, which nobody may change; fetched in ``wait`` seconds. Raises sound_unavailable, sound_forbidden,
        sound_invalid, sound_too_long."""
        with self._lock:
            kept, until = self._kept.get((address, rate), (None, 0.0))
            if kept is not None and time.monotonic() < until:
                self._kept.move_to_end((address, rate))
                return kept
        samples = self._decoded(address, self._fetch[address.scheme](address, SOUND_BYTES, wait), rate)
        with self._lock:
            self._kept[address, rate] = samples, time.monotonic() + KEPT_SECONDS
            self._kept.move_to_end((address, rate))
            while sum(len(one) for one, _ in self._kept.values()) > KEPT_SAMPLES:
                self._kept.popitem(last=False)
        return samples

    def _decoded(self, address: Address, body: bytes, rate: int) -> np.ndarray:
        from .decode import TooLong, decode

        try:
            samples = decode(body, rate, SOUND_SECONDS)
        except TooLong as error:
            raise _too_long(address) from error
        except ValueError as error:
            raise SpeechError("sound_invalid", source=address.shown) from error
        samples.flags.writeable = False
        return samples


class Sounds:
    """The sounds of one request, each fetched once. Its limits: uses, seconds of sound, seconds of waiting."""

    def __init__(self, library: Library, rate: int) -> None:
        self._library, self._rate = library, rate
        self._known: dict[str, np.ndarray | SpeechError] = {}
        self._uses, self._seconds, self._wait = 0, 0.0, SOUNDS_WAIT

    def use(self, src: str) -> int:
        """The ms of a sound, rounded up. Raises sound_off, sound_forbidden, sound_unavailable, sound_invalid, sound_too_long,
        too_many_sounds; the same again for one that has failed before."""
        if not self._library.among:
            raise SpeechError("sound_off", source=src.partition("?")[0][:60])
        address = allowed(src, self._library.among)
        self._uses += 1
        if self._uses > SOUNDS:
            raise SpeechError("too_many_sounds", limit=SOUNDS, source=address.shown)
        if src not in self._known:
            try:
                self._known[src] = self._fetched(address)
            except SpeechError as error:
                self._known[src] = error
        found = self._known[src]
        if isinstance(found, SpeechError):
            raise found
        length = len(found) / self._rate
        if self._seconds + length > SOUND_SECONDS:
            raise _too_long(address)
        self._seconds += length
        return math.ceil(1000 * length)

    def samples(self, src: str) -> np.ndarray:
        """Of a sound that ``use`` has found."""
        found = self._known[src]
        assert isinstance(found, np.ndarray)
        return found

    def _fetched(self, address: Address) -> np.ndarray:
        if self._wait <= 0:
            raise SpeechError("sound_unavailable", source=address.shown, reason="超时")
        started = time.monotonic()
        try:
            return self._library.samples(address, self._rate, self._wait)
        finally:
            self._wait -= time.monotonic() - started


def _too_long(address: Address) -> SpeechError:
    return SpeechError("sound_too_long", source=address.shown, limit=f"{SOUND_SECONDS} 秒")
