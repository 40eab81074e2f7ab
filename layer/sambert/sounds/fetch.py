"""Getting the bytes of a sound. In: an address that is allowed. Out: its bytes, within a limit of size and time.

Web and files are here; what else a deployment can reach, such as S3, it brings along as another ``Fetch``.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from sambert.errors import SpeechError

from .sources import Address, allowed

STALL = 3.0  # seconds without a byte after which a server counts as gone


class Fetch(Protocol):
    """Raises sound_unavailable, sound_too_long, and sound_forbidden where the way leads out of what is allowed."""

    def __call__(self, address: Address, limit: int, seconds: float) -> bytes: ...


def unavailable(address: Address, reason: str) -> SpeechError:
    return SpeechError("sound_unavailable", source=address.shown, reason=reason)


def too_large(address: Address, limit: int) -> SpeechError:
    return SpeechError("sound_too_long", source=address.shown, limit=f"{limit / 1e6:g} MB")


class Web:
    """GET over http(s), straight (no proxy); redirects are followed only to where sounds may come from."""

    def __init__(self, among: Sequence[Address]) -> None:
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.HTTPHandler(),
            urllib.request.HTTPSHandler(),
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            _Redirects(among),
        ):
            self._opener.add_handler(handler)

    def __call__(self, address: Address, limit: int, seconds: float) -> bytes:
        until = time.monotonic() + seconds
        request = urllib.request.Request(address.url, headers={"User-Agent": "sambert", "Accept": "audio/*, */*;q=0.5"})
        try:
            with self._opener.open(request, timeout=min(seconds, STALL)) as answer:
                return _body(answer, address, limit, until)
        except urllib.error.HTTPError as error:
            raise unavailable(address, f"HTTP {error.code}") from error
        except TimeoutError as error:
            raise unavailable(address, "超时") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = isinstance(getattr(error, "reason", None), TimeoutError)
            raise unavailable(address, "超时" if late else "连接失败") from error


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 3

    def __init__(self, among: Sequence[Address]) -> None:
        self._among = among

    def redirect_request(self, request: urllib.request.Request, *given: Any) -> urllib.request.Request | None:
        return super().redirect_request(request, *given[:-1], allowed(given[-1], self._among).url)


def _body(answer: Any, address: Address, limit: int, until: float) -> bytes:
    length = int(answer.headers.get("Content-Length") or 0)
    if length > limit:
        raise too_large(address, limit)
    body = bytearray()
    while chunk := answer.read1(1 << 16):
        body += chunk
        if len(body) > limit:
            raise too_large(address, limit)
        if time.monotonic() > until:
            raise TimeoutError
    if len(body) < length:
        raise unavailable(address, "连接中断")
    return bytes(body)


class Files:
    """Files of this machine; a link out of the allowed folders is no way out of them."""

    def __init__(self, among: Sequence[Address]) -> None:
        self._folders = [Path(one.path).resolve() for one in among if one.scheme == "file"]

    def __call__(self, address: Address, limit: int, seconds: float) -> bytes:
        path = Path(address.path).resolve()
        if not any(path.is_relative_to(folder) for folder in self._folders):
            raise SpeechError("sound_forbidden", source=address.shown)
        try:
            if not path.is_file():  # a device may never end
                raise unavailable(address, "没有这个文件")
            with path.open("rb") as file:
                body = file.read(limit + 1)
        except OSError as error:
            raise unavailable(address, "没有这个文件") from error
        if len(body) > limit:
            raise too_large(address, limit)
        return body
