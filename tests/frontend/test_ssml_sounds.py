"""SSML's sounds in the front end: where they stand in the vendors' documents, and what stands there where they are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sambert.errors import SpeechError
from sambert.frontend import VoiceTraits, ssml, utterances
from sambert.types import Background, Request, Silence, Sound, Utterance

LASTS = 700  # ms, every sound


def load(name: str) -> ssml.Document:
    source = (Path(__file__).parent / "ssml" / f"{name}.xml").read_text("utf-8")
    return ssml.parse(source, hear=lambda src: LASTS)


def pieces(inside: str, hear=lambda src: LASTS) -> list[Utterance]:
    return list(utterances(Request(ssml=f"<speak>{inside}</speak>"), VoiceTraits(frozenset()), hear=hear))


def missing(src: str) -> int:
    raise SpeechError("sound_unavailable", source=src, reason="HTTP 404")


def breaks(document: ssml.Document) -> list[Silence]:
    return [one.silence for one in document.segments if isinstance(one, ssml.Break)]


def test_alibaba_sound_event_and_background():
    assert breaks(load("alibaba/navigation"))[1] == Silence(LASTS, (Sound("http://example.com/ding.wav"),))
    assert load("alibaba/dashscope").background == Background("http://example.com/bgm.wav", 0.3)


def test_azure_background_and_audio():
    document = load("azure/structure")
    assert document.background == Background("https://example.com/music.wav", 0.7, 3000, 4000)
    # The silence that the voice before ends with stands before the next one's text.
    assert [len(one.sounds) for one in breaks(document)] == [0, 0, 1]
    assert not any(isinstance(one, ssml.Text) and "听不到" in one.text for one in document.segments)


def test_w3c_audio_is_played_in_place_of_its_text():
    document = load("w3c/structure")
    assert [one.sounds for one in breaks(document)] == [(Sound("welcome.wav"),)]
    assert "欢迎" in document.text and not any(isinstance(one, ssml.Text) and "欢迎" in one.text for one in document.segments)


def test_polly_max_duration_bounds_each_text_by_itself():
    document = load("polly/durations")
    spans = {one.text.strip(): one.controls.span for one in document.segments if isinstance(one, ssml.Text) and one.text.strip()}
    first, second, inner, after = spans.values()
    assert (first.ms, first.most, second.ms, second.most) == (2400, True, 5100, True)
    assert inner == second and after is None and any("max-duration" in warning for warning in document.warnings)
    timed = [one for piece in pieces("<prosody amazon:max-duration='3s'>你好。再见</prosody>") for one in piece.timed]
    assert len(timed) == 2 and all(one.most and one.number == 1 and one.ms <= 3000 for one in timed)


def test_sounds_and_breaks_at_one_place_follow_one_another():
    (piece,) = pieces('你好<break time="200ms"/><audio src="a"/><break time="9.9s"/><audio src="b"/>你好')
    (pause,) = piece.pauses
    assert (pause.ms, pause.sounds) == (200 + 9800 + 2 * LASTS, (Sound("a", 200), Sound("b", 200 + LASTS + 9800)))
    assert piece.warnings  # breaks add up to ten seconds; sounds do not count among them


@pytest.mark.parametrize("inside", ['<audio src="a"/>你好', '<p>你好</p><audio src="a"/>', '你好。<s><audio src="a"/></s>再见'])
def test_a_sound_takes_the_place_of_the_pauses_about_it(inside):
    said = pieces(inside)
    sounds = [sound for piece in said for sound in (*piece.sounds, *(one for pause in piece.pauses for one in pause.sounds))]
    silences = [piece.silence_ms for piece in said if piece.silence_ms] + [pause.ms for piece in said for pause in piece.pauses]
    assert sounds == [Sound("a")] and LASTS in silences and set(silences) <= {LASTS, 0, 200}


def test_a_missing_sounds_text_goes_on_in_the_sentence():
    (piece,) = pieces('今天<audio src="a">有<desc>铃声</desc><emphasis>没</emphasis></audio>很好', missing)
    assert "".join(span.text for span in piece.spans if span.kind == "character") == "今天有没很好"
    assert piece.warnings == ("声音取不到（HTTP 404）：a [sound_unavailable]",)
    assert not pieces('今天<soundEvent src="a"/>很好', missing)[0].pauses


def test_a_document_of_a_missing_sound_alone_has_nothing_to_say():
    with pytest.raises(SpeechError, match="empty_text"):
        pieces('<audio src="a"/>', missing)
    assert pieces('<audio src="a"/>')[0].sounds == (Sound("a"),)


def test_every_piece_knows_the_background():
    said = pieces('<backgroundaudio src="m" volume="0.5"/>你好。<break time="1s"/>再见。')
    assert len(said) == 2 and {piece.background for piece in said} == {Background("m", 0.5)}


@pytest.mark.parametrize(
    "element",
    [
        '<backgroundaudio src="m" volume="101"/>',
        '<backgroundaudio src="m" fadein="11s"/>',
        '<backgroundaudio src="m" fadeout="soon"/>',
        '<prosody amazon:max-duration="2"/>',
    ],
)
def test_wrong_values_are_refused(element):
    with pytest.raises(SpeechError, match="ssml_invalid"):
        pieces(f"{element}好")
