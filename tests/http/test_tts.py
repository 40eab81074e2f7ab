"""POST /api/tts as a listener meets it: real HTTP, a real S3, the demo voice."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import numpy as np
import pytest
import soundfile

from functions.http.schemas import FORMATS


def ask(client: httpx.Client, **body) -> dict:
    answer = client.post("/api/tts", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def decode(content: bytes) -> tuple[np.ndarray, int]:
    return soundfile.read(io.BytesIO(content))


def test_the_url_plays_what_the_answer_says(client, fresh):
    said = ask(client, text=fresh, emotion="普通", intensity=0.8, format="wav")
    audio = httpx.get(said["url"])
    samples, rate = decode(audio.content)
    assert audio.headers["content-type"] == "audio/wav"
    assert rate == said["sample_rate"]
    assert abs(1000 * len(samples) / rate - said["duration_ms"]) <= 1
    assert len(samples) > rate // 4 and np.abs(samples).max() > 0.02
    assert said["voice"] == "demo" and said["emotion"] == "neutral" and said["cached"] is False
    left = datetime.fromisoformat(said["expires_at"]) - datetime.now(UTC)
    assert 3500 < left.total_seconds() <= 3600


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_decodes(client, format):
    said = ask(client, text="你好。", format=format, sample_rate=24000)
    samples, rate = decode(httpx.get(said["url"]).content)
    assert rate == said["sample_rate"] == 24000
    assert abs(1000 * len(samples) / rate - said["duration_ms"]) < 100  # MP3 pads to whole frames
    assert said["key"].endswith(f".{format}")


def test_range_requests_let_players_seek(client, fresh):
    url = ask(client, text=fresh)["url"]
    whole = httpx.get(url).content
    part = httpx.get(url, headers={"Range": "bytes=10-19"})
    assert part.status_code == 206 and part.content == whole[10:20]
    assert httpx.get(url, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


def test_the_same_request_is_never_made_twice(client, fresh):
    first = ask(client, text=fresh, rate=1)
    again = ask(client, text=fresh, rate=1.0, emotion="普通", voice="demo", format="mp3")
    other = ask(client, text=fresh, rate=1.25)
    assert again["cached"] and not first["cached"] and not other["cached"]
    assert again["key"] == first["key"] != other["key"]
    for name in ("duration_ms", "sample_rate", "warnings"):
        assert again[name] == first[name]


def test_many_at_once_make_one_object(client, s3, fresh):
    def keys() -> set[str]:
        listed = s3.client().list_objects_v2(Bucket="sambert-test").get("Contents", [])
        return {each["Key"] for each in listed}

    before = keys()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: ask(client, text=fresh, intensity=0.5), range(16)))
    assert len({answer["key"] for answer in answers}) == 1
    assert keys() - before == {answers[0]["key"]}
    assert ask(client, text=fresh, intensity=0.5)["cached"]


def test_different_requests_at_once_all_play(client):
    texts = [f"现在是{hour}点。" for hour in "一二三四五六"]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda text: ask(client, text=text), texts))
    assert len({answer["key"] for answer in answers}) == len(texts)
    assert all(httpx.get(answer["url"]).status_code == 200 for answer in answers)


def test_audio_itself_when_asked_for(client, fresh):
    answer = client.post("/api/tts", json={"text": fresh, "format": "wav"}, headers={"Accept": "audio/*"})
    samples, rate = decode(answer.content)
    assert answer.status_code == 200 and answer.headers["content-type"] == "audio/wav"
    assert abs(1000 * len(samples) / rate - int(answer.headers["x-duration-ms"])) <= 1
    stored = ask(client, text=fresh, format="wav")
    assert stored["cached"] and httpx.get(stored["url"]).content == answer.content
    again = client.post("/api/tts", json={"text": fresh, "format": "wav"}, headers={"Accept": "audio/*"})
    assert again.content == answer.content


def test_json_for_those_who_take_anything(client):
    assert client.post("/api/tts", json={"text": "你好。"}, headers={"Accept": "*/*"}).json()["url"]


def test_marks_lie_next_to_the_audio(client, fresh):
    said = ask(client, text=fresh, marks=True)
    marks = json.loads(httpx.get(said["marks_url"]).content)
    assert [mark["text"] for mark in marks if mark["kind"] == "sentence"]
    assert all(0 <= mark["begin_ms"] <= mark["end_ms"] <= said["duration_ms"] + 60 for mark in marks)
    captions = httpx.get(ask(client, text=fresh, marks="vtt")["marks_url"])
    assert captions.text.startswith("WEBVTT") and captions.headers["content-type"].startswith("text/vtt")
    assert ask(client, text=fresh)["marks_url"] is None


def test_ssml_support_is_listed(client):
    listed = client.get("/api/ssml")
    assert listed.status_code == 200
    assert {"break", "prosody", "say-as", "emotion"} <= {element["name"] for element in listed.json()["elements"]}


def test_ssml_is_spoken(client):
    plain = ask(client, ssml="<speak>你好。</speak>")
    pause = ask(client, ssml='<speak>你好。<break time="1s"/></speak>')
    assert pause["duration_ms"] - plain["duration_ms"] > 500


@pytest.mark.parametrize(
    "text",
    [
        "你好😀世界",
        "Hello，世界！",
        "歡迎來到臺灣，這裡的風景很美。",
        "你\x00好\x07\u200b吗\ufeff",
        "2026年11月22日，涨了3.5%。",
        "你好\ud83d吗",
    ],
    ids=["emoji", "English", "traditional", "control", "numbers", "half a surrogate pair"],
)
def test_any_text_that_people_paste(client, text):
    body = json.dumps({"text": text})
    answer = client.post("/api/tts", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["duration_ms"] > 300


def test_voices_tell_what_may_be_asked_for(client):
    voices = client.get("/api/voices").json()["voices"]
    demo = next(voice for voice in voices if voice["name"] == "demo")
    assert demo["default"] and demo["licence"] and demo["sample_rate"] > 0
    assert demo["emotion_labels"]["neutral"] == "普通"
    for emotion in demo["emotions"]:
        assert ask(client, text="好。", emotion=emotion)["emotion"] == emotion


def test_the_demo_voice_has_feelings(client):
    """The promise of the page: at least these four, and they do not sound alike."""
    wanted = ["neutral", "happy", "sad", "angry"]
    demo = next(voice for voice in client.get("/api/voices").json()["voices"] if voice["name"] == "demo")
    assert set(wanted) <= set(demo["emotions"])
    sounds = {httpx.get(ask(client, text="我们走吧。", emotion=emotion)["url"]).content for emotion in wanted}
    assert len(sounds) == len(wanted)


def test_readings_are_part_of_the_key(start_api, demo, tmp_path, monkeypatch, fresh):
    """The request's, the deployment's and the voice's own: none may be answered with what another made."""
    from sambert.voices import voices_folder

    (tmp_path / "house.txt").write_text("句话 ju4 hua2\n", "utf-8")
    voices = tmp_path / "voices"
    (voices / demo).mkdir(parents=True)
    for path in (voices_folder() / demo).iterdir():
        (voices / demo / path.name).symlink_to(path)
    (voices / demo / "lexicon.txt").write_text("句话 ju1 hua4\n", "utf-8")
    keys = []
    for chosen, folder in (({}, None), ({"LEXICON": str(tmp_path / "house.txt")}, None), ({}, voices)):
        if folder:
            monkeypatch.setenv("SAMBERT_VOICES", str(folder))
        with httpx.Client(base_url=start_api(**chosen), timeout=60) as client:
            answers = [ask(client, text=fresh), ask(client, text=fresh, lexicon={"句话": "ju2 hua4"})]
        assert not any(answer["cached"] for answer in answers)
        keys += [answer["key"] for answer in answers]
    assert len(set(keys)) == len(keys)
