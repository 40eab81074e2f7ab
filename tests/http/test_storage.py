"""The bucket is private, URLs end, and when S3 is away nothing is half done."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from botocore.exceptions import ClientError

from functions.http.settings import Settings
from functions.http.store import Store, Stored
from infra.local.seaweed import Seaweed

BUCKET = "sambert-test"


@pytest.fixture
def store(s3, monkeypatch) -> Store:
    for name, value in s3.environment().items():
        monkeypatch.setenv(name, value)
    return Store(Settings(bucket=BUCKET, s3_endpoint=s3.endpoint, url_seconds=10))


def objects(s3) -> dict[str, str]:
    return {each["Key"]: each["ETag"] for each in s3.client().list_objects_v2(Bucket=BUCKET).get("Contents", [])}


def test_a_url_opens_one_object_and_no_other(client, fresh):
    url = client.post("/api/tts", json={"text": fresh}).json()["url"]
    assert httpx.get(url).status_code == 200
    assert httpx.get(url.split("?")[0]).status_code == 403
    assert httpx.get(re.sub(r"/speech/(..)/.", r"/speech/\1/x", url)).status_code == 403
    assert httpx.get(url.replace("X-Amz-Expires=3600", "X-Amz-Expires=604800")).status_code == 403
    assert httpx.get(url[:-1] + ("0" if url[-1] != "0" else "1")).status_code == 403
    assert httpx.put(url, content=b"mine").status_code == 403


def test_a_url_ends(s3, store):
    store.write("speech/ends.mp3", b"1", "audio/mpeg", Stored(1, 16000))
    asked = {"Bucket": BUCKET, "Key": "speech/ends.mp3"}
    long, short = (s3.client().generate_presigned_url("get_object", Params=asked, ExpiresIn=life) for life in (60, 1))
    time.sleep(2.2)
    assert httpx.get(long).status_code == 200
    assert httpx.get(short).status_code == 403


def test_the_expiry_is_the_operators_choice(start_api, fresh):
    said = httpx.post(f"{start_api(URL_SECONDS='60')}/api/tts", json={"text": fresh}, timeout=60).json()
    assert "X-Amz-Expires=60" in said["url"]


def test_a_public_address_takes_the_place_of_the_buckets_own(start_api, s3, fresh):
    base = start_api(S3_PUBLIC_ENDPOINT="https://audio.example.com")
    url = httpx.post(f"{base}/api/tts", json={"text": fresh}, timeout=60).json()["url"]
    assert urlsplit(url).netloc == "audio.example.com"
    # What CloudFront does: the same request, passed on under the bucket's own host.
    assert httpx.get(url.replace("https://audio.example.com", s3.endpoint)).status_code == 200


def test_strangers_are_refused(s3):
    assert httpx.get(f"{s3.endpoint}/{BUCKET}").status_code == 403
    assert httpx.put(f"{s3.endpoint}/{BUCKET}/mine", content=b"x").status_code == 403


def test_the_first_writer_wins(store, s3):
    key = "speech/first.mp3"
    store.write(key, b"first", "audio/mpeg", Stored(1, 16000))
    store.write(key, b"second", "audio/mpeg", Stored(2, 16000))
    assert store.read(key) == b"first" and store.find(key).duration_ms == 1


def test_an_object_about_to_be_deleted_is_written_again(store, s3, monkeypatch):
    key = "speech/old.mp3"
    store.write(key, b"old", "audio/mpeg", Stored(1, 16000))
    monkeypatch.setattr(store, "_fresh", timedelta(0))
    assert store.find(key) is None
    store.write(key, b"new", "audio/mpeg", Stored(1, 16000))
    assert store.read(key) == b"new"


def test_what_is_stored_is_remembered(store):
    kept = Stored(1234, 24000, ("跳过了“😀”", "又一个"))
    store.write("speech/kept.mp3", b"x", "audio/mpeg", kept)
    assert store.find("speech/kept.mp3") == kept
    many = Stored(1, 1, tuple(f"第{n}个警告" for n in range(100)))
    store.write("speech/many.mp3", b"x", "audio/mpeg", many)
    found = store.find("speech/many.mp3").warnings
    assert found and found == many.warnings[: len(found)]


def test_s3_down_is_its_own_error(start_api, s3, fresh):
    before = objects(s3)
    down = start_api(S3_ENDPOINT="http://127.0.0.1:9")
    for accept in ("application/json", "audio/*"):
        answer = httpx.post(f"{down}/api/tts", json={"text": fresh}, headers={"Accept": accept}, timeout=60)
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert objects(s3) == before
    assert httpx.get(f"{down}/healthz").status_code == 200


def test_a_bucket_that_is_gone(start_api, fresh):
    answer = httpx.post(f"{start_api(BUCKET='nobodys')}/api/tts", json={"text": fresh}, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")


def test_credentials_that_are_wrong(start_api, s3, fresh, monkeypatch):
    before = objects(s3)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    answer = httpx.post(f"{start_api()}/api/tts", json={"text": fresh}, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert objects(s3) == before


def test_audio_beyond_lambdas_answer_goes_by_url(start_api, fresh):
    base = start_api(MAX_AUDIO="2000")
    asked = {"text": fresh, "format": "wav"}
    answer = httpx.post(f"{base}/api/tts", json=asked, headers={"Accept": "audio/*"}, timeout=60)
    assert (answer.status_code, answer.json()["code"]) == (413, "audio_too_long")
    by_url = httpx.post(f"{base}/api/tts", json=asked, timeout=60).json()
    assert by_url["cached"] and len(httpx.get(by_url["url"]).content) > 2000


def test_the_bucket_is_prepared_like_the_real_one(s3):
    client = s3.client()
    rule = client.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"][0]
    assert rule["Expiration"]["Days"] == 7 and rule["Filter"]["Prefix"] == "speech/"
    assert client.get_bucket_cors(Bucket=BUCKET)["CORSRules"][0]["AllowedMethods"] == ["GET", "HEAD"]
    with pytest.raises(ClientError):
        client.get_bucket_website(Bucket=BUCKET)


def test_data_outlive_a_restart(tmp_path, free_block):
    port = free_block()
    with Seaweed(tmp_path, port) as server:
        server.prepare("kept", 7)
        server.client().put_object(Bucket="kept", Key="a", Body=b"1")
    with Seaweed(tmp_path, port) as server:
        assert server.client().get_object(Bucket="kept", Key="a")["Body"].read() == b"1"


def test_a_sentence_asked_for_again_needs_no_round_trip(store, monkeypatch):
    stored = Stored(7, 16000)
    assert store.known("speech/again.mp3") is None
    store.write("speech/again.mp3", b"x", "audio/mpeg", stored)
    assert store.known("speech/again.mp3") == stored
    monkeypatch.setattr("functions.http.store.time.monotonic", lambda: float("inf"))
    assert store.known("speech/again.mp3") is None
