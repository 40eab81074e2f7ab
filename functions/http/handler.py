"""What AWS Lambda calls. In: API Gateway (v1, v2), function URL and ALB events, and warm-up pings. Out: their answers.

Importing this module is the cold start: the voice is loaded and has spoken once before the first request comes in.
"""

from __future__ import annotations

import logging
import os
from typing import Any

from mangum import Mangum

from functions.http.app import create_app
from functions.http.service import Service
from functions.http.settings import Settings

logging.getLogger().setLevel(os.environ.get("SAMBERT_LOG_LEVEL", "INFO"))

_settings = Settings.from_env()
_service = Service(_settings)
_service.warm_up()
# Mangum runs the ASGI lifespan on every single invocation, so there is none.
_http = Mangum(create_app(_service), lifespan="off", api_gateway_base_path=_settings.base_path or "/")


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Only HTTP events go to Mangum; a schedule keeps the function warm; anything else must fail, not vanish."""
    if "requestContext" in event:
        return _http(event, context)
    if event.get("source") == "aws.events":
        return {"status": "warm"}
    raise ValueError("this function answers HTTP events only")
