"""What AWS Lambda calls. In: API Gateway (v1, v2), function URL and ALB events, and warm-up pings. Out: their answers.

Importing this module is the cold start: the voice is loaded and has spoken once before the first request comes in.
"""

from __future__ import annotations

import binascii
import json
import logging
import os
from typing import Any

from mangum import Mangum

from functions.http.app import create_app
from functions.http.service import Service
from functions.http.settings import Settings
from sambert.errors import SpeechError

logging.getLogger().setLevel(os.environ.get("SAMBERT_LOG_LEVEL", "INFO"))

_settings = Settings.from_env()
_service = Service(_settings)
_service.warm_up()
# Mangum runs the ASGI lifespan on every single invocation, so there is none.
_http = Mangum(create_app(_service), lifespan="off", api_gateway_base_path=_settings.base_path or "/")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Only HTTP events go to Mangum; a schedule keeps the function warm; anything else must fail, not vanish."""
    if isinstance(event, dict) and isinstance(event.get("requestContext"), dict):
        try:
            return _http({**event, "headers": event.get("headers") or {}}, context)  # consoles send null for no headers
        except binascii.Error:
            return _refusal(SpeechError("bad_request", reason="请求体标为 base64，却不是 base64"))
    if isinstance(event, dict) and event.get("source") == "aws.events":
        return {"status": "warm"}
    raise ValueError("this function answers HTTP events only")


def _refusal(error: SpeechError) -> dict[str, Any]:
    """What Mangum cannot even hand to the application. The shape is understood by every kind of gateway."""
    return {
        "statusCode": 400,
        "headers": {"content-type": "application/json"},
        "multiValueHeaders": {"content-type": ["application/json"]},
        "body": json.dumps(error.as_dict(), ensure_ascii=False),
        "isBase64Encoded": False,
    }
