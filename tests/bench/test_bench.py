"""What the benchmark claims must follow from what it measured; a deployed function is stood in for by botocore's stub."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from itertools import islice

import boto3
import numpy as np
import pytest
from botocore.response import StreamingBody
from botocore.stub import ANY, Stubber

from sambert.voices import voices_folder
from sambert_build.bench import function, report, sound, texts
from sambert_build.bench.arithmetic import flop
from sambert_build.bench.listeners import percentile
from sambert_build.bench.price import per_million
from sambert_build.bench.process import Unmeasured, worker


def _syllables(text: str) -> int:
    return sum("一" <= character <= "鿿" for character in text)


def test_sentences_are_as_long_as_they_say():
    for count, text in {**texts.SENTENCES, **texts.LONG, 10: texts.TEN}.items():
        assert _syllables(text) == count
    some = list(islice(texts.different(), 2000))
    assert len(set(some)) == len(some) and {_syllables(text) for text in some} == {20}
    assert len(texts.text_of(10_000)) == 10_000


def test_percentiles_are_values_that_occurred():
    assert percentile([3.0, 1.0, 2.0], 0.99) == 3.0
    assert percentile([float(n) for n in range(1, 101)], 0.99) == 99.0
    assert percentile([5.0], 0.5) == 5.0


def test_price_follows_the_published_formula():
    """facts: $4.44 × RTF at 1.5 GB arm64 for a function that has a whole core; 0.868 of one takes longer."""
    assert per_million(1.0) * 1536 / 1769 == pytest.approx(4.444, abs=0.01)
    assert per_million(0.1, memory_mb=3538) == pytest.approx(2 * per_million(0.1, memory_mb=1769))


def _event(kind: str, inputs: list[list[int]], output: list[int]) -> dict:
    shapes = {"input_type_shape": [{"float": each} for each in inputs], "output_type_shape": [{"float": output}]}
    return {"args": {"op_name": kind, **shapes}}


def test_counts_the_arithmetic_of_a_profile():
    assert flop(_event("Conv", [[1, 8, 1, 100], [4, 8, 1, 3], [4]], [1, 4, 1, 100])) == 2 * 4 * 100 * 8 * 3
    assert flop(_event("Gemm", [[1, 16], [32, 16]], [1, 32])) == 2 * 16 * 32
    assert flop(_event("Add", [[1, 16], [1, 16]], [1, 16])) == 0


def _voice() -> dict:
    times = {"wall": 0.3, "cpu": 0.2}
    sentences = [{"syllables": n, "seconds": n / 4, "am": times, "vocoder": times} for n in (8, 32, 60)]
    requests = [{"syllables": n, "seconds": 2.0, **times} for n in (8, 32)]
    return {"onnx": {"sentences": sentences, "requests": requests, "first_audio": times}, "torch": {"skipped": "no torch here"}}


def test_report_sets_the_reference_beside_ours():
    machine = {"cpu": "X", "cpus": 2, "system": "Linux", "python": "3", "load": 0.0, "gflops": 100.0}
    slow = {"wall": 0.9, "cpu": 0.6}
    rows = [{"syllables": n, "seconds": n / 4, "am": slow, "vocoder": slow} for n in (8, 32, 60)]
    voice = {**_voice(), "reference": {"sentences": rows, "requests": [{"seconds": 2.0, **slow}]}, "gflop": {"skipped": "8 bits"}}
    text = report.tables({"machine": machine, "voices": {"full": voice | {"dollars_per_million": 1.0}}})
    assert "takes ×3.0 as long" in text and "not measured: 8 bits" in text
    assert "KAN-TTS" not in report.tables({"machine": machine, "voices": {"full": _voice()}})
    assert "$5.12 × RTF" in text


def test_the_front_end_is_measured_in_a_process_of_its_own():
    start = worker("front_end", "start", texts.FIGURES[0])
    assert start["symbols"] > 50 and 0 < start["mb"] < 500 and start["first"] > 0 < start["numpy"]
    runs = {key: [start[key]] * 3 for key in ("numpy", "first", "mb")}
    rate = {"best": 9000.0, "worst": 4500.0}
    found = {"speed": {"prose": rate, "figures": rate, "mb": 20.0}, "prose": runs, "figures": runs}
    machine = {"cpu": "X", "cpus": 2, "system": "Linux", "python": "3", "load": 0.0, "gflops": 100.0}
    text = report.tables({"machine": machine, "front_end": found, "voices": {}})
    assert "4,500–9,000 (×1,000 real time)" in text
    skipped = report.tables({"machine": machine, "front_end": {"skipped": "no /proc here"}, "voices": {}})
    assert "Front end not measured: no /proc here" in skipped


def test_log_mels_of_the_same_sound_are_alike():
    time = np.arange(16000) / 16000
    tone, louder = 0.1 * np.sin(2 * np.pi * 440 * time), 0.2 * np.sin(2 * np.pi * 440 * time)
    assert sound.distance(tone, tone, 16000) == 0
    assert 0 < sound.distance(tone, louder, 16000) <= 6.1  # dB; bands below the floor stay as they are
    assert (sound.bands(16000).max(axis=1) > 0).all()


def test_report_says_what_was_not_measured_and_why():
    machine = {"cpu": "X", "cpus": 2, "system": "Linux", "python": "3", "load": 0.0, "gflops": 100.0}
    text = report.tables({"machine": machine, "voices": {"demo": _voice(), "full": {"skipped": "make setup-build"}}})
    assert "0.150 (0.100)" in text and "not measured: no torch here" in text and "not measured: make setup-build" in text


def test_a_worker_that_fails_says_why():
    with pytest.raises(Unmeasured, match="nowhere"):
        worker("memory", "/nowhere", "10")


@pytest.mark.skipif(not (voices_folder() / "demo").is_dir(), reason="no demo voice is built")
def test_measures_a_voice_in_its_own_process():
    found = worker("memory", voices_folder() / "demo", "10")
    assert found["seconds"] > 1 and found["mb"] > 20


def _answer(status: int, report_line: str) -> dict:
    payload = json.dumps({"statusCode": status}).encode()
    body = StreamingBody(io.BytesIO(payload), len(payload))
    return {"StatusCode": 200, "Payload": body, "LogResult": b64encode(f"START\n{report_line}\n".encode()).decode()}


def test_measures_a_deployed_function():
    client = boto3.client("lambda", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    warm = "REPORT RequestId: 1\tDuration: 210.11 ms\tBilled Duration: 211 ms\tMemory Size: 1536 MB\tMax Memory Used: 240 MB"
    lines = [f"{warm}\tInit Duration: 905.00 ms", warm, warm, warm]
    with Stubber(client) as stub:
        for status, line in zip((200, 200, 500, 200), lines, strict=True):
            stub.add_response("invoke", _answer(status, line), {"FunctionName": "f", "LogType": "Tail", "Payload": ANY})
        found = function.measure(client, "f", 3)
    assert (found["errors"], found["cold_starts_ms"], found["billed_ms"], found["memory_mb"]) == (1, [905.0], 211, 240)
    assert found["p50"] == found["p99"]
    assert "905 ms" in report.function_table(found)
