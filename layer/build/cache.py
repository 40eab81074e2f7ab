"""Packs of voices that are played straight from their ModelScope directory. In: a ``Source``. Out: a pack's folder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from sambert.pack import MANIFEST
from sambert.torch.source import Source
from sambert.versions import ENGINE, PACK_FORMAT
from sambert_build.pack import build_pack


def _stamp(source: Source) -> str:
    """Changes whenever a file of the voice does."""
    files = sorted(path for path in source.root.rglob("*") if path.is_file())
    state = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr((ENGINE, PACK_FORMAT, state)).encode()).hexdigest()[:24]


def cached_pack(source: Source) -> Path:
    """Build once per state of the directory."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sambert-lambda" / "voices"
    folder = cache / f"{source.name}-{_stamp(source)}"
    return folder if (folder / MANIFEST).is_file() else build_pack(source, folder)
