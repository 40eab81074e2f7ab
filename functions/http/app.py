"""The FastAPI application. In: a ``Service``. Out: the routes, the page and the API description, with nothing from a CDN."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, Response

from functions.http import errors
from functions.http.middleware import Guard
from functions.http.schemas import ErrorAnswer, TtsAnswer, TtsRequest, VoicesAnswer
from functions.http.service import Service
from sambert.versions import ENGINE

PAGE = Path(__file__).parent / "page"
# Audio comes from the bucket's own host, so media may come from anywhere encrypted, and from this machine.
SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; media-src 'self' blob: https: http://127.0.0.1:* http://localhost:*; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
ASSETS = {
    "app.js": "text/javascript; charset=utf-8",
    "docs.js": "text/javascript; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
}
_ERROR = {"model": ErrorAnswer}


def create_app(service: Service) -> FastAPI:
    """All routes of DESIGN.md that exist so far."""
    settings = service.settings
    app = FastAPI(
        title="sambert-lambda",
        version=ENGINE,
        description="中文情感语音合成：文本 → 可播放的地址。错误一律为 {error, code, detail}。",
        docs_url=None,
        redoc_url=None,
        root_path=settings.base_path,
        redirect_slashes=False,
    )
    errors.install(app)
    app.add_middleware(Guard, limit=settings.max_body)
    # Outermost, so that errors can be read by a web page too. No credentials: the API knows no cookies.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "Accept"],
        expose_headers=["X-Duration-Ms"],
        max_age=3600,
    )
    _add_api(app, service)
    _add_pages(app, settings.base_path)
    return app


def _add_api(app: FastAPI, service: Service) -> None:
    @app.post(
        "/api/tts",
        summary="文本或 SSML 合成语音",
        response_model=TtsAnswer,
        responses={
            200: {"content": {"audio/*": {}}, "description": "地址；若请求头 Accept 为 audio/*，则为音频本身"},
            **dict.fromkeys((400, 413, 503), _ERROR),
        },
    )
    async def tts(asked: TtsRequest, request: Request) -> Any:
        if not _wants_audio(request.headers.get("accept", "")):
            return await service.answer(asked)
        body, content_type, duration_ms = await service.audio(asked)
        return Response(body, media_type=content_type, headers={"X-Duration-Ms": str(duration_ms)})

    @app.get("/api/voices", summary="音色及其情感", response_model=VoicesAnswer)
    def voices() -> VoicesAnswer:
        return VoicesAnswer(voices=service.voices())

    @app.get("/api/ssml", summary="支持的 SSML 元素、取值和上限；sounds：是否允许外部声音")
    def ssml() -> dict[str, Any]:
        from sambert.frontend.ssml import supported

        return {**supported(), "sounds": bool(service.settings.audio_sources)}

    @app.get("/healthz", summary="存活检查")
    async def healthz() -> dict[str, str]:
        return {"status": "ok", "engine": ENGINE, "voice": service.settings.voice}


def _wants_audio(accept: str) -> bool:
    """True if audio is asked for by name and JSON is not: browsers and curl send */* and mean JSON."""
    kinds = [part.split(";")[0].strip().lower() for part in accept.split(",")]
    return any(kind.startswith("audio/") for kind in kinds) and "application/json" not in kinds


def _add_pages(app: FastAPI, base_path: str) -> None:
    """The page and the API description. Read once; relative addresses work below any stage through <base>."""
    assets = {name: (PAGE / name).read_bytes() for name in ASSETS}

    def page(name: str) -> str:
        return (PAGE / name).read_text(encoding="utf-8").replace('<base href="/">', f'<base href="{base_path}/">')

    index, docs = page("index.html"), page("docs.html")

    @app.get("/", include_in_schema=False)
    async def home() -> HTMLResponse:
        return HTMLResponse(index, headers=SECURITY)

    @app.get("/docs", include_in_schema=False)
    async def describe() -> HTMLResponse:
        return HTMLResponse(docs, headers=SECURITY)

    @app.get("/page/{name}", include_in_schema=False)
    async def asset(name: str) -> Response:
        if name not in assets:
            raise errors.HTTPException(404)
        headers = {**SECURITY, "Cache-Control": "no-cache"}
        return Response(assets[name], media_type=ASSETS[name], headers=headers)
