"""Where sounds may come from. In: an operator's prefixes and an address out of a document. Out: the address, checked.

Whoever writes a document must not make the server fetch what only the server can reach (SSRF). So nothing is fetched that does
not begin with a prefix, and both are compared in parts, decoded, with everything refused that some server might read in another
way: "..", encoded slashes, backslashes, user names, control characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit

from sambert.errors import SpeechError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS = {"http": 80, "https": 443}
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_ENCODED = re.compile(r"%2f|%5c|%25", re.IGNORECASE)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Address:
    """scheme: https, http, s3 or file; host: with its port where that is not the usual one, a bucket, or ""; path: decoded, from
    its first "/"; query: of http(s) only."""

    scheme: str
    host: str
    path: str
    query: str = ""

    @property
    def url(self) -> str:
        """As it is asked for over http(s)."""
        return f"{self.scheme}://{self.host}{quote(self.path)}" + (f"?{self.query}" if self.query else "")

    @property
    def shown(self) -> str:
        """For messages: without the query, which may be a signature, and not too long."""
        whole = f"{self.scheme}://{self.host}{self.path}"
        return whole if len(whole) <= _SHOWN else f"{whole[: _SHOWN // 2]}…{whole[-_SHOWN // 2 :]}"

    def within(self, prefix: Address) -> bool:
        return (self.scheme, self.host) == (prefix.scheme, prefix.host) and self.path.startswith(prefix.path)


def prefixes(written: Iterable[str]) -> tuple[Address, ...]:
    """An operator's prefixes. Raises ValueError, in English, for one that is unsafe or cannot be meant."""
    return tuple(_prefix(one) for one in written)


def allowed(src: str, among: Iterable[Address]) -> Address:
    """Raises sound_forbidden where ``src`` begins with none of the prefixes, or might be read in two ways."""
    try:
        address = _address(src)
    except ValueError:
        address = None
    if address is None or not any(address.within(prefix) for prefix in among):
        raise SpeechError("sound_forbidden", source=address.shown if address else src.partition("?")[0][:_SHOWN])
    return address


def _prefix(written: str) -> Address:
    try:
        found = _address(written)
    except ValueError as error:
        raise ValueError(f"{written!r}: {error}") from None
    if not found.path.endswith("/") or found.query:
        raise ValueError(f"{written!r}: a prefix must end with /")
    if found.scheme == "http" and urlsplit(written).hostname not in LOOPBACK:
        raise ValueError(f"{written!r}: must use https unless it is on this machine")
    if found.scheme == "file" and found.path == "/":
        raise ValueError(f"{written!r}: must name a folder, not the whole disk")
    return found


def _address(written: str) -> Address:
    if _ODD.search(written):
        raise ValueError("spaces, backslashes and control characters are not allowed")
    parts = urlsplit(written)
    if parts.scheme not in ("https", "http", "s3", "file"):
        raise ValueError("must begin with https://, s3:// or file://")
    path = unquote(parts.path, errors="strict")
    if _ENCODED.search(parts.path) or _ODD.search(path.replace(" ", "")) or {".", ".."} & set(path.split("/")):
        raise ValueError("the path must be plain")
    if parts.query and parts.scheme not in _PORTS:
        raise ValueError("only web addresses have a query")
    return Address(parts.scheme, _host(parts), path, parts.query)


def _host(parts: SplitResult) -> str:
    if parts.scheme == "file":
        if parts.netloc:
            raise ValueError("must be written file:///folder/")
        return ""
    if not parts.hostname or parts.username is not None or not parts.path.startswith("/"):
        raise ValueError("must have a host and a path, and no user name")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return name if parts.port in (None, _PORTS.get(parts.scheme)) else f"{name}:{parts.port}"
