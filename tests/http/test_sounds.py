"""SSML's sounds over HTTP: fetched from the web and S3, part of the answer's key, made again when missed; its root's wishes."""

from __future__ import annotations

import io

import httpx
import pytest
import soundfile

from tests.sound_server import serving, tone

SOUNDS = "sambert-sounds"


@pytest.fixture(scope="module")
def server():
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def client(start_api, s3, server):
    s3.client().create_bucket(Bucket=SOUNDS)
    s3.client().put_object(Bucket=SOUNDS, Key="zh/叮.wav", Body=tone(0.5))
    s3.client().put_object(Bucket=SOUNDS, Key="secret.wav", Body=tone(0.5))
    base = start_api(AUDIO_SOURCES=f"{server.address}/ok/,s3://{SOUNDS}/zh/")
    with httpx.Client(base_url=base, timeout=60) as client:
        yield client


def ask(client: httpx.Client, ssml: str, **more) -> dict:
    answer = client.post("/api/tts", json={"ssml": ssml, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_sounds_come_from_the_web_and_from_s3(client, server, fresh):
    plain = ask(client, f"<speak>{fresh}</speak>")
    for src in (f"{server.address}/ok/ding.wav", f"s3://{SOUNDS}/zh/叮.wav"):
        said = ask(client, f'<speak>{fresh}<audio src="{src}"/></speak>')
        # Behind the sentence the sound stands in place of its pause.
        assert not said["warnings"] and 0 < said["duration_ms"] - plain["duration_ms"] < 500
        assert said["key"] != plain["key"]


@pytest.mark.parametrize("src", [f"s3://{SOUNDS}/secret.wav", "s3://sambert-test/speech/x.mp3", "https://example.com/a.wav"])
def test_other_places_are_not_asked(client, fresh, src):
    said = ask(client, f'<speak>{fresh}<audio src="{src}">没有</audio></speak>')
    assert [warning for warning in said["warnings"] if "[sound_forbidden]" in warning]


def test_a_sound_missing_from_s3_is_a_warning(client, fresh):
    said = ask(client, f'<speak>{fresh}<audio src="s3://{SOUNDS}/zh/none.wav">没有</audio></speak>')
    assert [warning for warning in said["warnings"] if "[sound_unavailable]" in warning]


def test_speech_that_lacks_a_sound_is_made_again_and_then_kept(client, start_api, server, fresh):
    document = f'<speak>{fresh}<audio src="{server.address}/ok/late.wav">没有</audio></speak>'
    first = ask(client, document)
    assert first["warnings"] and "immutable" not in httpx.get(first["url"]).headers["cache-control"]
    server.files["/ok/late.wav"] = tone(0.5)
    elsewhere = start_api(AUDIO_SOURCES=f"{server.address}/ok/,s3://{SOUNDS}/zh/")  # this process remembers for a minute
    with httpx.Client(base_url=elsewhere, timeout=60) as other:
        second, third = ask(other, document), ask(other, document)
    assert second["key"] == first["key"] and not second["cached"] and not second["warnings"]
    assert third["cached"] and not third["warnings"]


def test_a_deployment_that_allows_sounds_has_keys_of_its_own_for_ssml_only(client, api, fresh):
    with httpx.Client(base_url=api, timeout=60) as plain:
        document = f'<speak>{fresh}<audio src="https://example.com/a.wav"/></speak>'
        assert ask(plain, document)["key"] != ask(client, document)["key"]
        assert [one.get("/api/ssml").json()["sounds"] for one in (plain, client)] == [False, True]
        assert "[sound_off]" in ask(plain, document)["warnings"][0]
        keys = [one.post("/api/tts", json={"text": fresh}).json()["key"] for one in (plain, client)]
    assert keys[0] == keys[1]


def test_the_document_chooses_format_and_rate_where_the_request_does_not(client, fresh):
    said = ask(client, f'<speak encodeType="WAV" sampleRate="8000">{fresh}</speak>')
    _, rate = soundfile.read(io.BytesIO(httpx.get(said["url"]).content))
    assert (said["format"], said["sample_rate"], rate) == ("wav", 8000, 8000)
    said = ask(client, f'<speak format="wav" sampleRate="8000">{fresh}</speak>', format="flac", sample_rate=24000)
    assert (said["format"], said["sample_rate"]) == ("flac", 24000)
    said = ask(client, f'<speak encodeType="PCM">{fresh}</speak>')
    assert said["format"] == "mp3" and "pcm" in said["warnings"][0]
