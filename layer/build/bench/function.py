"""A deployed function, measured from here. In: its name and region. Out: latencies, and what Lambda says it billed.

The events are those of an API Gateway HTTP API, so all of the function is measured, but not the gateway. AWS credentials
come from where boto3 finds them; the calls cost what calls cost.
"""

from __future__ import annotations

import json
import re
import time
from base64 import b64decode
from itertools import islice
from statistics import median
from typing import Any

from sambert_build.bench.listeners import percentile
from sambert_build.bench.texts import different

_REPORT = re.compile(r"(Init Duration|Billed Duration|Duration|Max Memory Used): ([\d.]+)")


def event(text: str) -> dict[str, Any]:
    """POST /api/tts as API Gateway hands it over."""
    http = {"method": "POST", "path": "/api/tts", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "sambert-bench"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/api/tts",
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "bench"},
        "requestContext": {"http": http, "stage": "$default", "domainName": "bench", "requestId": "bench"},
        "body": json.dumps({"text": text}, ensure_ascii=False),
        "isBase64Encoded": False,
    }


def report_line(log: str) -> dict[str, float]:
    """The figures of the REPORT line, by name: ms and MB. Init Duration only where the call was a cold start."""
    line = next((each for each in log.splitlines() if each.startswith("REPORT")), "")
    return {name: float(value) for name, value in _REPORT.findall(line)}


def invoke(client: Any, name: str, text: str) -> dict[str, Any]:
    asked = time.perf_counter()
    answer = client.invoke(FunctionName=name, LogType="Tail", Payload=json.dumps(event(text)).encode())
    seconds = time.perf_counter() - asked
    payload = json.loads(answer["Payload"].read())
    ok = "FunctionError" not in answer and payload.get("statusCode") == 200
    return {"ok": ok, "seconds": seconds, "report": report_line(b64decode(answer.get("LogResult", "")).decode())}


def measure(client: Any, name: str, calls: int) -> dict[str, Any]:
    """One call after another with new sentences, then the last one again, which the bucket answers."""
    texts = list(islice(different(), calls))
    made = [invoke(client, name, text) for text in texts]
    warm = [each["seconds"] for each in made if each["ok"] and "Init Duration" not in each["report"]]
    return {
        "function": name,
        "calls": calls,
        "errors": sum(not each["ok"] for each in made),
        "cold_starts_ms": [each["report"]["Init Duration"] for each in made if "Init Duration" in each["report"]],
        "p50": median(warm) if warm else None,
        "p99": percentile(warm, 0.99) if warm else None,
        "billed_ms": median([each["report"].get("Billed Duration", 0.0) for each in made]),
        "memory_mb": max(each["report"].get("Max Memory Used", 0.0) for each in made),
        "repeated": invoke(client, name, texts[-1])["seconds"],
    }
