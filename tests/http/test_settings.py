"""Settings that could not work or would be unsafe stop the start, and say which variable it is."""

from __future__ import annotations

import pytest

from functions.http.settings import Settings, SettingsError


def settings(**chosen: str) -> Settings:
    return Settings.from_env({"SAMBERT_BUCKET": "b", **{f"SAMBERT_{name}": value for name, value in chosen.items()}})


def test_a_bucket_is_all_that_is_needed():
    assert settings() == Settings(bucket="b")


def test_everything_can_be_chosen():
    chosen = settings(
        URL_SECONDS="60",
        OBJECT_DAYS="1",
        MAX_TEXT="10",
        SLOTS="2",
        BASE_PATH="/dev/",
        CORS_ORIGINS="https://a.example, https://b.example",
        AUDIO_SOURCES="https://cdn.example.com/sounds/, s3://sounds/zh/,http://127.0.0.1:8000/,file:///srv/sounds/",
    )
    assert (chosen.url_seconds, chosen.object_days, chosen.max_text, chosen.slots, chosen.base_path) == (60, 1, 10, 2, "/dev")
    assert chosen.cors_origins == ("https://a.example", "https://b.example")
    assert len(chosen.audio_sources) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BUCKET", ""),
        ("URL_SECONDS", "0"),
        ("URL_SECONDS", "604801"),
        ("URL_SECONDS", "soon"),
        ("MAX_TEXT", "-1"),
        ("SLOTS", "0"),
        ("S3_ENDPOINT", "http://s3.example.com"),
        ("S3_ENDPOINT", "ftp://127.0.0.1"),
        ("S3_PUBLIC_ENDPOINT", "http://audio.example.com"),
        ("S3_PUBLIC_ENDPOINT", "https://user:secret@audio.example.com"),
        ("S3_PUBLIC_ENDPOINT", "https://audio.example.com/path"),
        ("CORS_ORIGINS", "example.com"),
        ("BASE_PATH", "dev"),
        ("AUDIO_SOURCES", "https://cdn.example.com"),
        ("AUDIO_SOURCES", "https://cdn.example.com/sounds"),
        ("AUDIO_SOURCES", "https:///sounds/"),
        ("AUDIO_SOURCES", "https://user:secret@cdn.example.com/sounds/"),
        ("AUDIO_SOURCES", "https://cdn.example.com/a/../sounds/"),
        ("AUDIO_SOURCES", "https://cdn.example.com/sounds/?x=/"),
        ("AUDIO_SOURCES", "http://cdn.example.com/sounds/"),
        ("AUDIO_SOURCES", "https://cdn.example.com/sounds/,ftp://cdn.example.com/sounds/"),
        ("AUDIO_SOURCES", "s3://bucket"),
        ("AUDIO_SOURCES", "file:///"),
        ("AUDIO_SOURCES", "file://sounds/"),
        ("AUDIO_SOURCES", "*"),
    ],
)
def test_what_is_refused(name, value):
    with pytest.raises(SettingsError, match=f"SAMBERT_{name}"):
        settings(**{name: value})


def test_a_url_may_not_outlive_its_audio():
    with pytest.raises(SettingsError, match="OBJECT_DAYS"):
        settings(URL_SECONDS="86400", OBJECT_DAYS="1")


def test_a_lexicon_is_read_at_the_start_and_a_wrong_line_is_named(tmp_path):
    path = tmp_path / "readings.txt"
    path.write_text("单于 chan2 yu2\n", "utf-8")
    assert settings(LEXICON=str(path)).readings().find("单于")
    path.write_text("单于 chan2 yu2\n重庆 chong2\n", "utf-8")
    for wrong, told in ((path, "readings.txt 第 2 行"), (tmp_path / "none.txt", "none.txt"), (tmp_path, "SAMBERT_LEXICON")):
        with pytest.raises(SettingsError, match="SAMBERT_LEXICON") as caught:
            settings(LEXICON=str(wrong))
        assert told in str(caught.value)
