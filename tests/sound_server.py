"""A web server on this machine that has sounds, and whatever else servers do. In: nothing. Out: its address, what was asked."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

import numpy as np
import soundfile


def tone(seconds: float, hertz: float = 880, rate: int = 16000, channels: int = 1, format: str = "WAV") -> bytes:
    """A sine as a file, all channels alike, of amplitude 0.3; 0.1 where it is low."""
    wave = (0.3 if hertz > 200 else 0.1) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    body = io.BytesIO()
    soundfile.write(body, np.repeat(wave[:, None], channels, axis=1), rate, format=format)
    return body.getvalue()


class SoundServer(ThreadingHTTPServer):
    """Sounds under /ok/; /ok/out.wav redirects to /secret/, /ok/moved.wav to /ok/ding.wav; /ok/slow.wav
    stalls, /ok/cut.wav ends before its length."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.files = {
            "/ok/ding.wav": tone(0.5),
            "/ok/叮咚 1.wav": tone(0.5),
            "/ok/stereo.mp3": tone(0.5, rate=44100, channels=2, format="MP3"),
            "/ok/ding.flac": tone(0.5, rate=24000, format="FLAC"),
            "/ok/bed.wav": tone(0.4, hertz=150),
            "/ok/cut.wav": tone(0.5),
            "/ok/text.wav": b"<html>not a sound</html>",
            "/secret/key.wav": tone(0.5),
        }
        self.answers: dict[str, int] = {}  # path → a status that is answered in place of the file

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    server: SoundServer

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.server.asked.append(path)
        to = {"/ok/out.wav": "/secret/key.wav", "/ok/moved.wav": "/ok/ding.wav", "/ok/round.wav": "/ok/round.wav"}.get(path)
        body = self.server.files.get(path)
        self.send_response(302 if to else self.server.answers.get(path, 200 if body or path in _ODD else 404))
        if to:
            self.send_header("Location", to)
        if body:
            self.send_header("Content-Length", str(len(body) + 100 * (path == "/ok/cut.wav")))
        self.end_headers()
        self.wfile.write(body or b"")
        _ODD.get(path, lambda write: None)(self.wfile.write)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def _slow(write) -> None:
    for _ in range(100):
        write(b"RIFF")
        time.sleep(0.1)


def _endless(write) -> None:
    while True:
        write(bytes(1 << 16))


_ODD = {"/ok/slow.wav": _slow, "/ok/endless.wav": _endless}


@contextmanager
def serving() -> Iterator[SoundServer]:
    server = SoundServer()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
