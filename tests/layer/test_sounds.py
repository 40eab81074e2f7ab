"""SSML's sounds, heard: inserted at their place, under the speech, from where they may come from and from nowhere else."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from sambert import Request, sounds
from sambert.errors import SpeechError
from sambert.sounds import Library, Sounds
from sambert.sounds.sources import allowed, prefixes
from tests.sound_server import SoundServer, serving, tone


@pytest.fixture(scope="module")
def server():
    with serving() as running:
        yield running


@pytest.fixture
def say(voice, server: SoundServer):
    """say(document) → speech; {ok} in a document is the allowed prefix."""
    voice.sounds = Library([f"{server.address}/ok/"])
    server.asked.clear()
    yield lambda document: voice.speak(Request(ssml=document.format(ok=f"{server.address}/ok")))
    voice.sounds = Library()


def level(speech, begin_ms: int, end_ms: int, hertz: float) -> float:
    """Amplitude of one frequency in a stretch."""
    part = speech.samples[begin_ms * speech.sample_rate // 1000 : end_ms * speech.sample_rate // 1000]
    wave = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / speech.sample_rate)
    return 2 * abs(np.mean(part * wave))


def times(speech) -> dict[str, tuple[int, int]]:
    return {mark.text: (mark.begin_ms, mark.end_ms) for mark in speech.marks if mark.kind in ("character", "mark")}


@pytest.mark.parametrize(
    "name", ["ding.wav", "stereo.mp3", "ding.flac", "%E5%8F%AE%E5%92%9A%201.wav", "ding.wav?signature=1", "moved.wav"]
)
def test_a_sound_stands_in_the_sentence_for_as_long_as_it_lasts(say, name):
    speech = say("<speak>今天" + f'<audio src="{{ok}}/{name}">没有</audio>' + '<mark name="m"/>很好。</speak>')
    at = times(speech)
    assert not speech.warnings and "没" not in at
    assert at["很"][0] - at["天"][1] == 500 and at["m"][0] == at["很"][0]
    assert level(speech, at["天"][1] + 20, at["很"][0] - 20, 880) == pytest.approx(0.3, rel=0.1)
    assert level(speech, 0, at["天"][1], 880) < 0.05


def test_a_sound_among_breaks_keeps_its_place_and_silence_stays_silent(say):
    speech = say('<speak>今天。<break time="300ms"/><soundEvent src="{ok}/ding.wav"/><break time="200ms"/>很好。</speak>')
    end, begin = times(speech)["天"][1], times(speech)["很"][0]
    assert begin - end == 1000
    assert level(speech, end + 310, end + 790, 880) == pytest.approx(0.3, rel=0.05)
    for first, last in ((end + 10, end + 290), (end + 810, begin - 10)):
        assert not speech.samples[first * speech.sample_rate // 1000 : last * speech.sample_rate // 1000].any()


def test_parts_of_a_stream_are_the_speech_with_its_sounds(voice, say, server):
    document = '<speak>今天很好。<audio src="{ok}/ding.wav"/>明天也很好。后天<audio src="{ok}/ding.wav"/>呢？</speak>'
    parts = list(voice.stream(Request(ssml=document.format(ok=f"{server.address}/ok"))))
    whole = say(document)
    assert len(parts) > 2
    np.testing.assert_array_equal(np.concatenate([part.samples for part in parts]), whole.samples)
    assert server.asked.count("/ok/ding.wav") == 1


def test_sounds_alone_are_speech_enough(say):
    speech = say('<speak><mark name="a"/><audio src="{ok}/ding.wav"/><mark name="b"/></speak>')
    assert times(speech) == {"a": (0, 0), "b": (500, 500)}
    assert level(speech, 0, 500, 880) == pytest.approx(0.3, rel=0.05)


def test_a_voice_of_another_rate_moves_no_sound(voice, say, monkeypatch):
    class Others:
        """The same voice once more, which says that it has half the rate: it speaks twice as long."""

        def traits(self, name):
            return replace(voice.traits, name=name)

        def open(self, name):
            pack = replace(voice.pack, manifest=replace(voice.manifest, sample_rate=voice.manifest.sample_rate // 2))
            return type(voice)(pack, voice._acoustic, voice._vocoder)

    monkeypatch.setattr(voice, "others", Others())
    speech = say('<speak><voice name="other">今天<audio src="{ok}/ding.wav"/>很好。</voice></speak>')
    end, begin = times(speech)["天"][1], times(speech)["很"][0]
    assert begin - end == pytest.approx(500, abs=2)
    assert level(speech, end + 20, begin - 20, 880) == pytest.approx(0.3, rel=0.1)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("none.wav", "sound_unavailable"),
        ("cut.wav", "sound_unavailable"),
        ("text.wav", "sound_invalid"),
        ("out.wav", "sound_forbidden"),
        ("round.wav", "sound_unavailable"),
        ("../secret/key.wav", "sound_forbidden"),
        ("%2e%2e/secret/key.wav", "sound_forbidden"),
        ("endless.wav", "sound_too_long"),
    ],
)
def test_what_is_not_to_be_had_is_read_out_instead(say, server, name, code):
    speech = say("<speak>今天" + f'<audio src="{{ok}}/{name}">没有<desc>铃声</desc></audio>' + "很好。</speak>")
    assert [mark.text for mark in speech.marks if mark.kind == "character"] == list("今天没有很好")
    assert len(speech.warnings) == 1 and speech.warnings[0].endswith(f"[{code}]")
    assert "/secret/key.wav" not in server.asked


def test_a_stalling_server_is_waited_for_only_so_long(say, server, monkeypatch):
    monkeypatch.setattr(sounds, "SOUNDS_WAIT", 0.3)
    speech = say('<speak>今天<audio src="{ok}/slow.wav">没有</audio><audio src="{ok}/ding.wav">也没有</audio>很好。</speak>')
    assert [mark.text for mark in speech.marks if mark.kind == "character"] == list("今天没有也没有很好")
    assert all("超时" in warning for warning in speech.warnings) and server.asked == ["/ok/slow.wav"]


def test_without_prefixes_nothing_is_fetched(voice, server):
    server.asked.clear()
    ok = f"{server.address}/ok"
    speech = voice.speak(Request(ssml=f'<speak bgm="{ok}/bed.wav">好<audio src="{ok}/ding.wav"/></speak>'))
    assert len(speech.warnings) == 2 and all("[sound_off]" in warning for warning in speech.warnings)
    assert not server.asked


def test_limits_of_a_document(server, monkeypatch):
    monkeypatch.setattr(sounds, "SOUNDS", 4)
    monkeypatch.setattr(sounds, "SOUND_SECONDS", 1.2)
    ding = f"{server.address}/ok/ding.wav"
    used = Sounds(Library([f"{server.address}/ok/"]), 16000)
    assert [used.use(ding), used.use(ding)] == [500, 500]
    for code in ("sound_too_long", "sound_too_long", "too_many_sounds"):
        with pytest.raises(SpeechError, match=code):
            used.use(ding)


def test_sounds_used_last_are_kept_for_a_while(server, monkeypatch):
    library, ding = Library([f"{server.address}/ok/"]), f"{server.address}/ok/ding.wav"
    server.asked.clear()
    for _ in range(2):
        assert Sounds(library, 16000).use(ding) == 500
    Sounds(library, 8000).use(ding)
    assert len(server.asked) == 2
    monkeypatch.setattr(sounds, "KEPT_SAMPLES", 9000)
    Sounds(library, 16000).use(f"{server.address}/ok/moved.wav")
    Sounds(library, 16000).use(ding)
    assert server.asked.count("/ok/ding.wav") == 4  # by way of moved.wav, too
    monkeypatch.setattr(sounds, "KEPT_SECONDS", -1)
    Sounds(library, 16000).use(f"{server.address}/ok/ding.flac")
    Sounds(library, 16000).use(f"{server.address}/ok/ding.flac")
    assert server.asked.count("/ok/ding.flac") == 2


def test_a_sound_longer_than_its_head_says_is_cut_off_at_the_limit(server, monkeypatch):
    monkeypatch.setattr(sounds, "SOUND_SECONDS", 2)
    server.files["/ok/long.mp3"] = tone(60, rate=8000, format="MP3")
    with pytest.raises(SpeechError, match="sound_too_long"):
        Sounds(Library([f"{server.address}/ok/"]), 16000).use(f"{server.address}/ok/long.mp3")


def test_a_background_plays_on_under_the_whole_speech(voice, say):
    text = "今天很好。<break time='1s'/>明天也很好。"
    plain = say(f"<speak>{text}</speak>")
    music = say(f'<speak bgm="{{ok}}/bed.wav" backgroundMusicVolume="80">{text}</speak>')
    assert times(music) == times(plain) and len(music.samples) == len(plain.samples)
    added = music.samples - plain.samples
    file = np.tile(0.08 * np.sin(2 * np.pi * 150 * np.arange(6400) / 16000), len(added) // 6400 + 1)[: len(added)]
    if voice.manifest.sample_rate == 16000:
        np.testing.assert_allclose(added, file, atol=2e-3)


def test_azures_background_fades_in_and_out_behind_the_speech(say):
    plain = say("<speak>今天很好。</speak>")
    music = say('<speak><backgroundaudio src="{ok}/bed.wav" volume="0.5" fadein="1000" fadeout="2000ms"/>今天很好。</speak>')
    end = plain.duration_ms
    assert music.duration_ms == end + 2000
    levels = [level(music, end + at, end + at + 200, 150) for at in (0, 900, 1800)]
    assert levels == pytest.approx([0.0475, 0.025, 0.0025], abs=0.004)
    assert times(music) == times(plain) and np.abs((music.samples[: len(plain.samples)] - plain.samples)[:80]).max() < 2e-3


@pytest.mark.parametrize(
    "document",
    [
        '<speak bgm="{ok}/none.wav">今天很好。</speak>',
        '<speak><backgroundaudio src="https://elsewhere.example/bed.wav"/>今天很好。</speak>',
        '<speak bgm="{ok}/bed.wav"><backgroundaudio src="{ok}/bed.wav"/>今天很好。</speak>',
    ],
)
def test_without_its_background_speech_goes_on(say, document):
    speech = say(document)
    assert len(speech.warnings) == 1 and [mark.text for mark in speech.marks if mark.kind == "sentence"] == ["今天很好。"]


def test_files_of_this_machine_stay_within_their_folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.wav").write_bytes(tone(0.5))
    (tmp_path / "out.wav").write_bytes(tone(0.5))
    (tmp_path / "in" / "link.wav").symlink_to(tmp_path / "out.wav")
    used = Sounds(Library([f"file://{tmp_path}/in/"]), 16000)
    assert used.use(f"file://{tmp_path}/in/a.wav") == 500
    for name in ("in/link.wav", "out.wav", "in/../out.wav"):
        with pytest.raises(SpeechError, match="sound_forbidden"):
            used.use(f"file://{tmp_path}/{name}")
    with pytest.raises(SpeechError, match="sound_unavailable"):
        used.use(f"file://{tmp_path}/in/b.wav")


@pytest.mark.parametrize(
    "src",
    [
        "https://cdn.example.com/sounds",
        "https://cdn.example.com/sounds/../keys/a.wav",
        "https://cdn.example.com/sounds/%2e%2e/keys/a.wav",
        "https://cdn.example.com/sounds/..%2fkeys/a.wav",
        "https://cdn.example.com/sounds/%252e%252e/a.wav",
        "https://cdn.example.com/sounds\\..\\keys/a.wav",
        "https://cdn.example.com@evil.example/sounds/a.wav",
        "https://cdn.example.com:8443/sounds/a.wav",
        "https://cdn.example.com.evil.example/sounds/a.wav",
        "https://evil.example/https://cdn.example.com/sounds/a.wav",
        "http://cdn.example.com/sounds/a.wav",
        "//cdn.example.com/sounds/a.wav",
        "https://cdn.example.com/sounds/a\n.wav",
        "https://cdn.example.com:x/sounds/a.wav",
        "https://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "data:audio/wav;base64,UklGRg==",
        "s3://bucket/other/a.wav",
        "welcome.wav",
        "",
    ],
)
def test_nothing_gets_by_the_prefixes(src):
    with pytest.raises(SpeechError, match="sound_forbidden"):
        allowed(src, prefixes(["https://cdn.example.com/sounds/", "s3://bucket/sounds/", "file:///srv/sounds/"]))


def test_an_address_may_be_written_in_other_ways_that_mean_the_same():
    among = prefixes(["https://CDN.example.com:443/sounds/", "s3://bucket/sounds/"])
    for src in ("https://cdn.example.com/sounds/a.wav?x=1#y", "HTTPS://cdn.EXAMPLE.com:443/sounds/%61.wav?x=1"):
        assert allowed(src, among).url == "https://cdn.example.com/sounds/a.wav?x=1"
    assert allowed("s3://bucket/sounds/叮.wav", among).path == "/sounds/叮.wav"


def test_samples_that_are_no_numbers_are_silence(tmp_path):
    body = io.BytesIO()
    soundfile.write(body, np.full(1600, np.nan, np.float32), 16000, format="WAV", subtype="FLOAT")
    (tmp_path / "nan.wav").write_bytes(body.getvalue())
    used = Sounds(Library([f"file://{tmp_path}/"]), 16000)
    used.use(f"file://{tmp_path}/nan.wav")
    assert not used.samples(f"file://{tmp_path}/nan.wav").any()
