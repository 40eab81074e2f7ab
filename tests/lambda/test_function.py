"""Events of every kind through the real Lambda runtime: what comes back plays, and what is wrong says so."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile

from infra.lambda_local import FunctionError

ROOT = Path(__file__).resolve().parents[2]
DOORS = ("http_api", "function_url", "rest_api", "alb", "alb_multi_value")
SENTENCE = "今天天气真好。"  # the body of the golden events


def headers_of(answer: dict[str, Any]) -> dict[str, str]:
    """An ALB that sent multi-value headers wants them back."""
    many = {name: values[-1] for name, values in (answer.get("multiValueHeaders") or {}).items()}
    return {name.lower(): value for name, value in {**many, **(answer.get("headers") or {})}.items()}


def set_header(event: dict[str, Any], name: str, value: str) -> None:
    """In every spelling the event carries headers in."""
    for key, wanted in (("headers", value), ("multiValueHeaders", [value])):
        if headers := event.get(key):
            for old in [old for old in headers if old.lower() == name]:
                del headers[old]
            headers[name] = wanted


def said(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["statusCode"] == 200, answer
    assert not answer["isBase64Encoded"]
    return json.loads(answer["body"])


def complaint(answer: dict[str, Any]) -> tuple[int, str]:
    error = json.loads(answer["body"])
    assert set(error) == {"error", "code", "detail"}
    return answer["statusCode"], error["code"]


def duration_ms(audio: bytes) -> float:
    """Of sound that is really there."""
    samples, rate = soundfile.read(io.BytesIO(audio))
    assert np.abs(samples).max() > 0.01
    return 1000 * len(samples) / rate


def plays(answer: dict[str, Any]) -> bool:
    """The URL of an answer gives audio as long as the answer says (MP3 pads to whole frames)."""
    body = said(answer)
    audio = httpx.get(body["url"])
    return audio.status_code == 200 and abs(duration_ms(audio.content) - body["duration_ms"]) < 100


@pytest.mark.parametrize("door", DOORS)
def test_every_door_answers_with_a_url_that_plays(function, event, door):
    answer = function.invoke(event(door))
    assert plays(answer)
    assert headers_of(answer)["content-type"] == "application/json"
    assert ("multiValueHeaders" in answer and bool(answer["multiValueHeaders"])) == (door == "alb_multi_value")


def test_a_named_stage_and_a_base_path_are_no_part_of_the_route(start_function, event):
    function = start_function(BASE_PATH="/dev")
    for door in ("http_api_named_stage", "rest_api_base_path"):
        assert plays(function.invoke(event(door)))
    # A REST stage of its own is not in the path at all.
    assert plays(function.invoke(event("rest_api")))


@pytest.mark.parametrize("door", DOORS)
def test_a_base64_body_is_the_same_body(function, event, door):
    plain, encoded = event(door), event(door)
    encoded.update(body=base64.b64encode(plain["body"].encode()).decode(), isBase64Encoded=True)
    assert said(function.invoke(encoded))["key"] == said(function.invoke(plain))["key"]


@pytest.mark.parametrize("door", DOORS)
def test_asked_for_audio_the_answer_is_audio(function, event, door):
    asking = event(door)
    set_header(asking, "accept", "audio/*")
    answer = function.invoke(asking)
    assert answer["statusCode"] == 200 and answer["isBase64Encoded"]
    assert headers_of(answer)["content-type"] == "audio/mpeg"
    spoken_ms = said(function.invoke(event(door)))["duration_ms"]
    assert abs(duration_ms(base64.b64decode(answer["body"])) - spoken_ms) < 100


@pytest.mark.parametrize("door", DOORS)
def test_what_is_wrong_says_so_in_json(function, event, door):
    assert complaint(function.invoke(event(door, text=" \n"))) == (400, "empty_text")
    assert complaint(function.invoke(event(door, text="好" * 201))) == (413, "text_too_long")
    for broken in ('{"text": "今天', "", None, "[]", "null"):
        status, code = complaint(function.invoke({**event(door), "body": broken}))
        assert status == 400 and code in ("bad_json", "bad_request")
    assert complaint(function.invoke({**event(door), "body": "a", "isBase64Encoded": True})) == (400, "bad_request")
    no_text_at_all = base64.b64encode(b'{"text": "\xff\xfe"}').decode()
    assert function.invoke({**event(door), "body": no_text_at_all, "isBase64Encoded": True})["statusCode"] == 400


def test_text_of_every_kind_is_spoken_or_refused(function, event):
    for text in ("🎉今天很高兴🎉", "我在 GitHub 上看到的。", "今天天氣真好，臺灣。", "第\x00一\x07句。", "𠮷野家"):
        assert plays(function.invoke(event("http_api", text=text)))
    assert complaint(function.invoke(event("http_api", text="🎉🎉")))[0] == 400


def test_an_event_without_http_fails_loudly_and_harms_nobody(function, event):
    for stranger in (event("sqs"), {"ping": True}, {}):
        with pytest.raises(FunctionError):
            function.invoke(stranger)
    assert plays(function.invoke(event("http_api")))


def test_headers_may_be_null(function, event):
    """As the test button of the API Gateway console sends them."""
    answer = function.invoke({**event("rest_api"), "headers": None, "multiValueHeaders": None})
    assert answer["statusCode"] in (200, 400) and "body" in answer


def test_a_schedule_keeps_the_function_warm(function, event):
    assert function.invoke(event("schedule")) == {"status": "warm"}


def test_pages_and_preflights_come_through_the_api(function, event):
    page = event("http_api")
    page.update(rawPath="/", body="")
    page["requestContext"]["http"].update(method="GET", path="/")
    answer = function.invoke(page)
    assert answer["statusCode"] == 200 and "<html" in answer["body"]
    preflight = event("http_api")
    preflight["requestContext"]["http"]["method"] = "OPTIONS"
    for name, value in {
        "origin": "https://example.com",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }.items():
        set_header(preflight, name, value)
    assert headers_of(function.invoke(preflight))["access-control-allow-origin"] == "*"


def test_more_callers_than_environments_wait_in_the_queue(function, event):
    events = [event(DOORS[n % len(DOORS)], text="排队的人不少。", rate=1 + n % 2) for n in range(10)]
    with ThreadPoolExecutor(len(events)) as pool:
        answers = list(pool.map(function.invoke, events))
    assert len({said(answer)["key"] for answer in answers}) == 2
    assert all(map(plays, answers[:2]))


def test_the_logs_hold_no_text(function, event):
    secret = "我的银行卡密码是三七二十一。"
    key = said(function.invoke(event("http_api", text=secret)))["key"]
    logs = function.logs()
    assert Path(key).stem in logs  # the digest is there, to find the object by
    assert secret not in logs and json.dumps(secret) not in logs and SENTENCE not in logs


def test_the_running_function_has_neither_torch_nor_modelscope(environment):
    """In a process of its own: the handler is imported, speaks, and then shows what it has loaded."""
    script = (
        "import json, sys\n"
        "from functions.http.handler import handler\n"
        "answer = handler(json.load(sys.stdin), None)\n"
        "print(answer['statusCode'], *sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    asking = (ROOT / "tests/lambda/events/http_api.json").read_bytes()
    env = {**os.environ, **environment}
    done = subprocess.run([sys.executable, "-c", script], input=asking, capture_output=True, cwd=ROOT, env=env, check=False)
    status, *modules = done.stdout.decode().split()
    assert status == "200", done.stderr.decode()
    # Heavy ones that build tools bring along are as unwelcome.
    assert not {"torch", "modelscope", "transformers", "scipy", "librosa", "onnx"} & set(modules)
