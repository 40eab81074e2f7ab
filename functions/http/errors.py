"""Errors over HTTP. In: whatever went wrong. Out: `{"error", "code", "detail"}` with the right status, for everything."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from functions.http.schemas import as_speech_error
from sambert.errors import SpeechError

# Every other code is the caller's mistake: 400.
STATUS = {
    "text_too_long": 413,
    "ssml_too_large": 413,
    "audio_too_long": 413,
    "payload_too_large": 413,
    "not_found": 404,
    "method_not_allowed": 405,
    "storage_unavailable": 503,
    "voice_missing": 500,
    "voice_corrupt": 500,
    "voice_version": 500,
    "bad_lexicon_file": 500,
    "internal": 500,
}


class Json(JSONResponse):
    """JSON that always encodes: what a caller sent may come back in a detail, half surrogates and all."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def respond(error: SpeechError, headers: dict[str, str] | None = None) -> Json:
    return Json(error.as_dict(), status_code=STATUS.get(error.code, 400), headers=headers)


def install(app: FastAPI) -> None:
    """Give the app our shape for every error that Starlette and FastAPI know. (Crashes: middleware.Guard.)"""

    @app.exception_handler(SpeechError)
    async def speech_error(_: Request, error: SpeechError) -> Json:
        return respond(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Json:
        return respond(as_speech_error(error.errors()))

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Json:
        if error.status_code == 404:
            return respond(SpeechError("not_found", path=request.url.path[:200]))
        if error.status_code == 405:
            return respond(SpeechError("method_not_allowed", method=request.method[:20]), dict(error.headers or {}))
        return respond(SpeechError("bad_json", reason="无法解析"))
