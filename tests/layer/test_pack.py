"""Packs: found, verified, refused with a reason; and what run time must never load."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sambert import load_voice
from sambert.errors import SpeechError
from sambert.voices import voices_folder


@pytest.fixture
def copy(demo, tmp_path) -> Path:
    return Path(shutil.copytree(voices_folder() / demo, tmp_path / "copy"))


def _code(path: Path) -> str:
    with pytest.raises(SpeechError) as caught:
        load_voice(path)
    return caught.value.code


def test_a_changed_graph_is_refused(copy):
    with (copy / "vocoder.bin").open("r+b") as weights:
        weights.seek(1000)
        byte = weights.read(1)
        weights.seek(1000)
        weights.write(bytes([byte[0] ^ 1]))
    assert _code(copy) == "voice_corrupt"


def test_a_changed_manifest_is_refused(copy):
    path = copy / "voice.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Apache-2.0", "Mine-1.0"), encoding="utf-8")
    assert _code(copy) == "voice_corrupt"


def test_a_missing_file_is_refused(copy):
    (copy / "tables.npz").unlink()
    assert _code(copy) == "voice_corrupt"


def test_another_format_is_refused(copy):
    path = copy / "voice.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": 99}), encoding="utf-8")
    assert _code(copy) == "voice_version"


def test_an_unknown_voice_names_those_there_are(demo):
    with pytest.raises(SpeechError, match=demo) as caught:
        load_voice("nobody")
    assert caught.value.code == "unknown_voice"


def test_a_path_that_is_not_there_is_an_unknown_voice(tmp_path):
    assert _code(tmp_path / "nobody") == "unknown_voice"


def test_a_model_directory_needs_the_build_tools(tmp_path):
    (tmp_path / "voices").mkdir()
    assert _code(tmp_path) in ("build_tools_missing", "source_invalid")


def test_the_demo_voice_fits_in_the_repository(demo):
    files = [path for path in (voices_folder() / demo).iterdir() if path.name != "origin.json"]
    assert sum(path.stat().st_size for path in files) < 25 * 2**20
    assert (voices_folder() / demo / "LICENSE").stat().st_size > 1000


HEAVY = ("torch", "modelscope", "onnx", "librosa", "scipy", "jieba")


def test_run_time_loads_no_build_tools(demo):
    """In a process of its own: speak, then look at what was imported."""
    program = (
        "import sys; from sambert import Request, load_voice\n"
        f"speech = load_voice({demo!r}).speak(Request(text='你好，2024年的世界！Hello.'))\n"
        "assert speech.duration_ms > 500\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_the_front_end_alone_needs_no_onnx_runtime():
    program = (
        "import sys; from sambert.frontend import surface; assert surface('你好') == ['ni2', 'hao3']\n"
        "print([name for name in ('onnxruntime', 'soundfile', 'fastapi', 'boto3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
