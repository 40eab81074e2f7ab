"""The ``sambert`` command as a user types it."""

from __future__ import annotations

import subprocess
import sys

import pytest
import soundfile

from sambert.cli import main
from tests.sound_server import tone


def test_say_writes_a_file_that_plays(demo, tmp_path, capsys):
    out, captions = tmp_path / "out.mp3", tmp_path / "out.srt"
    arguments = ["say", "今天天气真好", "-o", str(out), "--emotion", "普通:0.8", "--subtitles", str(captions)]
    assert main(arguments) == 0
    assert soundfile.info(out).duration > 0.8 and "今天天气真好" in captions.read_text(encoding="utf-8")
    assert "秒" in capsys.readouterr().out


def test_say_reads_standard_input(demo, tmp_path):
    out = tmp_path / "a.wav"
    command = [sys.executable, "-m", "sambert.cli", "say", "-", "-o", str(out)]
    assert subprocess.run(command, input="你好，世界。", text=True, capture_output=True, check=False).returncode == 0
    assert soundfile.info(out).samplerate == 16000


def test_say_mixes_in_sounds_of_the_folders_it_is_told(demo, tmp_path, capsys):
    (tmp_path / "ding.wav").write_bytes(tone(0.5))
    document = f'<speak sampleRate="8000">好。<audio src="file://{tmp_path}/ding.wav">没有</audio>好。</speak>'
    for sources, warnings, name in ((f"file://{tmp_path}/", 0, "a.wav"), ("", 1, "b.wav")):
        assert main(["say", "--ssml", document, "-o", str(tmp_path / name), "--audio-sources", sources]) == 0
        assert capsys.readouterr().err.count("提示") == warnings
        assert soundfile.info(tmp_path / name).samplerate == 8000


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["say", ""], "empty_text"),
        (["say", "好", "--emotion", "happy:much"], "bad_request"),
        (["say", "好", "--voice", "nobody"], "unknown_voice"),
        (["say", "好", "--rate", "9"], "bad_range"),
        (["say", "好", "-o", "x.aac"], "unknown_format"),
        (["say", "好", "--audio-sources", "http://example.com/"], "bad_request"),
    ],
)
def test_errors_are_one_line_and_leave_no_file(demo, tmp_path, monkeypatch, capsys, arguments, code):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    assert f"[{code}]" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_voices_lists_the_demo(demo, capsys):
    assert main(["voices"]) == 0
    assert demo in capsys.readouterr().out
