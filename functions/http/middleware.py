"""What stands around every route. In: ASGI messages. Out: the same, with a limit on the body and no naked crash.

Plain ASGI, because a body has to be counted while it arrives, also when no Content-Length announces it.
"""

from __future__ import annotations

import logging
import traceback

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from functions.http.errors import respond
from sambert.errors import SpeechError

log = logging.getLogger("sambert.http")


class Guard:
    """Reads the body up to a limit before the app sees it, and turns an unforeseen exception into our ``internal``.

    The log gets the kind of exception and where it happened, never its message: that may hold somebody's text.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            body = await self._read(scope, receive)
            await self._app(scope, _replay(body, receive), watch)
        except SpeechError as error:
            await respond(error)(scope, receive, send)
        except Exception as error:
            frames = traceback.extract_tb(error.__traceback__)
            log.error("%s at %s", type(error).__name__, " < ".join(f"{f.filename}:{f.lineno}" for f in reversed(frames[-8:])))
            if not started:
                await respond(SpeechError("internal"))(scope, receive, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced[:20]) > self._limit:
            raise SpeechError("payload_too_large", limit=self._limit)
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self._limit:
                raise SpeechError("payload_too_large", limit=self._limit)
            if not message.get("more_body"):
                return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever the server has to say (a disconnect)."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once
