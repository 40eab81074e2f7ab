"""The function as Lambda runs it: real emulator, real runtime client, real S3, the demo voice, and real events.

The events are what `sam local generate-event` (aws-sam-cli 1.170.0) prints, with the path, headers and body of our API.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.lambda_local import EmulatorMissing, LambdaFunction, emulator_path

EVENTS = Path(__file__).parent / "events"


@pytest.fixture(scope="session")
def environment(s3, demo) -> dict[str, str]:
    """The function's environment variables: what serverless.yml sets, and where the S3 is."""
    return {**s3.environment(), "SAMBERT_BUCKET": "sambert-test", "SAMBERT_VOICE": demo, "SAMBERT_MAX_TEXT": "200"}


@pytest.fixture(scope="session")
def start_function(environment, tmp_path_factory) -> Iterator[Callable[..., LambdaFunction]]:
    """start_function(slots=1, NAME="value", …) → a running function; SAMBERT_ is put before each name."""
    pytest.importorskip("awslambdaric", reason="awslambdaric is not in this environment")
    try:
        emulator_path()
    except EmulatorMissing as missing:
        pytest.skip(str(missing))
    running: list[LambdaFunction] = []

    def start(slots: int = 1, **chosen: str) -> LambdaFunction:
        env = {**environment, **{f"SAMBERT_{name}": value for name, value in chosen.items()}}
        running.append(LambdaFunction("functions.http.handler.handler", env, tmp_path_factory.mktemp("lambda"), slots=slots))
        return running[-1]

    yield start
    for function in running:
        function.close()


@pytest.fixture(scope="session")
def function(start_function, event) -> LambdaFunction:
    started = start_function(slots=2)
    started.invoke(event("schedule"))  # one that cannot start is to fail here, once, and not in every test
    return started


@pytest.fixture(scope="session")
def event() -> Callable[..., dict[str, Any]]:
    """event("http_api", text="…", …): a golden event, its body replaced by the fields if there are any."""

    def read(name: str, **body: Any) -> dict[str, Any]:
        found = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
        if body:
            found["body"] = json.dumps(body, ensure_ascii=False)
        return found

    return read
