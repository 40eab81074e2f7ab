"""Every mistake has its own stable code, a Chinese message, and never a stack trace."""

from __future__ import annotations

import httpx
import pytest

JSON = {"Content-Type": "application/json"}


def refused(answer: httpx.Response, status: int, code: str) -> dict:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert set(body) == {"error", "code", "detail"}
    assert any("\u4e00" <= character <= "\u9fff" for character in body["error"])
    return body


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": ""}, 400, "empty_text"),
        ({"text": " \n\t　"}, 400, "empty_text"),
        ({}, 400, "empty_text"),
        ({"text": None}, 400, "empty_text"),
        ({"text": "好", "ssml": "<speak>好</speak>"}, 400, "text_and_ssml"),
        ({"text": "好" * 2001}, 413, "text_too_long"),
        ({"text": "😀"}, 400, "nothing_to_say"),
        ({"text": "好", "voice": "nobody"}, 400, "unknown_voice"),
        ({"text": "好", "voice": "../../etc"}, 400, "unknown_voice"),
        ({"text": "好", "emotion": "困惑"}, 400, "unknown_emotion"),
        ({"text": "好", "format": "aac"}, 400, "unknown_format"),
        ({"text": "好", "sample_rate": 11025}, 400, "unknown_sample_rate"),
        ({"text": "好", "rate": 2.1}, 400, "bad_range"),
        ({"text": "好", "intensity": -0.1}, 400, "bad_range"),
        ({"text": "好", "pitch": 12.5}, 400, "bad_range"),
        ({"text": "好", "volume": 101}, 400, "bad_range"),
        ({"text": "好", "rate": "1"}, 400, "bad_request"),
        ({"text": "好", "rate": True}, 400, "bad_request"),
        ({"text": 5}, 400, "bad_request"),
        ({"text": "好", "speed": 1}, 400, "bad_request"),
        ({"text": "好", "lexicon": {str(n): "hao3" for n in range(101)}}, 400, "bad_request"),
        ({"ssml": "<speak>好"}, 400, "ssml_malformed"),
        (["好"], 400, "bad_request"),
    ],
)
def test_a_bad_field(client, body, status, code):
    refused(client.post("/api/tts", json=body), status, code)


def test_empty_text_in_these_words(client):
    assert client.post("/api/tts", json={"text": ""}).json()["error"] == "文本不能为空"


def test_an_unknown_emotion_names_those_there_are(client):
    assert "neutral" in client.post("/api/tts", json={"text": "好", "emotion": "困惑"}).json()["error"]


@pytest.mark.parametrize("content", [b"{", b'{"text": "a"', b"\xff\xfe", b"[" * 50_000, b'{"text": NaN'])
def test_malformed_json(client, content):
    refused(client.post("/api/tts", content=content, headers=JSON), 400, "bad_json")


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e999"])
def test_numbers_that_are_none(client, number):
    answer = client.post("/api/tts", content=b'{"text": "a", "rate": ' + number + b"}", headers=JSON)
    refused(answer, 400, "bad_range")


def test_json_must_be_declared(client):
    body = refused(client.post("/api/tts", content=b'{"text": "a"}', headers={"Content-Type": "text/plain"}), 400, "bad_request")
    assert "application/json" in body["error"]


def test_a_body_has_a_limit_announced_or_not(client):
    refused(client.post("/api/tts", content=b" " * 300_000, headers=JSON), 413, "payload_too_large")
    pieces = (b" " * 10_000 for _ in range(30))
    refused(client.post("/api/tts", content=pieces, headers=JSON), 413, "payload_too_large")


def test_addresses_and_methods_that_do_not_exist(client):
    refused(client.get("/nowhere"), 404, "not_found")
    refused(client.get("/page/settings.py"), 404, "not_found")
    refused(client.get("/page/..%2fsettings.py"), 404, "not_found")
    refused(client.get("/api/tts"), 405, "method_not_allowed")


def test_the_text_is_never_repeated_back(client):
    secret = "我的秘密" * 600
    assert "秘密" not in client.post("/api/tts", json={"text": secret}).text
    assert "秘密" not in client.post("/api/tts", json={"text": ["我的秘密"]}).text


def test_a_web_page_elsewhere_may_ask(client):
    asked = {
        "Origin": "https://example.com",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    assert client.options("/api/tts", headers=asked).headers["access-control-allow-origin"] == "*"
    failed = client.post("/api/tts", json={"text": ""}, headers={"Origin": "https://example.com"})
    assert failed.headers["access-control-allow-origin"] == "*"


def test_only_the_origins_that_were_chosen(start_api):
    base = start_api(CORS_ORIGINS="https://a.example")
    said = [httpx.get(f"{base}/healthz", headers={"Origin": f"https://{name}.example"}).headers for name in "ab"]
    assert said[0]["access-control-allow-origin"] == "https://a.example"
    assert "access-control-allow-origin" not in said[1]


def test_the_description_works_offline(client):
    described = client.get("/openapi.json").json()
    assert {"/api/tts", "/api/voices", "/api/ssml", "/healthz"} <= set(described["paths"])
    page = client.get("/docs").text
    assert "http://" not in page and "https://" not in page
    assert client.get("/healthz").json()["status"] == "ok"
