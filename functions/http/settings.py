"""The one place for settings. In: environment variables. Out: a frozen ``Settings``; unsafe values are refused at start.

Every variable is listed in ``Settings`` with its default and its limits; docs/http.md has the same table for operators.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sambert.errors import SpeechError
from sambert.frontend.user_lexicon import UserLexicon, lexicon_file
from sambert.limits import OPEN_VOICES
from sambert.sounds.sources import LOOPBACK, prefixes

# Lambda's synchronous response is at most 6 MB of JSON, and audio travels in it as base64 (4 bytes for 3).
LAMBDA_AUDIO_BYTES = 4_400_000


class SettingsError(ValueError):
    """A setting that is missing, out of range or unsafe. The message names the variable."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may choose. ``from_env`` reads SAMBERT_<NAME IN CAPITALS>; here are the defaults."""

    bucket: str = ""  # the private bucket of the audio; required
    s3_endpoint: str = ""  # "" = AWS; else how this process reaches S3
    s3_public_endpoint: str = ""  # what stands before S3 for listeners, such as CloudFront; "" = S3 itself
    region: str = "us-east-1"  # falls back to AWS_REGION
    url_seconds: int = 3600  # life of a presigned URL; S3 allows 7 days, a role's credentials allow less
    object_days: int = 7  # the bucket's lifecycle deletes audio after this many days; must outlive the URLs
    voice: str = "demo"  # the voice of requests that name none
    lexicon: str = ""  # a file of readings for every voice; a voice's own lexicon.txt and a request's go before it
    audio_sources: tuple[str, ...] = ()  # prefixes that SSML's sounds may be fetched from; none = off
    max_text: int = 2000  # characters a request; API Gateway gives up after 30 s, longer texts are narrations
    max_body: int = 262_144  # bytes of a request body
    max_audio: int = LAMBDA_AUDIO_BYTES  # bytes of a direct audio answer
    open_voices: int = OPEN_VOICES  # voices kept in memory, the last ones used
    slots: int = 1  # requests synthesised at the same time; Lambda sends one
    cors_origins: tuple[str, ...] = ("*",)  # web origins that may call the API; no cookies are ever used
    base_path: str = ""  # path prefix of a named API Gateway stage, e.g. "/dev"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read and check. Raises SettingsError."""
        env = os.environ if env is None else env
        default = cls()
        settings = cls(
            bucket=env.get("SAMBERT_BUCKET", ""),
            s3_endpoint=env.get("SAMBERT_S3_ENDPOINT", "").rstrip("/"),
            s3_public_endpoint=env.get("SAMBERT_S3_PUBLIC_ENDPOINT", "").rstrip("/"),
            region=env.get("SAMBERT_REGION") or env.get("AWS_REGION") or default.region,
            url_seconds=_integer(env, "URL_SECONDS", default.url_seconds, 10, 7 * 86400),
            object_days=_integer(env, "OBJECT_DAYS", default.object_days, 1, 3650),
            voice=env.get("SAMBERT_VOICE") or default.voice,
            lexicon=env.get("SAMBERT_LEXICON", ""),
            audio_sources=_list(env, "AUDIO_SOURCES"),
            max_text=_integer(env, "MAX_TEXT", default.max_text, 1, 100_000),
            max_body=_integer(env, "MAX_BODY", default.max_body, 1024, 6_000_000),
            max_audio=_integer(env, "MAX_AUDIO", default.max_audio, 1024, 1_000_000_000),
            open_voices=_integer(env, "OPEN_VOICES", default.open_voices, 1, 64),
            slots=_integer(env, "SLOTS", default.slots, 1, 64),
            cors_origins=_list(env, "CORS_ORIGINS") or default.cors_origins,
            base_path=env.get("SAMBERT_BASE_PATH", "").rstrip("/"),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse what would be unsafe or could not work. Raises SettingsError."""
        if not self.bucket:
            raise SettingsError("SAMBERT_BUCKET is required: the private bucket that keeps the audio")
        _check_url("SAMBERT_S3_ENDPOINT", self.s3_endpoint)
        _check_url("SAMBERT_S3_PUBLIC_ENDPOINT", self.s3_public_endpoint)
        if self.url_seconds >= self.object_days * 86400:
            raise SettingsError("SAMBERT_URL_SECONDS must be shorter than SAMBERT_OBJECT_DAYS, or URLs outlive their audio")
        if self.base_path and not self.base_path.startswith("/"):
            raise SettingsError("SAMBERT_BASE_PATH must begin with /")
        for origin in self.cors_origins:
            if origin != "*":
                _check_url("SAMBERT_CORS_ORIGINS", origin)
        try:
            prefixes(self.audio_sources)
        except ValueError as error:
            raise SettingsError(f"SAMBERT_AUDIO_SOURCES: {error}") from error
        self.readings()

    def readings(self) -> UserLexicon:
        """The deployment's lexicon, empty where none is set. Raises SettingsError with the line that is wrong."""
        try:
            return lexicon_file(Path(self.lexicon)) if self.lexicon else UserLexicon()
        except (OSError, SpeechError) as error:
            raise SettingsError(f"SAMBERT_LEXICON: {error}") from error


def _list(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in env.get(f"SAMBERT_{name}", "").split(",") if one.strip())


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(f"SAMBERT_{name}") or str(default)
    try:
        value = int(raw)
    except ValueError:
        raise SettingsError(f"SAMBERT_{name} must be a whole number, not {raw!r}") from None
    if not low <= value <= high:
        raise SettingsError(f"SAMBERT_{name} must be {low} to {high}, not {value}")
    return value


def _check_url(name: str, url: str) -> None:
    """Plain http carries signatures and speech in the clear: only to this very machine."""
    if not url:
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"{name} must be an http(s) URL, not {url!r}")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise SettingsError(f"{name} must use https unless it is on this machine")
    if parts.path or parts.query or parts.username:
        raise SettingsError(f"{name} must be scheme, host and port only")
