"""Shared parts of the tests, all real: a SeaweedFS on free ports, the demo voice, the API on a real socket."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

BUCKET = "sambert-test"


@pytest.fixture(scope="session")
def free_block() -> Callable[[], int]:
    """free_block() → first of the ports that a SeaweedFS can have; random, so that test runs side by side do not meet."""

    def find() -> int:
        from infra.local.seaweed import ports_of, taken

        starts = list(range(18000, 18990, 10))
        random.shuffle(starts)
        return next(start for start in starts if not taken(ports_of(start)))

    return find


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory, free_block: Callable[[], int]):
    """A running S3 with the private bucket BUCKET, prepared as `make serve` does it."""
    seaweed = pytest.importorskip("infra.local.seaweed", reason="boto3 is not in this environment")
    server = seaweed.Seaweed(tmp_path_factory.mktemp("s3"), free_block())
    try:
        server.start()
    except seaweed.SeaweedError as error:
        if "not installed" in str(error):
            pytest.skip(str(error))
        raise
    server.prepare(BUCKET, 7)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def demo() -> str:
    """The name of the demo voice, if this checkout has it."""
    from sambert.voices import list_voices

    if "demo" not in list_voices():
        pytest.skip("this checkout has no voice named demo")
    return "demo"


@pytest.fixture(scope="session")
def voice(demo: str):
    """The demo voice, loaded once for all."""
    from sambert import load_voice

    return load_voice(demo)


@pytest.fixture(scope="session")
def start_api(s3, demo) -> Iterator[Callable]:
    """start_api(NAME="value", …) → base URL of a new API on a real socket; SAMBERT_ is put before each name."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in s3.environment().items():
            patch.setenv(name, value)
        stops = []

        def start(**chosen: str) -> str:
            names = {"BUCKET": BUCKET, "SLOTS": "2", "S3_ENDPOINT": s3.endpoint, **chosen}
            context = _api({f"SAMBERT_{name}": value for name, value in names.items()})
            stops.append(context)
            return context.__enter__()

        yield start
        for context in reversed(stops):
            context.__exit__(None, None, None)


@contextmanager
def _api(environment: dict[str, str]) -> Iterator[str]:
    import uvicorn

    from functions.http.app import create_app
    from functions.http.service import Service
    from functions.http.settings import Settings

    app = create_app(Service(Settings.from_env(environment)))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def api(start_api) -> str:
    """The base URL of an API with usual settings."""
    return start_api()
