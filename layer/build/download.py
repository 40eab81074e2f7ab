"""Fetching a voice from ModelScope. In: a model id and a pinned revision. Out: a directory to read."""

from __future__ import annotations

import re
from pathlib import Path

from sambert.errors import SpeechError

MODEL_ID = re.compile(r"[\w.-]+/[\w.-]+")


def snapshot(model: str, revision: str | None) -> Path:
    """Download (or reuse) the snapshot. Raises source_invalid: no such directory, no revision, no network."""
    if not MODEL_ID.fullmatch(model):
        raise SpeechError("source_invalid", reason=f"{model} 既不是目录，也不是 ModelScope 模型 id")
    if not revision:
        raise SpeechError("source_invalid", reason="用模型 id 时请以 --revision 固定版本，例如 --revision v1.0.0")
    from modelscope import snapshot_download  # slow to import, so only here

    try:
        return Path(snapshot_download(model, revision=revision))
    except Exception as error:  # whatever modelscope or its HTTP client raises, the user needs one line
        raise SpeechError("source_invalid", reason=f"下载 {model}@{revision} 失败：{error}") from error
