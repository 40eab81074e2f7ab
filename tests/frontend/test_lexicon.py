"""Prescribed readings: a request's over a voice's over a deployment's over the dictionary; files and their errors."""

from __future__ import annotations

import pytest

from sambert import frontend
from sambert.errors import SpeechError
from sambert.frontend.user_lexicon import MAX_ENTRIES, UserLexicon, lexicon_file
from sambert.types import Request

FINALS = "an v e ve ou o uo a ao en"
PHONES = frozenset(f"{one}_c" for one in (FINALS + " ch sh d y l h p t b").split())


def said(text: str, own: UserLexicon | None = None, ssml: bool = False, **more) -> list[str]:
    """The final and tone of each syllable."""
    voice = frontend.VoiceTraits(PHONES, name="own", lexicon=own or UserLexicon())
    asked = Request(ssml=text, **more) if ssml else Request(text=text, **more)
    other = frontend.VoiceTraits(PHONES, name="other", lexicon=UserLexicon({"单于": "dan1 yu4"}))
    pieces = frontend.utterances(asked, voice, lambda name: other if name == "other" else None)
    return [one.phone[:-2] + one.tone[-1] for piece in pieces for one in piece.symbols if one.syllable == "s_end"]


def test_the_stronger_goes_before_the_weaker_and_that_before_the_dictionary():
    house = UserLexicon({"单于": "dan1 yu2", "乐乐": "yue4 yue4", "的士": "di4 shi4"})
    voice = UserLexicon({"单于": "dan1 yu3", "乐": "le1"})
    assert said("单于乐乐", voice.over(house), lexicon={"单于": "dan1 yu4"}) == ["an1", "v4", "e1", "e1"]
    assert said("单于乐乐", voice.over(house)) == ["an1", "v3", "e1", "e1"]
    assert said("单于乐乐", house) == ["an1", "v2", "ve4", "ve4"]
    assert said("单于") == ["an2", "v2"]


def test_a_voice_that_ssml_switches_to_reads_by_its_own_lexicon():
    document = '<speak>单于<voice name="other">单于</voice>单于</speak>'
    assert said(document, UserLexicon({"单于": "dan1 yu2"}), ssml=True) == ["an1", "v2", "an1", "v4", "an1", "v2"]
    assert said(document, ssml=True, lexicon={"单于": "dan1 yu3"}) == ["an1", "v3"] * 3


def test_traditional_characters_and_any_case_are_the_same_word():
    assert said("单于", UserLexicon({"單于": "dan1 yu2"})) == said("單于", UserLexicon({"单于": "dan1 yu2"})) == ["an1", "v2"]
    assert said("OPPO", UserLexicon({"Oppo": "ou1 po4"})) == ["ou1", "o4"]


def test_the_digest_follows_what_is_said_not_how_it_is_written():
    one, other = UserLexicon({"单于": "dan1 yu2", "乐": "le4"}), UserLexicon({"乐": "le4", "單于": "Dan1-yu2"})
    assert one.digest == other.digest != UserLexicon({"单于": "dan1 yu3", "乐": "le4"}).digest
    assert UserLexicon({"乐": "le4"}).over(UserLexicon({"单于": "dan1 yu2"})).digest != one.digest
    assert UserLexicon().digest == ""


def test_a_file_has_a_word_a_line_and_comments(tmp_path):
    (tmp_path / "lexicon.txt").write_text("# 人名\n单于 dan1 yu2  # 匈奴\n\nOPPO ou1 po4\n", "utf-8-sig")
    assert lexicon_file(tmp_path / "lexicon.txt").digest == UserLexicon({"单于": "dan1 yu2", "OPPO": "ou1 po4"}).digest


@pytest.mark.parametrize("wrong", ["单于 chan2", "单于", "单于 chan2 xyz9", "单 于 chan2 yu2", "词" * 40 + " ci2"])
def test_a_wrong_line_of_a_file_is_named(tmp_path, wrong):
    (tmp_path / "lexicon.txt").write_text(f"# 头\n重庆 chong2 qing4\n{wrong}\n", "utf-8")
    with pytest.raises(SpeechError) as caught:
        lexicon_file(tmp_path / "lexicon.txt")
    assert caught.value.code == "bad_lexicon_file"
    assert caught.value.detail["file"] == "lexicon.txt" and caught.value.detail["line"] == 3


def test_a_lexicon_has_a_limit():
    with pytest.raises(SpeechError, match="bad_lexicon"):
        UserLexicon({chr(0x4E00 + at): "yi1" for at in range(MAX_ENTRIES + 1)})


def test_a_file_is_read_once_and_again_when_it_has_changed(tmp_path):
    path = tmp_path / "readings.txt"
    path.write_text("单于 chan2 yu2\n", "utf-8")
    first = lexicon_file(path)
    assert lexicon_file(path) is first
    path.write_text("单于 chan2 yu2\n银行 yin2 hang2\n", "utf-8")
    assert lexicon_file(path).find("银行")
