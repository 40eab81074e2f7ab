"""The object store. In: bytes under a content-addressed key. Out: presigned URLs that play.

One PUT makes an object visible whole or not at all, and it is conditional (If-None-Match: *), so of many writers of the
same key one wins and none half-writes. Whatever goes wrong on the way is ``storage_unavailable``.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session  # boto3 on top of it would only make the cold start longer

from functions.http.settings import Settings
from sambert.errors import SpeechError
from sambert.sounds.fetch import too_large, unavailable
from sambert.sounds.sources import Address

log = logging.getLogger("sambert.http")

_MISSING = {"404", "NoSuchKey", "NotFound", "403", "AccessDenied"}  # without s3:ListBucket, S3 answers 403 for a missing key
_EXISTS = {"412", "PreconditionFailed", "409", "ConditionalRequestConflict"}
_METADATA_BYTES = 1500  # S3 allows 2 KB of user metadata
# What was there is there for so long without asking: a sentence asked for again at once costs no round trip. An object that
# somebody deletes by hand is promised for this much longer.
_KNOWN_SECONDS = 60
_KNOWN_KEYS = 4096


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store remembers of a finished audio object. complete: False where a sound could not be fetched at the time."""

    duration_ms: int
    sample_rate: int
    warnings: tuple[str, ...] = ()
    complete: bool = True

    def as_metadata(self) -> dict[str, str]:
        """S3 user metadata is ASCII and small: warnings are percent-encoded and the last ones dropped if there are many."""
        warnings = list(self.warnings)
        while len(packed := quote(json.dumps(warnings, ensure_ascii=False))) > _METADATA_BYTES:
            warnings.pop()
        known = {"duration-ms": str(self.duration_ms), "sample-rate": str(self.sample_rate), "warnings": packed}
        return known if self.complete else {**known, "incomplete": "1"}

    @classmethod
    def from_metadata(cls, metadata: dict[str, str]) -> Stored:
        warnings = tuple(json.loads(unquote(metadata.get("warnings", "[]"))))
        return cls(int(metadata["duration-ms"]), int(metadata["sample-rate"]), warnings, "incomplete" not in metadata)


class Store:
    """A private bucket. All methods block (run them in a thread) and raise SpeechError("storage_unavailable")."""

    def __init__(self, settings: Settings) -> None:
        self._bucket = settings.bucket
        self._url_seconds = settings.url_seconds
        self._fresh = timedelta(days=settings.object_days, seconds=-settings.url_seconds)
        self._client = _client(settings)
        self._public = settings.s3_public_endpoint
        self._known: dict[str, tuple[Stored, float]] = {}

    def known(self, key: str) -> Stored | None:
        """The object, if this process has found or written it within the last minute. Never blocks."""
        stored, until = self._known.get(key, (None, 0.0))
        return stored if time.monotonic() < until else None

    def _remember(self, key: str, stored: Stored, left: timedelta) -> None:
        """left: how long the object still counts as fresh."""
        if len(self._known) >= _KNOWN_KEYS:
            self._known.clear()
        self._known[key] = (stored, time.monotonic() + min(_KNOWN_SECONDS, left.total_seconds()))

    def find(self, key: str) -> Stored | None:
        """What is known of the object. None if it is not there, lacks a sound, or would be deleted before a URL of it expires."""
        try:
            answer = self._client.head_object(Bucket=self._bucket, Key=key)
            left = self._fresh - (datetime.now(UTC) - answer["LastModified"])
            if left <= timedelta(0):
                return None
            stored = Stored.from_metadata(answer["Metadata"])
            if not stored.complete:
                return None
            self._remember(key, stored, left)
            return stored
        except ClientError as error:
            if _code(error) in _MISSING:
                return None
            raise _unavailable(error) from error
        except (BotoCoreError, KeyError, ValueError) as error:
            raise _unavailable(error) from error

    def read(self, key: str) -> bytes:
        """The bytes of an object that ``find`` has seen."""
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(error) from error

    def write(self, key: str, body: bytes, content_type: str, stored: Stored) -> None:
        """Put the object if it is not there; the same key always means the same content, so losing the race is fine."""
        wanted: dict[str, Any] = {
            "Bucket": self._bucket,
            "Key": key,
            "Body": body,
            "ContentType": content_type,
            "CacheControl": "private, max-age=31536000, immutable" if stored.complete else "private, no-cache",
            "Metadata": stored.as_metadata(),
        }
        try:
            try:
                self._client.put_object(**wanted, IfNoneMatch="*")
            except ClientError as error:
                if _code(error) not in _EXISTS:
                    raise
                if self.find(key) is not None:
                    return
                # Only an object that lacks a sound or is about to be deleted is written again: that starts its days anew.
                self._client.put_object(**wanted)
            self._remember(key, stored, self._fresh)
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(error) from error

    def sound(self, address: Address, limit: int, seconds: float) -> bytes:
        """A sound for SSML, from any bucket that this role may read. See ``sambert.sounds.fetch.Fetch``."""
        try:
            answer = self._client.get_object(Bucket=address.host, Key=address.path[1:])
            if answer["ContentLength"] > limit:
                raise too_large(address, limit)
            return answer["Body"].read()
        except ClientError as error:
            raise unavailable(address, _code(error)) from error
        except BotoCoreError as error:
            raise unavailable(address, "连接失败") from error

    def url(self, key: str) -> tuple[str, str]:
        """A presigned GET and when it expires (ISO 8601, UTC). Pure arithmetic: no network.

        It is signed for the S3's own host. A public endpoint (CloudFront, a reverse proxy) takes the place of that host in
        the URL and passes requests on under the host's name, so that the S3 itself checks the signature.
        """
        expires = datetime.now(UTC) + timedelta(seconds=self._url_seconds)
        try:
            url = self._client.generate_presigned_url(
                "get_object", Params={"Bucket": self._bucket, "Key": key}, ExpiresIn=self._url_seconds
            )
        except BotoCoreError as error:  # no credentials
            raise _unavailable(error) from error
        if self._public:
            parts = urlsplit(url)
            url = f"{self._public}{parts.path}?{parts.query}"
        return url, expires.strftime("%Y-%m-%dT%H:%M:%SZ")


def _client(settings: Settings) -> Any:
    endpoint = settings.s3_endpoint
    return Session().create_client(
        "s3",
        region_name=settings.region,
        endpoint_url=endpoint or None,
        config=Config(
            signature_version="s3v4",
            # Regional in us-east-1 too: URLs are signed for the very host that a CloudFront origin has.
            s3={"addressing_style": "path" if endpoint else "virtual", "us_east_1_regional_endpoint": "regional"},
            connect_timeout=2,
            read_timeout=8,
            retries={"mode": "standard", "total_max_attempts": 2},
            # Checksum trailers are newer than many S3 servers; TLS and SigV4 already guard the bytes.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _unavailable(error: Exception) -> SpeechError:
    log.error("storage: %s %s", type(error).__name__, _code(error) if isinstance(error, ClientError) else "")
    return SpeechError("storage_unavailable")
